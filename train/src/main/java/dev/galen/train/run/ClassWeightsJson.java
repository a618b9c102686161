package dev.galen.train.run;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.galen.model.hf.JsonFields;
import dev.galen.train.ClassWeights;
import dev.galen.train.TrainingConfig;

/** Class weights in a run's JSON: {@code "balanced"}, or a list of numbers. */
final class ClassWeightsJson {
  static final String FIELD = "classWeights";
  static final String POSITIVE = "positiveWeights";

  private ClassWeightsJson() {}

  static void read(TrainingConfig.Builder builder, JsonFields json) {
    builder.classWeights(weights(FIELD, json));
  }

  static void readPositive(TrainingConfig.Builder builder, JsonFields json) {
    builder.positiveWeights(weights(POSITIVE, json));
  }

  private static ClassWeights weights(String field, JsonFields json) {
    return json.json().get(field).isTextual()
        ? ClassWeights.parse(json.text(field, ""))
        : new ClassWeights(json.numbers(field), false);
  }

  static void write(ObjectNode json, TrainingConfig config) {
    write(json, FIELD, config.loss().classWeights());
  }

  static void writePositive(ObjectNode json, TrainingConfig config) {
    write(json, POSITIVE, config.loss().positiveWeights());
  }

  private static void write(ObjectNode json, String field, ClassWeights weights) {
    if (weights.balanced()) {
      json.put(field, weights.text());
    } else if (!weights.areNone()) {
      weights.values().forEach(json.putArray(field)::add);
    }
  }
}
