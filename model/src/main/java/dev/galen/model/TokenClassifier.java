package dev.galen.model;

import dev.galen.tensor.Tensor;
import java.util.Optional;

/** A model that names each token's class: HuggingFace's {@code AutoModelForTokenClassification}. */
public abstract class TokenClassifier extends Model {
  /**
   * Logits of the classes of each token.
   *
   * @return {@code [B, T, classes]}; those at padding mean nothing
   */
  public abstract Tensor logits(Inputs inputs);

  /** The classes, by index. */
  public abstract ClassNames classes();

  @Override
  public final Optional<ClassNames> labelClasses() {
    return Optional.of(classes());
  }

  /** Cross-entropy of the right classes; labels are {@code [B, T]}, not shifted. */
  @Override
  public Tensor loss(Inputs inputs, double divisor) {
    return crossEntropy(logits(inputs), inputs.labels(), divisor);
  }
}
