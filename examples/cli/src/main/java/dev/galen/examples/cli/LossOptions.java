package dev.galen.examples.cli;

import dev.galen.train.ClassWeights;
import dev.galen.train.PreferenceConfig;
import dev.galen.train.TrainingConfig;
import dev.galen.train.preference.PreferenceLoss.Kind;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import picocli.CommandLine.Option;

/** What {@code finetune} and {@code train} learn by beyond the labels. What is not given is null. */
final class LossOptions {
  @Option(
      names = "--label-smoothing",
      paramLabel = "X",
      description =
          "Share of a label's probability that all classes divide while training, 0 to below 1"
              + " (default 0).")
  Double labelSmoothing;

  @Option(
      names = "--preference-loss",
      paramLabel = "NAME",
      description =
          "With --task preference (default sigmoid, which is DPO): robust, hinge, ipo, exo_pair,"
              + " nca_pair, apo_zero, apo_down or sigmoid_norm, as TRL names them. With sigmoid,"
              + " robust and exo_pair --label-smoothing is how likely a pair is the wrong way round.")
  String preferenceLoss;

  @Option(
      names = "--beta",
      paramLabel = "X",
      description = "How strongly the model is held near the one it began as (default 0.1).")
  Double beta;

  @Option(
      names = "--class-weights",
      paramLabel = "LIST",
      description =
          "How much labels of each class count while a classifier or a tagger learns: a number for"
              + " each, such as 1,2.5,1, or balanced, by how rare each is (default: all the same).")
  String classWeights;

  /** Sets what was given. */
  void apply(TrainingConfig.Builder defaults) {
    if (labelSmoothing != null) {
      defaults.labelSmoothing(labelSmoothing);
    }
    if (preferenceLoss != null || beta != null) {
      PreferenceConfig usual = PreferenceConfig.DPO;
      defaults.preference(
          new PreferenceConfig(
              preferenceLoss == null ? usual.kind() : Kind.named(preferenceLoss),
              beta == null ? usual.beta() : beta));
    }
    if (classWeights != null) {
      defaults.classWeights(ClassWeights.parse(classWeights));
    }
  }

  /** What was given, by option. */
  SequencedMap<String, Object> words() {
    var words = new LinkedHashMap<String, Object>();
    words.put("--label-smoothing", labelSmoothing);
    words.put("--class-weights", classWeights);
    words.put("--preference-loss", preferenceLoss);
    words.put("--beta", beta);
    return words;
  }
}
