package dev.galen.tensor.backend;

/**
 * One batched matrix product {@code C[i] = op(A[i]) op(B[i])}, all row-major.
 *
 * @param batch products
 * @param m rows of C
 * @param n columns of C
 * @param k the summed dimension
 * @param transposeA A is stored {@code [k, m]} instead of {@code [m, k]}
 * @param transposeB B is stored {@code [n, k]} instead of {@code [k, n]}
 * @param strideA elements from one A to the next; 0 uses one A for all
 * @param strideB elements from one B to the next; 0 uses one B for all
 * @param strideC elements from one C to the next
 * @param tf32 F32 operands may be rounded to the 10 bits of TF32, if the backend has such products
 * @param sequence how many of the rows of C are positions of one sequence, m where that is not
 *     known: a backend that adds up few rows in another order than many goes by this, not by m, so
 *     that a row has the same bits in any batch
 */
public record MatmulShape(
    int batch,
    int m,
    int n,
    int k,
    boolean transposeA,
    boolean transposeB,
    long strideA,
    long strideB,
    long strideC,
    boolean tf32,
    int sequence) {
  /** Products without rounding. */
  public MatmulShape(
      int batch,
      int m,
      int n,
      int k,
      boolean transposeA,
      boolean transposeB,
      long strideA,
      long strideB,
      long strideC) {
    this(batch, m, n, k, transposeA, transposeB, strideA, strideB, strideC, false, m);
  }

  /** A single product. */
  public static MatmulShape single(int m, int n, int k, boolean transposeA, boolean transposeB) {
    return new MatmulShape(1, m, n, k, transposeA, transposeB, 0, 0, 0);
  }

  /** Throws unless this is one product; {@code kernel} is named. */
  public void requireSingle(String kernel) {
    if (batch != 1) {
      throw new IllegalArgumentException(kernel + " is of one product, not of " + this);
    }
  }

  /** Throws unless this is one product {@code A^T B}; {@code kernel} is named. */
  public void requireSumOverRows(String kernel) {
    requireSingle(kernel);
    if (!transposeA || transposeB) {
      throw new IllegalArgumentException(
          kernel + " is of A transposed and B as it is, not of " + this);
    }
  }

  /** The same product, in TF32 where {@code tf32} and the backend allow it. */
  public MatmulShape withTf32(boolean tf32) {
    return tf32 == this.tf32 ? this : with(tf32, sequence);
  }

  /** The same product of rows of which {@code sequence} each are positions of one sequence. */
  public MatmulShape withSequence(int sequence) {
    return sequence == this.sequence ? this : with(tf32, sequence);
  }

  private MatmulShape with(boolean tf32, int sequence) {
    return new MatmulShape(
        batch, m, n, k, transposeA, transposeB, strideA, strideB, strideC, tf32, sequence);
  }
}
