package dev.galen.tensor.backend.reference;

import dev.galen.tensor.backend.MatmulKernels;
import dev.galen.tensor.backend.MatmulShape;
import dev.galen.tensor.backend.Span;

/** {@code C[i, j] = sum_k A[i, k] B[k, j]}, summed in the order of k. */
final class ReferenceMatmul implements MatmulKernels {
  @Override
  public void matmul(MatmulShape shape, Span a, Span b, Span bias, Span c, boolean accumulate) {
    int m = shape.m();
    int n = shape.n();
    int k = shape.k();
    requireFits("A", a, shape.batch(), m, k, shape.strideA(), shape);
    requireFits("B", b, shape.batch(), k, n, shape.strideB(), shape);
    requireFits("C", c, shape.batch(), m, n, shape.strideC(), shape);
    if (bias != null) {
      Require.length("bias", bias, n);
    }
    double[] biases = bias == null ? new double[n] : Values.read(bias, 0, n);
    double[] left = null;
    double[] right = null;
    for (int i = 0; i < shape.batch(); i++) {
      if (left == null || shape.strideA() != 0) {
        left = matrix(a, i * shape.strideA(), m, k, shape.transposeA());
      }
      if (right == null || shape.strideB() != 0) {
        right = matrix(b, i * shape.strideB(), k, n, shape.transposeB());
      }
      multiply(left, right, biases, m, n, k, c, i * shape.strideC(), accumulate);
    }
  }

  private static void multiply(
      double[] left,
      double[] right,
      double[] biases,
      int m,
      int n,
      int k,
      Span c,
      long start,
      boolean accumulate) {
    for (int i = 0; i < m; i++) {
      var row = new double[n];
      for (int p = 0; p < k; p++) {
        addScaled(left[i * k + p], right, p * n, row);
      }
      addScaled(1, biases, 0, row);
      if (accumulate) {
        addScaled(1, Values.read(c, start + (long) i * n, n), 0, row);
      }
      Values.write(row, c, start + (long) i * n);
    }
  }

  /** {@code sum[j] += factor values[from + j]}: small, so that the compiler vectorises it. */
  private static void addScaled(double factor, double[] values, int from, double[] sum) {
    for (int j = 0; j < sum.length; j++) {
      sum[j] += factor * values[from + j];
    }
  }

  /**
   * A matrix {@code [rows, cols]}, which {@code span} holds as {@code [cols, rows]} if transposed.
   */
  private static double[] matrix(Span span, long start, int rows, int cols, boolean transposed) {
    double[] stored = Values.read(span, start, Math.multiplyExact(rows, cols));
    if (!transposed) {
      return stored;
    }
    var matrix = new double[stored.length];
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < cols; j++) {
        matrix[i * cols + j] = stored[j * rows + i];
      }
    }
    return matrix;
  }

  private static void requireFits(
      String name, Span span, int batch, int rows, int cols, long stride, MatmulShape shape) {
    if (batch < 0 || rows < 0 || cols < 0 || stride < 0) {
      throw new IllegalArgumentException("negative extent in " + shape);
    }
    long needed = batch == 0 ? 0 : (batch - 1) * stride + (long) rows * cols;
    if (span.length() < needed) {
      throw new IllegalArgumentException(
          "%s holds %d elements, but %s needs %d".formatted(name, span.length(), shape, needed));
    }
  }
}
