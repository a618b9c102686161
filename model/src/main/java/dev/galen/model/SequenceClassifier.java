package dev.galen.model;

import dev.galen.tensor.DType;
import dev.galen.tensor.Tensor;
import java.util.Optional;

/** A model that names a text's class: HuggingFace's {@code AutoModelForSequenceClassification}. */
public abstract class SequenceClassifier extends Model {
  private ProblemType learned;

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
        : ClassifierLoss.of(problemType(), logits(inputs), inputs.labels(), divisor);
  }
}
