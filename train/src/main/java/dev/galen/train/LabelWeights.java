package dev.galen.train;

import dev.galen.model.ClassNames;
import dev.galen.model.Model;
import dev.galen.model.ProblemType;
import dev.galen.model.SequenceClassifier;
import dev.galen.tensor.DType;
import dev.galen.train.data.Batch;
import dev.galen.train.data.Collator;
import dev.galen.train.data.TokenSequence;
import dev.galen.train.data.TokenSequences;
import java.util.Arrays;
import java.util.List;

/** What an update's loss is divided by: its labels, or the weights of their classes. */
final class LabelWeights {
  private static final double[] ANY = {1}; // for the model to say whether it can have some

  private final double[] weights; // one for each class; empty where each label counts as one

  private LabelWeights(double[] weights) {
    this.weights = weights;
  }

  /**
   * Those that the config asks for, which the model has from now on, too.
   *
   * @throws IllegalArgumentException if the model or the data have no such classes
   */
  static LabelWeights of(LossConfig loss, Model model, Collator collator, TokenSequences data) {
    setPositive(loss.positiveWeights(), model, data);
    ClassWeights wanted = loss.classWeights();
    if (isOfSeveralLabels(model)) {
      return ofSeveralLabels(wanted, (SequenceClassifier) model);
    }
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

  private static boolean isOfSeveralLabels(Model model) {
    return model instanceof SequenceClassifier texts
        && texts.classes().problem() == ProblemType.MULTI_LABEL;
  }

  /** Torch's mean of several labels a text does not divide by their weights. */
  private static LabelWeights ofSeveralLabels(ClassWeights wanted, SequenceClassifier model) {
    if (wanted.balanced()) {
      throw new IllegalArgumentException(
          "class weights are balanced, which is for texts of one class each; give numbers, or"
              + " balanced positive weights");
    }
    model.setClassWeights();
    model.setLabelWeights(wanted.values().stream().mapToDouble(Double::doubleValue).toArray());
    return new LabelWeights(new double[0]);
  }

  private static void setPositive(ClassWeights wanted, Model model, TokenSequences data) {
    double[] weights = wanted.values().stream().mapToDouble(Double::doubleValue).toArray();
    if (model instanceof SequenceClassifier texts) {
      boolean counts = wanted.balanced() && isOfSeveralLabels(model);
      texts.setPositiveWeights(
          counts ? lacksOverHolds(data, texts.classes()) : wanted.balanced() ? ANY : weights);
    } else if (!wanted.areNone()) {
      throw new IllegalArgumentException(
          "positive weights are for a classifier of texts, which %s is not; leave them out"
              .formatted(model.getClass().getSimpleName()));
    }
  }

  /** {@code (n - n[k]) / n[k]} of n texts. */
  private static double[] lacksOverHolds(TokenSequences data, ClassNames classes) {
    var holds = new double[classes.count()];
    for (TokenSequence sequence : data) {
      for (int k = 0; k < holds.length; k++) {
        holds[k] += Float.intBitsToFloat(sequence.labels()[k]);
      }
    }
    for (int k = 0; k < holds.length; k++) {
      if (!(holds[k] > 0 && holds[k] < data.size())) {
        throw new IllegalArgumentException(
            "positive weights are balanced, but %s training texts have the label %s; give numbers"
                .formatted(holds[k] > 0 ? "all" : "no", classes.names().get(k)));
      }
      holds[k] = (data.size() - holds[k]) / holds[k];
    }
    return holds;
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
