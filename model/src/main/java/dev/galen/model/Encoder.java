package dev.galen.model;

import dev.galen.tensor.Tensor;

/**
 * A model that gives each token a vector that knows of the others, or of those before it:
 * HuggingFace's {@code AutoModel}. It has no loss of its own; heads stand on it.
 */
public abstract class Encoder extends Model {
  /**
   * The hidden states behind the last layer.
   *
   * @return {@code [B, T, C]}; those at padding mean nothing
   */
  public abstract Tensor hiddenStates(Inputs inputs);

  @Override
  public Tensor loss(Inputs inputs, double divisor) {
    throw new UnsupportedOperationException(
        "an encoder has no loss of its own; load it as a language model or a classifier to train"
            + " it");
  }
}
