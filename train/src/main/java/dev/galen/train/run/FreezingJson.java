package dev.galen.train.run;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.galen.model.hf.JsonFields;
import dev.galen.train.FreezingConfig;
import dev.galen.train.TrainingConfig;
import java.util.List;

/** What is not trained, or not yet, in a run's JSON. */
final class FreezingJson {
  static final List<String> NAMES = List.of("freeze", "unfreezeEvery");

  private FreezingJson() {}

  static void read(TrainingConfig.Builder builder, JsonFields json) {
    builder.freezing(
        new FreezingConfig(
            json.has("freeze") ? json.texts("freeze") : List.of(),
            json.has("unfreezeEvery") ? TrainingJson.whole(json, "unfreezeEvery") : 0));
  }

  static void write(ObjectNode json, TrainingConfig config) {
    FreezingConfig freezing = config.optimizer().freezing();
    if (!freezing.patterns().isEmpty()) {
      freezing.patterns().forEach(json.putArray("freeze")::add);
    }
    if (freezing.unfreezeEvery() > 0) {
      json.put("unfreezeEvery", freezing.unfreezeEvery());
    }
  }
}
