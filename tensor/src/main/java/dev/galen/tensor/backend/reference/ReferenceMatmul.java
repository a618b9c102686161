package dev.galen.tensor.backend.reference;

import dev.galen.tensor.backend.Epilogue;
import dev.galen.tensor.backend.MatmulKernels;
import dev.galen.tensor.backend.MatmulShape;
import dev.galen.tensor.backend.ReduceKernels;
import dev.galen.tensor.backend.Span;

/** {@code C[i, j] = sum_k A[i, k] B[k, j]}, summed in the order of k. */
final class ReferenceMatmul implements MatmulKernels {
  private final ReduceKernels reduce = new ReferenceReduce();

  /** What becomes of row {@code i} of a product. */
  private interface Rows {
    void accept(int i, double[] row);
  }

  @Override
  public void matmul(
      MatmulShape shape, Span a, Span b, Span c, boolean accumulate, Epilogue epilogue) {
    epilogue.require(shape, accumulate);
    if (epilogue instanceof Epilogue.Bias affine) {
      product(shape, a, b, affine.bias(), c, accumulate);
    } else if (epilogue instanceof Epilogue.Activation activation) {
      activation(shape, a, b, c, activation);
    } else if (epilogue instanceof Epilogue.ActivationBackward backward) {
      activationBackward(shape, a, b, c, backward);
    } else {
      biasGradient(shape, a, b, c, accumulate, (Epilogue.BiasGradient) epilogue);
    }
  }

  private static void product(
      MatmulShape shape, Span a, Span b, Span bias, Span c, boolean accumulate) {
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
      long start = i * shape.strideC();
      multiply(
          left,
          right,
          shape,
          (j, row) -> {
            long at = start + (long) j * n;
            addScaled(1, biases, 0, row);
            if (accumulate) {
              addScaled(1, Values.read(c, at, n), 0, row);
            }
            Values.write(row, c, at);
          });
    }
  }

  private static void activation(
      MatmulShape shape, Span a, Span b, Span y, Epilogue.Activation epilogue) {
    int n = shape.n();
    Span bias = epilogue.bias();
    Span z = epilogue.z();
    if (bias != null) {
      Require.length("bias", bias, n);
    }
    if (z != null) {
      Require.length("z", z, shape.m(), n);
    }
    Require.length("y", y, shape.m(), n);
    double[] biases = bias == null ? new double[n] : Values.read(bias, 0, n);
    multiply(
        shape,
        a,
        b,
        (i, row) -> {
          addScaled(1, biases, 0, row);
          if (z != null) {
            Values.write(row, z, (long) i * n);
          }
          for (int j = 0; j < n; j++) {
            row[j] = ReferencePointwise.apply(epilogue.f(), row[j]);
          }
          Values.write(row, y, (long) i * n);
        });
  }

  private static void activationBackward(
      MatmulShape shape, Span a, Span b, Span dZ, Epilogue.ActivationBackward epilogue) {
    int n = shape.n();
    Span z = epilogue.z();
    Span y = epilogue.y();
    Span dBias = epilogue.dBias();
    Require.length("z", z, shape.m(), n);
    Require.length("y", y, shape.m(), n);
    Require.length("dZ", dZ, shape.m(), n);
    var sums = new double[n];
    multiply(
        shape,
        a,
        b,
        (i, row) -> {
          double[] zs = Values.read(z, (long) i * n, n);
          double[] ys = Values.read(y, (long) i * n, n);
          for (int j = 0; j < n; j++) {
            row[j] *= ReferencePointwise.derivative(epilogue.f(), zs[j], ys[j]);
          }
          addScaled(1, row, 0, sums);
          Values.write(row, dZ, (long) i * n);
        });
    if (dBias != null) {
      Require.length("dBias", dBias, n);
      if (epilogue.accumulate()) {
        addScaled(1, Values.read(dBias, 0, n), 0, sums);
      }
      Values.write(sums, dBias);
    }
  }

  private void biasGradient(
      MatmulShape shape,
      Span a,
      Span b,
      Span c,
      boolean accumulate,
      Epilogue.BiasGradient epilogue) {
    product(shape, a, b, null, c, accumulate);
    reduce.columnSum(
        epilogue.sumsA() ? a : b,
        epilogue.dBias(),
        shape.k(),
        epilogue.length(shape),
        epilogue.accumulate());
  }

  /** The rows of one product. */
  private static void multiply(MatmulShape shape, Span a, Span b, Rows rows) {
    int m = shape.m();
    int n = shape.n();
    int k = shape.k();
    requireFits("A", a, 1, m, k, 0, shape);
    requireFits("B", b, 1, k, n, 0, shape);
    double[] left = matrix(a, 0, m, k, shape.transposeA());
    double[] right = matrix(b, 0, k, n, shape.transposeB());
    multiply(left, right, shape, rows);
  }

  private static void multiply(double[] left, double[] right, MatmulShape shape, Rows rows) {
    int n = shape.n();
    int k = shape.k();
    for (int i = 0; i < shape.m(); i++) {
      var row = new double[n];
      for (int p = 0; p < k; p++) {
        addScaled(left[i * k + p], right, p * n, row);
      }
      rows.accept(i, row);
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
