package dev.galen.model.nn;

import dev.galen.model.nn.Weight.Dense;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.backend.Unary;
import dev.galen.tensor.ops.GatedFeedForwardOp;
import dev.galen.tensor.ops.GatedOp;

/**
 * The gated feed-forward part of a transformer block (Shazeer 2020, arXiv 2002.05202): {@code
 * down(f(gate(x)) up(x))}, SwiGLU where f is SiLU, GEGLU where it is GELU.
 */
public final class GatedFeedForward {
  private GatedFeedForward() {}

  /**
   * {@code down(f(gate(x)) up(x))}, in one operation where all are parameters without biases that
   * lie alike and what is between them has no observer.
   *
   * @param x {@code [..., in]}
   * @param gate to the inner channels
   * @param up as gate
   * @param down from there
   * @return {@code [..., out]}
   */
  public static Tensor of(Tensor x, Projection gate, Unary f, Projection up, Projection down) {
    return gate.weight() instanceof Dense first
            && up.weight() instanceof Dense second
            && down.weight() instanceof Dense last
            && first.outputFirst() == second.outputFirst()
            && first.outputFirst() == last.outputFirst()
            && isBare(gate)
            && isBare(up)
            && isBare(down)
        ? GatedFeedForwardOp.apply(
            x, first.tensor(), second.tensor(), f, last.tensor(), first.outputFirst())
        : down.forward(GatedOp.apply(gate.forward(x), up.forward(x), f));
  }

  private static boolean isBare(Projection projection) {
    return projection.bias() == null && !projection.isObserved();
  }
}
