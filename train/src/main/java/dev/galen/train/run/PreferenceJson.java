package dev.galen.train.run;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.galen.model.hf.JsonFields;
import dev.galen.train.PreferenceConfig;
import dev.galen.train.TrainingConfig;
import java.util.List;

/** What preferences are learned by, in a run's JSON. */
final class PreferenceJson {
  private static final String LOSS = "preferenceLoss";
  private static final String WEIGHTS = "preferenceWeights";
  private static final String TAU = "discopopTau";
  static final List<String> NAMES = List.of(LOSS, WEIGHTS, "beta", TAU);

  private PreferenceJson() {}

  static void read(TrainingConfig.Builder builder, JsonFields json) {
    PreferenceConfig usual = PreferenceConfig.DPO;
    builder.preference(
        new PreferenceConfig(
            PreferenceConfig.kinds(json.text(LOSS, usual.words())),
            json.numbers(WEIGHTS),
            json.number("beta", usual.beta()),
            json.number(TAU, usual.tau())));
  }

  static void write(ObjectNode json, TrainingConfig config) {
    PreferenceConfig preference = config.loss().preference();
    if (preference.equals(PreferenceConfig.DPO)) {
      return;
    }
    json.put(LOSS, preference.words()).put("beta", preference.beta());
    if (!preference.weights().isEmpty()) {
      preference.weights().forEach(json.putArray(WEIGHTS)::add);
    }
    if (preference.tau() != PreferenceConfig.DPO.tau()) {
      json.put(TAU, preference.tau());
    }
  }
}
