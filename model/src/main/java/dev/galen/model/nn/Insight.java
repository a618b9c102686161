package dev.galen.model.nn;

import dev.galen.tensor.Tensor;

/** Sees what layers compute inside, while they do. What it is given lives as long as their step. */
public interface Insight {
  /**
   * A state of a stack of blocks: what goes into its first block, what comes out of each but the
   * last, and what comes out of the stack, normalised where it does so.
   *
   * @param layer the stack
   * @param x_BTC {@code [B, T, C]}
   */
  void hidden(Layer layer, Tensor x_BTC);

  /** Whether attention weights are worth computing. */
  boolean wantsAttentions();

  /**
   * How much a layer's queries look at each key, before dropout.
   *
   * @param layer the one that attends
   * @param weights F32 {@code [B, H, Tq, Tk]}, each row summing up to 1
   */
  void attention(Layer layer, Tensor weights);
}
