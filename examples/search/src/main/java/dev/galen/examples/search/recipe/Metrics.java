package dev.galen.examples.search.recipe;

import dev.galen.train.run.FineTuningResult;
import dev.galen.train.task.Task;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a search can be after: {@code loss} and {@code perplexity} of the validation data at the end
 * of a run, and the figures of its task, such as {@code accuracy}, {@code macroF1} or {@code
 * rougeL}. {@code eval_} in front of a name changes nothing; {@code validationLoss} is the loss.
 */
public final class Metrics {
  /** The mean over all labels that count, in nats. */
  public static final String LOSS = "loss";

  private static final String PERPLEXITY = "perplexity";

  private Metrics() {}

  /** The plain name. */
  static String canonical(String metric) {
    String name = metric.replaceFirst("^eval_", "");
    return switch (name) {
      case "validationLoss" -> LOSS;
      case "validationPerplexity" -> PERPLEXITY;
      default -> name;
    };
  }

  /**
   * Refuses a metric that a run of a task will not have.
   *
   * @throws IllegalArgumentException naming those it has
   */
  static void require(String metric, Task<?> task) {
    var known = new ArrayList<>(List.of(LOSS, PERPLEXITY));
    if (task.figures().isEmpty()) {
      return; // of another jar, which does not say
    }
    known.addAll(task.figures().get());
    if (!known.contains(canonical(metric))) {
      throw new IllegalArgumentException(
          "the metric is %s, must be one of %s for the task %s"
              .formatted(metric, String.join(", ", known), task.name()));
    }
  }

  /** All that a run measured. */
  static Map<String, Double> of(FineTuningResult result) {
    var figures = new LinkedHashMap<String, Double>();
    result
        .after()
        .ifPresent(
            after -> {
              figures.put(LOSS, after.loss());
              figures.put(PERPLEXITY, after.perplexity());
            });
    result
        .task()
        .ifPresent(task -> task.figures().forEach((name, v) -> figures.put(name, v.doubleValue())));
    return figures;
  }
}
