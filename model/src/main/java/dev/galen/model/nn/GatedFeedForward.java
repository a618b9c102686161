package dev.galen.model.nn;

import dev.galen.tensor.Tensor;
import dev.galen.tensor.backend.Unary;

/**
 * The gated feed-forward part of a transformer block (Shazeer 2020, arXiv 2002.05202): {@code
 * down(f(gate(x)) up(x))}, SwiGLU where f is SiLU, GEGLU where it is GELU.
 */
public final class GatedFeedForward {
  private GatedFeedForward() {}

  /**
   * {@code down(f(gate(x)) up(x))}.
   *
   * @param x {@code [..., in]}
   * @param gate to the inner channels
   * @param up as gate
   * @param down from there
   * @return {@code [..., out]}
   */
  public static Tensor of(Tensor x, Projection gate, Unary f, Projection up, Projection down) {
    return down.forward(gate.forward(x).map(f).mul(up.forward(x)));
  }
}
