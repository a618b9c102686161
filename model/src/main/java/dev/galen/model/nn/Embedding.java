package dev.galen.model.nn;

import dev.galen.tensor.Shape;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.ops.EmbeddingOp;

/** A table of vectors by id. */
public final class Embedding extends Layer {
  private final Tensor weight;

  /** {@code count} vectors of {@code size}. */
  public Embedding(int count, int size, Initializer initializer, Weights weights) {
    weight = parameter("weight", weights.get("weight", Shape.of(count, size), initializer));
  }

  /** I32 {@code [...]} to {@code [..., size]}. */
  public Tensor forward(Tensor ids) {
    return output(EmbeddingOp.apply(weight, ids));
  }

  /** The table {@code [count, size]}: what a tied head multiplies with. */
  public Tensor weight() {
    return weight;
  }
}
