package dev.galen.tensor.backend;

/** Matrix products. */
public interface MatmulKernels {
  /**
   * {@code C = op(A) op(B)}, or {@code C += ...} if {@code accumulate}, with what {@code epilogue}
   * makes of it. Each element of C is summed in an order that depends on the shape alone, in F32
   * where A and B are F16 or BF16.
   *
   * <p>A, B and a bias have one type, and C has it too. Only where A and B are F16 or BF16 may C be
   * F32: that is how a weight's gradient reaches its F32 parameter.
   *
   * @throws IllegalArgumentException if the epilogue cannot follow this product
   */
  void matmul(MatmulShape shape, Span a, Span b, Span c, boolean accumulate, Epilogue epilogue);

  /**
   * {@code C = op(A) op(B) + bias}, or {@code C += ...} if {@code accumulate}: the product with no
   * other epilogue.
   *
   * @param bias {@code [n]}, added to every row, or null
   */
  default void matmul(MatmulShape shape, Span a, Span b, Span bias, Span c, boolean accumulate) {
    matmul(shape, a, b, c, accumulate, Epilogue.bias(bias));
  }
}
