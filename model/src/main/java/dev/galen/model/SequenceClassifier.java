package dev.galen.model;

import dev.galen.tensor.Tensor;
import dev.galen.tensor.ops.CrossEntropyOp;

/** A model that names a text's class: HuggingFace's {@code AutoModelForSequenceClassification}. */
public abstract class SequenceClassifier extends Model {
  /**
   * Logits of the classes.
   *
   * @return {@code [B, classes]}
   */
  public abstract Tensor logits(Inputs inputs);

  /** The classes, by index. */
  public abstract ClassNames classes();

  /** Cross-entropy of the right classes; labels are {@code [B]}. */
  @Override
  public Tensor loss(Inputs inputs, double divisor) {
    return CrossEntropyOp.apply(logits(inputs), inputs.labels(), divisor);
  }
}
