package dev.galen.tensor.backend;

/**
 * What {@link MatmulKernels#matmul} does to the product {@code P = op(A) op(B)}, {@code [m, n]}, on
 * its way into C, and leaves beside it. Each backend computes each of these, where it can in the
 * registers of the product, else by a kernel behind it.
 *
 * <p>Backends tell them apart by {@code instanceof}: a switch over types would set itself up at run
 * time, for longer than a short command takes to start.
 */
public sealed interface Epilogue {
  /** {@code C = P}. */
  Epilogue NONE = new Bias(null);

  /** {@code C = P + bias}, or {@code C = P} if {@code bias} is null. */
  static Epilogue bias(Span bias) {
    return bias == null ? NONE : new Bias(bias);
  }

  /**
   * Throws unless this can follow a product.
   *
   * @param accumulate whether the product is added to C
   * @throws IllegalArgumentException naming what cannot
   */
  void require(MatmulShape shape, boolean accumulate);

  /**
   * {@code C = P + bias}, or {@code C += P + bias} if the product accumulates, for any number of
   * products.
   *
   * @param bias {@code [n]}, added to every row, in C's type; or null for none
   */
  record Bias(Span bias) implements Epilogue {
    @Override
    public void require(MatmulShape shape, boolean accumulate) {}
  }

  /**
   * {@code z = P + bias}, {@code C = f(z)}: a layer and the function behind it, of one product,
   * which overwrites C. All operands have one type; f may be applied before z is rounded to it.
   *
   * @param bias {@code [n]}, added to every row, or null
   * @param z {@code [m, n]}, what the backward pass starts from, or null where there is none
   */
  record Activation(Span bias, Unary f, Span z) implements Epilogue {
    @Override
    public void require(MatmulShape shape, boolean accumulate) {
      shape.requireSingle("an activation");
      requireOverwrite("an activation", accumulate);
    }
  }

  /**
   * {@code C = dZ = P f'(z)}, where {@code y = f(z)}, and {@code dBias = sum_rows dZ}, or {@code
   * dBias += ...} if {@code accumulate}: {@link Activation} backward, where A is the gradient
   * behind the next layer and B that layer's weight. It is of one product and overwrites C. All
   * operands have one type, and dBias has it or F32; dZ may be summed before it is rounded.
   *
   * @param z {@code [m, n]}
   * @param y {@code [m, n]}
   * @param dBias {@code [n]}, or null
   * @param accumulate adds to dBias
   */
  record ActivationBackward(Unary f, Span z, Span y, Span dBias, boolean accumulate)
      implements Epilogue {
    @Override
    public void require(MatmulShape shape, boolean accumulateProduct) {
      shape.requireSingle("an activation's gradient");
      requireOverwrite("an activation's gradient", accumulateProduct);
    }
  }

  /**
   * {@code C = P = A^T B}, or {@code C += P}, and {@code dBias = sum_k dY}, or {@code dBias += ...}
   * if {@code accumulate}: the gradients of a layer's weight and bias, of which the layer's input
   * is one operand and dY, the gradient of its output, the other. It is of one product with A
   * transposed and B as it is. dBias has the type of A and B, or F32 where they are F16 or BF16.
   *
   * @param sumsA whether A is dY, for a weight that lies {@code [out, in]}; else B is, for {@code
   *     [in, out]}
   * @param dBias {@code [m]} if {@code sumsA}, else {@code [n]}
   * @param accumulate adds to dBias
   */
  record BiasGradient(boolean sumsA, Span dBias, boolean accumulate) implements Epilogue {
    @Override
    public void require(MatmulShape shape, boolean accumulateProduct) {
      shape.requireSumOverRows("a bias's gradient");
    }

    /** How many sums there are. */
    public int length(MatmulShape shape) {
      return sumsA ? shape.m() : shape.n();
    }
  }

  private static void requireOverwrite(String epilogue, boolean accumulate) {
    if (accumulate) {
      throw new IllegalArgumentException(epilogue + " overwrites C and does not add to it");
    }
  }
}
