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
}
