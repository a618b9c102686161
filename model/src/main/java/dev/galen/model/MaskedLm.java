package dev.galen.model;

import dev.galen.tensor.Tensor;

/** A model that fills in masked tokens: HuggingFace's {@code AutoModelForMaskedLM}. */
public abstract class MaskedLm extends Model {
  /**
   * Logits of the token at each position.
   *
   * @return {@code [B, T, V]}; those at padding mean nothing
   */
  public abstract Tensor logits(Inputs inputs);

  /** Cross-entropy of the masked tokens; labels are {@code [B, T]}, not shifted. */
  @Override
  public Tensor loss(Inputs inputs, double divisor) {
    return crossEntropy(logits(inputs), inputs.labels(), divisor);
  }
}
