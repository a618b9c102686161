package dev.galen.train.run;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.galen.model.hf.JsonFields;
import dev.galen.train.AverageConfig;
import dev.galen.train.TrainingConfig;
import java.util.List;

/** The average of weights in a run's JSON: its decay, and what it begins with. */
final class AverageJson {
  static final List<String> NAMES = List.of("ema", "emaStart");

  private AverageJson() {}

  static void read(TrainingConfig.Builder builder, JsonFields json) {
    builder.average(
        new AverageConfig(
            json.number("ema").orElse(0),
            json.has("emaStart")
                ? TrainingJson.named(json, "emaStart", AverageConfig.Start.values())
                : AverageConfig.Start.FIRST_UPDATE));
  }

  static void write(ObjectNode json, TrainingConfig config) {
    AverageConfig average = config.optimizer().average();
    if (average.isKept()) {
      json.put("ema", average.decay()).put("emaStart", TrainingJson.word(average.start()));
    }
  }
}
