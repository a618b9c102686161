package dev.galen.model.nn;

import dev.galen.tensor.Shape;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.ops.EmbeddingOp;

/** A table of vectors by id. */
public final class Embedding extends MatrixLayer {
  private final int padding;

  /** {@code count} vectors of {@code size}. */
  public Embedding(int count, int size, Initializer initializer, Weights weights) {
    this(count, size, EmbeddingOp.NO_PADDING, initializer, weights);
  }

  /**
   * The same with an id whose vector is not learned, as torch's {@code padding_idx}.
   *
   * @param padding the id, or {@link EmbeddingOp#NO_PADDING}
   */
  public Embedding(int count, int size, int padding, Initializer initializer, Weights weights) {
    super(Shape.of(count, size), true, false, initializer, weights);
    this.padding = padding;
  }

  /** I32 {@code [...]} to {@code [..., size]}. */
  public Tensor forward(Tensor ids) {
    return output(
        current() instanceof Weight.Dense dense
            ? EmbeddingOp.apply(dense.tensor(), ids, padding)
            : current().rows(ids));
  }

  /** The table {@code [count, size]}: what a tied head multiplies with. */
  public Weight weight() {
    return shared();
  }
}
