package dev.galen.model;

import dev.galen.tensor.DType;
import dev.galen.tensor.Tensor;
import java.util.Optional;

/** A model that names a text's class: HuggingFace's {@code AutoModelForSequenceClassification}. */
public abstract class SequenceClassifier extends Model {
  private ProblemType learned;
  private Tensor labelWeights_1K;
  private Tensor positiveWeights_1K;

  /**
   * Logits of the classes.
   *
   * @return {@code [B, classes]}
   */
  public abstract Tensor logits(Inputs inputs);

  /** The classes, by index. */
  public abstract ClassNames classes();

  /**
   * What it predicts: as its config says or, where that says nothing, as the labels of the last
   * loss did. Null until either does.
   */
  public final ProblemType problemType() {
    return classes().problem() != null ? classes().problem() : learned;
  }

  @Override
  public final Optional<ClassNames> labelClasses() {
    ProblemType problem = classes().problem();
    boolean single = problem == null ? classes().count() > 1 : problem == ProblemType.SINGLE_LABEL;
    return single ? Optional.of(classes()) : Optional.empty();
  }

  /**
   * Makes some labels count more than others while training, where a text may have several: the
   * {@code weight} of torch's {@code BCEWithLogitsLoss}, by which its mean does not divide. A loss
   * that is measured stays that of the labels.
   *
   * @param weights one for each class, at least 0 and not all 0; none, the default, for 1 each
   * @throws IllegalArgumentException if texts have one class each or numbers, or other classes
   */
  public final void setLabelWeights(double... weights) {
    labelWeights_1K = ofLabels("label", weights);
  }

  /**
   * The same for labels that hold beside those that do not: its {@code pos_weight}.
   *
   * @param weights one for each class, above 0; none, the default, for 1 each
   * @throws IllegalArgumentException if texts have one class each or numbers, or other classes
   */
  public final void setPositiveWeights(double... weights) {
    for (double weight : weights) {
      if (weight == 0) {
        throw new IllegalArgumentException("a positive weight is 0, must be above 0");
      }
    }
    positiveWeights_1K = ofLabels("positive", weights);
  }

  private Tensor ofLabels(String which, double[] weights) {
    if (weights.length == 0) {
      return null;
    }
    if (classes().problem() != ProblemType.MULTI_LABEL) {
      throw new IllegalArgumentException(
          which
              + " weights are for texts of several labels each (problem_type"
              + " multi_label_classification), not for this classifier; leave them out");
    }
    WeightedLoss.require(classes(), weights);
    return WeightedLoss.of(backend(), weights).weights_1K();
  }

  /**
   * The cross-entropy of the right class of each text, I32 {@code [B]}; of several labels a text
   * the binary cross-entropy, of numbers the squared error, both as the mean over a text's classes.
   * Where the config has no {@link ProblemType}, a single output is a number, integers are classes,
   * and other labels are several a text, as transformers decides it.
   *
   * @param divisor the number of texts that count
   */
  @Override
  public Tensor loss(Inputs inputs, double divisor) {
    if (classes().problem() == null) {
      learned =
          classes().count() == 1
              ? ProblemType.REGRESSION
              : inputs.labels().dtype() == DType.I32
                  ? ProblemType.SINGLE_LABEL
                  : ProblemType.MULTI_LABEL;
    }
    if (isWeighted() && problemType() != ProblemType.SINGLE_LABEL) {
      throw new IllegalArgumentException(
          "class weights are for texts of one class each; these labels %s are numbers"
              .formatted(inputs.labels().describe()));
    }
    return problemType() == ProblemType.SINGLE_LABEL
        ? crossEntropy(logits(inputs), inputs.labels(), divisor)
        : problemType() == ProblemType.MULTI_LABEL
            ? ClassifierLoss.ofLabels(
                logits(inputs),
                inputs.labels(),
                isTraining() ? labelWeights_1K : null,
                isTraining() ? positiveWeights_1K : null,
                divisor)
            : ClassifierLoss.of(problemType(), logits(inputs), inputs.labels(), divisor);
  }
}
