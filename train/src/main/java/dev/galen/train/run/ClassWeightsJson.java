package dev.galen.train.run;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.galen.model.hf.JsonFields;
import dev.galen.train.ClassWeights;
import dev.galen.train.TrainingConfig;

/** Class weights in a run's JSON: {@code "balanced"}, or a list of numbers. */
final class ClassWeightsJson {
  static final String FIELD = "classWeights";

  private ClassWeightsJson() {}

  static void read(TrainingConfig.Builder builder, JsonFields json) {
    if (json.json().get(FIELD).isTextual()) {
      builder.classWeights(ClassWeights.parse(json.text(FIELD, "")));
    } else {
      builder.classWeights(new ClassWeights(json.numbers(FIELD), false));
    }
  }

  static void write(ObjectNode json, TrainingConfig config) {
    ClassWeights weights = config.loss().classWeights();
    if (weights.balanced()) {
      json.put(FIELD, weights.text());
    } else if (!weights.areNone()) {
      weights.values().forEach(json.putArray(FIELD)::add);
    }
  }
}
