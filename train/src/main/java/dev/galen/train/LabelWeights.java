package dev.galen.train;

import dev.galen.model.ClassNames;
import dev.galen.model.Model;
import dev.galen.tensor.DType;
import dev.galen.train.data.Batch;
import dev.galen.train.data.Collator;
import dev.galen.train.data.TokenSequence;
import dev.galen.train.data.TokenSequences;
import java.util.Arrays;
import java.util.List;

/** What an update's loss is divided by: its labels, or the weights of their classes. */
final class LabelWeights {
  private final double[] weights; // one for each class; empty where each label counts as one

  private LabelWeights(double[] weights) {
    this.weights = weights;
  }

  /**
   * Those that the config asks for, which the model has from now on, too.
   *
   * @throws IllegalArgumentException if the model or the data have no such classes
   */
  static LabelWeights of(ClassWeights wanted, Model model, Collator collator, TokenSequences data) {
    double[] weights = wanted.values().stream().mapToDouble(Double::doubleValue).toArray();
    if (wanted.balanced()) {
      weights = new double[model.labelClasses().map(ClassNames::count).orElse(1)];
      Arrays.fill(weights, 1); // any, for the model to say whether it can have some
    }
    model.setClassWeights(weights);
    if (weights.length > 0) {
      requireClasses(collator.collate(data.subList(0, 1)));
    }
    if (wanted.balanced()) {
      weights = balanced(data, model.labelClasses().orElseThrow());
      model.setClassWeights(weights);
    }
    return new LabelWeights(weights);
  }

  /** {@code n / (K n[k])}. */
  private static double[] balanced(TokenSequences data, ClassNames classes) {
    var counts = new double[classes.count()];
    double all = 0;
    for (TokenSequence sequence : data) {
      for (int label : sequence.labels()) {
        if (label != TokenSequence.IGNORE_INDEX) {
          counts[requireClass(label, counts.length)]++;
          all++;
        }
      }
    }
    for (int k = 0; k < counts.length; k++) {
      if (counts[k] == 0) {
        throw new IllegalArgumentException(
            "class weights are balanced, but no training label is of the class %s; give numbers"
                .formatted(classes.names().get(k)));
      }
      counts[k] = all / (counts.length * counts[k]);
    }
    return counts;
  }

  private static void requireClasses(Batch batch) {
    if (batch.form().dtype() != DType.I32) {
      throw new IllegalArgumentException(
          "class weights are for texts of one class each; these have a number for each class");
    }
  }

  private static int requireClass(int label, int classes) {
    if (label < 0 || label >= classes) {
      throw new IllegalArgumentException(
          "label %d is none of the %d classes and not %d, which is ignored"
              .formatted(label, classes, TokenSequence.IGNORE_INDEX));
    }
    return label;
  }

  /** The sum over all labels of some batches; 0 where none counts. */
  double sum(List<Batch> batches) {
    double sum = 0;
    for (Batch batch : batches) {
      sum += weights.length == 0 ? batch.tokens() : sum(batch);
    }
    return sum;
  }

  private double sum(Batch batch) {
    requireClasses(batch);
    double sum = 0;
    for (int label : batch.labels()) {
      if (label != TokenSequence.IGNORE_INDEX) {
        sum += weights[requireClass(label, weights.length)];
      }
    }
    return sum;
  }
}
