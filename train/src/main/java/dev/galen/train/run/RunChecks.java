package dev.galen.train.run;

import dev.galen.train.DataConfig;
import java.io.IOException;

/** What no run can use, refused by the setting's name. */
final class RunChecks {
  private RunChecks() {}

  /** The greatest length of a sequence: what is wanted, or the model's context. */
  static int length(FineTuningSpec spec, SettingNames names) throws IOException {
    int context = RunModel.shape(spec.model(), names).contextLength();
    Integer wanted = spec.data().length();
    if (context < 2) {
      throw new IllegalArgumentException(
          "%s: n_positions is %d in its config; a context of one token predicts nothing"
              .formatted(spec.model().name(), context));
    }
    if (wanted != null && (wanted < 2 || wanted > context)) {
      throw new IllegalArgumentException(
          "%s is %d, must be 2 to the model's context of %d"
              .formatted(names.of("length"), wanted, context));
    }
    return wanted == null ? context : wanted;
  }

  /** An update that accumulates never reaches over the end of a pass. */
  static void requireOnePass(DataConfig data, int sequences, SettingNames names) {
    int batches = Math.ceilDiv(sequences, data.batchSize());
    if (data.accumulate() > batches) {
      throw new IllegalArgumentException(
          "%s is %d, must be at most %d: one pass over the data has %d batches of %d"
              .formatted(
                  names.of("accumulate"), data.accumulate(), batches, batches, data.batchSize()));
    }
  }
}
