package dev.galen.tensor.backend;

/** Matrix products. */
public interface MatmulKernels {
  /**
   * {@code C = op(A) op(B) + bias}, or {@code C += ...} if {@code accumulate}. Each element of C is
   * summed in an order that depends on the shape alone.
   *
   * @param bias {@code [n]}, added to every row, or null
   */
  void matmul(MatmulShape shape, Span a, Span b, Span bias, Span c, boolean accumulate);
}
