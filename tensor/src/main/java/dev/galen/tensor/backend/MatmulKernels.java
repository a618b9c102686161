package dev.galen.tensor.backend;

/** Matrix products. */
public interface MatmulKernels {
  /**
   * {@code C = op(A) op(B) + bias}, or {@code C += ...} if {@code accumulate}. Each element of C is
   * summed in an order that depends on the shape alone, in F32 where A and B are F16 or BF16.
   *
   * <p>A, B and bias have one type, and C has it too. Only where A and B are F16 or BF16 may C be
   * F32: that is how a weight's gradient reaches its F32 parameter.
   *
   * @param bias {@code [n]}, added to every row, or null
   */
  void matmul(MatmulShape shape, Span a, Span b, Span bias, Span c, boolean accumulate);

  /**
   * {@code z = op(A) op(B) + bias}, {@code y = f(z)}: a layer and the function behind it. All
   * operands have one type; f may be applied before z is rounded to it.
   *
   * @param shape one product
   * @param bias {@code [n]}, added to every row, or null
   * @param z {@code [m, n]}, what the backward pass starts from, or null where there is none
   * @param y {@code [m, n]}
   */
  void matmulActivation(MatmulShape shape, Span a, Span b, Span bias, Unary f, Span z, Span y);

  /**
   * {@code dZ = (op(A) op(B)) f'(z)}, where {@code y = f(z)}, and {@code dBias = sum_rows dZ}, or
   * {@code dBias += ...} if {@code accumulate}: {@link #matmulActivation} backward, where A is the
   * gradient behind the next layer and B that layer's weight. All operands have one type, and dBias
   * has it or F32; dZ may be summed before it is rounded.
   *
   * @param shape one product
   * @param z {@code [m, n]}
   * @param y {@code [m, n]}
   * @param dZ {@code [m, n]}, overwritten
   * @param dBias {@code [n]}, or null
   */
  void matmulActivationBackward(
      MatmulShape shape,
      Span a,
      Span b,
      Unary f,
      Span z,
      Span y,
      Span dZ,
      Span dBias,
      boolean accumulate);

  /**
   * {@code C = A^T B}, or {@code C += ...} if {@code accumulate}, and {@code dBias = sum_k dY}, or
   * {@code dBias += ...} if {@code accumulateBias}: the gradients of a layer's weight and bias, of
   * which the layer's input is one operand and dY, the gradient of its output, the other. Types are
   * those of {@link #matmul}; dBias has the type of A and B, or F32 where they are F16 or BF16.
   *
   * @param shape one product with A transposed and B as it is
   * @param a {@code [k, m]}
   * @param b {@code [k, n]}
   * @param c {@code [m, n]}
   * @param sumsA whether A is dY, for a weight that lies {@code [out, in]}; else B is, for {@code
   *     [in, out]}
   * @param dBias {@code [m]} if {@code sumsA}, else {@code [n]}
   */
  void matmulBiasGradient(
      MatmulShape shape,
      Span a,
      Span b,
      Span c,
      boolean accumulate,
      boolean sumsA,
      Span dBias,
      boolean accumulateBias);
}
