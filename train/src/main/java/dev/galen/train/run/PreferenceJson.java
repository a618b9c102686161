package dev.galen.train.run;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.galen.model.hf.JsonFields;
import dev.galen.train.PreferenceConfig;
import dev.galen.train.TrainingConfig;
import dev.galen.train.preference.PreferenceLoss.Kind;
import java.util.List;

/** What preferences are learned by, in a run's JSON. */
final class PreferenceJson {
  static final List<String> NAMES = List.of("preferenceLoss", "beta");

  private PreferenceJson() {}

  static void read(TrainingConfig.Builder builder, JsonFields json) {
    PreferenceConfig usual = PreferenceConfig.DPO;
    builder.preference(
        new PreferenceConfig(
            Kind.named(json.text("preferenceLoss", usual.kind().word())),
            json.number("beta", usual.beta())));
  }

  static void write(ObjectNode json, TrainingConfig config) {
    PreferenceConfig preference = config.loss().preference();
    if (!preference.equals(PreferenceConfig.DPO)) {
      json.put("preferenceLoss", preference.kind().word()).put("beta", preference.beta());
    }
  }
}
