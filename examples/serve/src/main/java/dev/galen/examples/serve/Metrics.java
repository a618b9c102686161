package dev.galen.examples.serve;

import dev.galen.model.engine.EndReason;
import dev.galen.model.engine.EngineFigures;
import java.util.Locale;

/** The engine's figures in Prometheus' text form. */
final class Metrics {
  private Metrics() {}

  static String text(EngineFigures figures) {
    var text = new StringBuilder();
    add(text, "galen_running_texts", "gauge", "Texts that are made now.", figures.running());
    add(text, "galen_waiting_requests", "gauge", "Requests that wait.", figures.waiting());
    add(text, "galen_kv_bytes", "gauge", "Keys and values held.", figures.kvBytesUsed());
    add(text, "galen_kv_budget_bytes", "gauge", "The most of them.", figures.kvBytes());
    add(text, "galen_prompt_tokens_total", "counter", "Computed.", figures.promptTokens());
    add(text, "galen_cached_tokens_total", "counter", "Shared.", figures.cachedTokens());
    add(text, "galen_new_tokens_total", "counter", "Made.", figures.newTokens());
    add(text, "galen_preemptions_total", "counter", "Texts put off.", figures.preemptions());
    add(text, "galen_refused_total", "counter", "Too many waited.", figures.refused());
    add(text, "galen_steps_total", "counter", "Steps of the model.", figures.steps());
    text.append("# HELP galen_ended_total Texts by how they ended.\n");
    text.append("# TYPE galen_ended_total counter\n");
    for (EndReason reason : EndReason.values()) {
      String label = reason.name().toLowerCase(Locale.ROOT);
      text.append("galen_ended_total{reason=\"").append(label).append("\"} ");
      text.append(figures.ended(reason)).append('\n');
    }
    return text.toString();
  }

  private static void add(StringBuilder text, String name, String type, String help, long value) {
    text.append("# HELP ").append(name).append(' ').append(help).append('\n');
    text.append("# TYPE ").append(name).append(' ').append(type).append('\n');
    text.append(name).append(' ').append(value).append('\n');
  }
}
