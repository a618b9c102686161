package dev.galen.model.nn;

import dev.galen.tensor.Shape;
import dev.galen.tensor.Tensor;

/** A table of vectors by id. */
public final class Embedding extends Layer {
  private final Weight weight;

  /** {@code count} vectors of {@code size}. */
  public Embedding(int count, int size, Initializer initializer, Weights weights) {
    weight = weight("weight", Shape.of(count, size), true, initializer, weights);
  }

  /** I32 {@code [...]} to {@code [..., size]}. */
  public Tensor forward(Tensor ids) {
    return output(weight.rows(ids));
  }

  /** The table {@code [count, size]}: what a tied head multiplies with. */
  public Weight weight() {
    return weight;
  }
}
