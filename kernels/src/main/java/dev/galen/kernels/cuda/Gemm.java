package dev.galen.kernels.cuda;

import dev.galen.tensor.DType;

/** A library's matrix products, column-major as BLAS has them. */
interface Gemm {
  /**
   * {@code C[i] = op(A[i]) op(B[i]) + beta C[i]} with sums in F32: {@code op(A) [m, k]}, {@code
   * op(B) [k, n]}, {@code C [m, n]}, addresses on the GPU.
   *
   * @param dtype the type of A and B
   * @param result the type of C: the same, or F32
   * @param tf32 F32 operands may be rounded to the 10 bits of TF32
   * @param lda elements from one column of A as it is stored to the next; ldb and ldc likewise
   * @param strideA elements from one A to the next
   */
  void multiply(
      DType dtype,
      DType result,
      boolean tf32,
      int batch,
      int m,
      int n,
      int k,
      boolean transposeA,
      long a,
      int lda,
      long strideA,
      boolean transposeB,
      long b,
      int ldb,
      long strideB,
      float beta,
      long c,
      int ldc,
      long strideC);
}
