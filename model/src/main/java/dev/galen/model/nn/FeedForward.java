package dev.galen.model.nn;

import dev.galen.tensor.Tensor;
import dev.galen.tensor.backend.Unary;

/** The feed-forward part of a transformer block: a layer that widens, f, and one that narrows. */
public final class FeedForward {
  private FeedForward() {}

  /**
   * {@code narrow(f(widen(x)))}, in one operation where both are parameters and nobody observes
   * what is between them.
   *
   * @param x {@code [..., in]}
   * @return {@code [..., out]}
   */
  public static Tensor of(Tensor x, Conv1D widen, Unary f, Conv1D narrow) {
    boolean isOne =
        widen.weight().isParameter()
            && narrow.weight().isParameter()
            && !widen.isObserved()
            && !narrow.isObserved();
    return isOne
        ? widen.weight().feedForward(x, widen.bias(), f, narrow.weight(), narrow.bias())
        : narrow.forward(widen.forward(x).map(f));
  }
}
