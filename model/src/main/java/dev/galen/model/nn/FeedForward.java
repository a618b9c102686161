package dev.galen.model.nn;

import dev.galen.model.nn.Weight.Dense;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.backend.Unary;
import dev.galen.tensor.ops.FeedForwardOp;

/** The feed-forward part of a transformer block: a layer that widens, f, and one that narrows. */
public final class FeedForward {
  private FeedForward() {}

  /**
   * {@code narrow(f(widen(x)))}, in one operation where both are parameters that lie alike and what
   * is between them has no observer.
   *
   * @param x {@code [..., in]}
   * @return {@code [..., out]}
   */
  public static Tensor of(Tensor x, Projection widen, Unary f, Projection narrow) {
    return widen.weight() instanceof Dense first
            && narrow.weight() instanceof Dense second
            && first.outputFirst() == second.outputFirst()
            && !widen.isObserved()
            && !narrow.isObserved()
        ? FeedForwardOp.apply(
            x, first.tensor(), widen.bias(), f, second.tensor(), narrow.bias(), first.outputFirst())
        : narrow.forward(widen.forward(x).map(f));
  }
}
