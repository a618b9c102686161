package dev.galen.examples.cli;

import dev.galen.train.ClassWeights;
import dev.galen.train.PreferenceConfig;
import dev.galen.train.TrainingConfig;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import picocli.CommandLine.Option;

/**
 * What {@code finetune} and {@code train} learn by beyond the labels. What is not given is null.
 */
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
      paramLabel = "LIST",
      split = ",",
      description =
          "With --task preference (default sigmoid, which is DPO), as TRL names them: robust, hinge,"
              + " ipo, exo_pair, nca_pair, bco_pair, sppo_hard, aot, aot_unpaired, apo_zero, apo_down,"
              + " discopop, sigmoid_norm, sft or orpo, which needs no reference; the sum of several"
              + " with commas between them. With sigmoid, robust, exo_pair and aot --label-smoothing"
              + " is how likely a pair is the wrong way round.")
  List<String> preferenceLoss;

  @Option(
      names = "--preference-weights",
      paramLabel = "LIST",
      split = ",",
      description = "How much each --preference-loss counts in their sum (default 1 each).")
  List<Double> preferenceWeights;

  @Option(
      names = "--discopop-tau",
      paramLabel = "X",
      description = "With --preference-loss discopop (default 0.05).")
  Double discopopTau;

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

  @Option(
      names = "--positive-weights",
      paramLabel = "LIST",
      description =
          "How much a label that holds counts while a classifier of several labels a text learns: a"
              + " number for each class, or balanced, by how few texts have it (default 1 each).")
  String positiveWeights;

  /** Sets what was given. */
  void apply(TrainingConfig.Builder defaults) {
    if (labelSmoothing != null) {
      defaults.labelSmoothing(labelSmoothing);
    }
    if (preferenceLoss != null
        || preferenceWeights != null
        || beta != null
        || discopopTau != null) {
      PreferenceConfig usual = PreferenceConfig.DPO;
      defaults.preference(
          new PreferenceConfig(
              preferenceLoss == null
                  ? usual.kinds()
                  : PreferenceConfig.kinds(String.join(",", preferenceLoss)),
              preferenceWeights == null ? usual.weights() : preferenceWeights,
              beta == null ? usual.beta() : beta,
              discopopTau == null ? usual.tau() : discopopTau));
    }
    if (classWeights != null) {
      defaults.classWeights(ClassWeights.parse(classWeights));
    }
    if (positiveWeights != null) {
      defaults.positiveWeights(ClassWeights.parse(positiveWeights));
    }
  }

  /** What was given, by option. */
  SequencedMap<String, Object> words() {
    var words = new LinkedHashMap<String, Object>();
    words.put("--label-smoothing", labelSmoothing);
    words.put("--class-weights", classWeights);
    words.put("--positive-weights", positiveWeights);
    words.put("--preference-loss", joined(preferenceLoss));
    words.put("--preference-weights", joined(preferenceWeights));
    words.put("--discopop-tau", discopopTau);
    words.put("--beta", beta);
    return words;
  }

  private static String joined(List<?> values) {
    return values == null ? null : String.join(",", values.stream().map(String::valueOf).toList());
  }
}
