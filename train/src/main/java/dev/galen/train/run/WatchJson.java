package dev.galen.train.run;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.galen.model.hf.JsonFields;
import java.util.List;

/** The section {@code watch} of a run's JSON. */
final class WatchJson {
  static final List<String> ALL =
      List.of("csv", "tensorBoard", "histogramsEvery", "samplePrompts", "peakTflops");

  private WatchJson() {}

  static Watching read(JsonFields json) {
    return new Watching(
        json.flag("csv", false),
        json.flag("tensorBoard", false),
        json.has("histogramsEvery") ? TrainingJson.whole(json, "histogramsEvery") : 0,
        json.has("samplePrompts") ? json.texts("samplePrompts") : List.of(),
        json.number("peakTflops", 0));
  }

  static void write(Watching watching, ObjectNode json) {
    json.put("csv", watching.csv());
    json.put("tensorBoard", watching.tensorBoard());
    if (watching.histogramsEvery() > 0) {
      json.put("histogramsEvery", watching.histogramsEvery());
    }
    if (!watching.samplePrompts().isEmpty()) {
      watching.samplePrompts().forEach(json.putArray("samplePrompts")::add);
    }
    if (watching.peakTflops() > 0) {
      json.put("peakTflops", watching.peakTflops());
    }
  }
}
