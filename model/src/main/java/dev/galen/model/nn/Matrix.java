package dev.galen.model.nn;

import dev.galen.tensor.PackedWeight;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.backend.Unary;
import dev.galen.tensor.ops.EmbeddingOp;
import dev.galen.tensor.ops.FeedForwardOp;
import dev.galen.tensor.ops.LinearOp;

/**
 * The weights of a product or an embedding: a parameter, or packed for inference. One that two
 * layers share is stored once in either form.
 */
public final class Matrix {
  private final Tensor parameter;
  private final PackedWeight packed;
  private final boolean outputFirst;

  private Matrix(Tensor parameter, PackedWeight packed, boolean outputFirst) {
    this.parameter = parameter;
    this.packed = packed;
    this.outputFirst = outputFirst;
  }

  /** {@code [out, in]} if {@code outputFirst}, else {@code [in, out]}. */
  static Matrix of(Tensor parameter, boolean outputFirst) {
    return new Matrix(parameter, null, outputFirst);
  }

  static Matrix of(PackedWeight packed) {
    return new Matrix(null, packed, true);
  }

  /**
   * {@code x W + b}, or {@code x W^T + b} if it lies by outputs.
   *
   * @param x {@code [..., in]}
   * @param bias {@code [out]} or null
   * @return {@code [..., out]}
   */
  public Tensor linear(Tensor x, Tensor bias) {
    return packed == null
        ? LinearOp.apply(x, parameter, bias, outputFirst)
        : packed.linear(x, bias);
  }

  /** Whether it is a parameter, not packed. */
  boolean isParameter() {
    return packed == null;
  }

  /** {@code f(x W1 + b1) W2 + b2} with this as W1; both are parameters and lie alike. */
  Tensor feedForward(Tensor x, Tensor bias1, Unary f, Matrix weight2, Tensor bias2) {
    return FeedForwardOp.apply(x, parameter, bias1, f, weight2.parameter, bias2, outputFirst);
  }

  /**
   * Rows of a matrix that lies by outputs.
   *
   * @param ids I32 of any shape
   * @return {@code [..., in]}
   */
  public Tensor rows(Tensor ids) {
    return packed == null ? EmbeddingOp.apply(parameter, ids) : packed.rows(ids);
  }
}
