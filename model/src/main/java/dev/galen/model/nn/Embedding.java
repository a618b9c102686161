package dev.galen.model.nn;

import dev.galen.tensor.Shape;
import dev.galen.tensor.Tensor;

/** A table of vectors by id. */
public final class Embedding extends MatrixLayer {
  /** {@code count} vectors of {@code size}. */
  public Embedding(int count, int size, Initializer initializer, Weights weights) {
    super(Shape.of(count, size), true, false, initializer, weights);
  }

  /** I32 {@code [...]} to {@code [..., size]}. */
  public Tensor forward(Tensor ids) {
    return output(current().rows(ids));
  }

  /** The table {@code [count, size]}: what a tied head multiplies with. */
  public Weight weight() {
    return shared();
  }
}
