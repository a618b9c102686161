package dev.galen.tensor.backend.reference;

import dev.galen.tensor.DType;
import dev.galen.tensor.backend.ReduceKernels;
import dev.galen.tensor.backend.Reduction;
import dev.galen.tensor.backend.Span;
import java.util.Arrays;

/** Sums in the order of the elements, in double precision; softmax row by row. */
final class ReferenceReduce implements ReduceKernels {
  @Override
  public void reduce(Reduction f, Span x, Span y, int outer, int length, int inner) {
    Require.length("x", x, outer, (long) length * inner);
    Require.length("y", y, outer, inner);
    for (int o = 0; o < outer; o++) {
      var result = new double[inner];
      Arrays.fill(result, f == Reduction.MAX ? Double.NEGATIVE_INFINITY : 0);
      for (int l = 0; l < length; l++) {
        double[] row = Values.read(x, ((long) o * length + l) * inner, inner);
        for (int i = 0; i < inner; i++) {
          result[i] = f == Reduction.MAX ? Math.max(result[i], row[i]) : result[i] + row[i];
        }
      }
      if (f == Reduction.MEAN) {
        for (int i = 0; i < inner; i++) {
          result[i] /= length;
        }
      }
      Values.write(result, y, (long) o * inner);
    }
  }

  @Override
  public void columnSum(Span x, Span y, int rows, int cols, boolean accumulate) {
    Require.length("x", x, rows, cols);
    Require.length("y", y, cols);
    double[] sum = accumulate ? Values.read(y, 0, cols) : new double[cols];
    for (int i = 0; i < rows; i++) {
      double[] row = Values.read(x, (long) i * cols, cols);
      for (int j = 0; j < cols; j++) {
        sum[j] += row[j];
      }
    }
    Values.write(sum, y);
  }

  /** NaN counts as the largest of all, as in PyTorch. */
  @Override
  public void argmax(Span x, Span index, int rows, int cols) {
    Require.length("x", x, rows, cols);
    Require.length("index", index, rows);
    Require.dtype("index", index, DType.I32);
    if (cols == 0 && rows > 0) {
      throw new IllegalArgumentException("argmax of " + rows + " rows without elements");
    }
    var result = new double[rows];
    for (int i = 0; i < rows; i++) {
      double[] row = Values.read(x, (long) i * cols, cols);
      int best = 0;
      for (int j = 1; j < cols && !Double.isNaN(row[best]); j++) {
        if (row[j] > row[best] || Double.isNaN(row[j])) {
          best = j;
        }
      }
      result[i] = best;
    }
    Values.write(result, index);
  }

  @Override
  public void softmax(Span x, Span y, int rows, int cols) {
    Require.length("x", x, rows, cols);
    Require.length("y", y, rows, cols);
    for (int i = 0; i < rows; i++) {
      double[] row = Values.read(x, (long) i * cols, cols);
      double max = max(row);
      double sum = 0;
      for (int j = 0; j < cols; j++) {
        row[j] = Math.exp(row[j] - max);
        sum += row[j];
      }
      for (int j = 0; j < cols; j++) {
        row[j] /= sum;
      }
      Values.write(row, y, (long) i * cols);
    }
  }

  @Override
  public void softmaxBackward(Span y, Span dY, Span dX, int rows, int cols) {
    Require.length("y", y, rows, cols);
    Require.length("dY", dY, rows, cols);
    Require.length("dX", dX, rows, cols);
    for (int i = 0; i < rows; i++) {
      double[] p = Values.read(y, (long) i * cols, cols);
      double[] g = Values.read(dY, (long) i * cols, cols);
      double dot = 0;
      for (int j = 0; j < cols; j++) {
        dot += g[j] * p[j];
      }
      for (int j = 0; j < cols; j++) {
        g[j] = p[j] * (g[j] - dot);
      }
      Values.write(g, dX, (long) i * cols);
    }
  }

  @Override
  public void logSoftmax(Span x, Span y, int rows, int cols) {
    Require.length("x", x, rows, cols);
    Require.length("y", y, rows, cols);
    for (int i = 0; i < rows; i++) {
      double[] row = Values.read(x, (long) i * cols, cols);
      double logSumExp = logSumExp(row);
      for (int j = 0; j < cols; j++) {
        row[j] -= logSumExp;
      }
      Values.write(row, y, (long) i * cols);
    }
  }

  @Override
  public void logSoftmaxBackward(Span y, Span dY, Span dX, int rows, int cols) {
    Require.length("y", y, rows, cols);
    Require.length("dY", dY, rows, cols);
    Require.length("dX", dX, rows, cols);
    for (int i = 0; i < rows; i++) {
      double[] logP = Values.read(y, (long) i * cols, cols);
      double[] g = Values.read(dY, (long) i * cols, cols);
      double sum = 0;
      for (int j = 0; j < cols; j++) {
        sum += g[j];
      }
      for (int j = 0; j < cols; j++) {
        g[j] -= Math.exp(logP[j]) * sum;
      }
      Values.write(g, dX, (long) i * cols);
    }
  }

  /** NaN counts as the largest of all, as in PyTorch. */
  @Override
  public void topSoftmax(Span x, Span index, Span y, int rows, int cols, int count) {
    requireTop(index, y, rows, cols, count);
    Require.length("x", x, rows, cols);
    for (int i = 0; i < rows; i++) {
      double[] row = Values.read(x, (long) i * cols, cols);
      var largest = new double[count];
      var values = new double[count];
      var taken = new boolean[cols];
      for (int n = 0; n < count; n++) {
        int best = -1;
        for (int j = 0; j < cols; j++) {
          // Double.compare has NaN above all others, and would have -0 below 0.
          if (!taken[j] && (best < 0 || Double.compare(row[j] + 0.0, row[best] + 0.0) > 0)) {
            best = j;
          }
        }
        taken[best] = true;
        largest[n] = best;
        values[n] = row[best];
      }
      double logSumExp = logSumExp(values);
      for (int n = 0; n < count; n++) {
        values[n] = Math.exp(values[n] - logSumExp);
      }
      Values.write(largest, index, (long) i * count);
      Values.write(values, y, (long) i * count);
    }
  }

  @Override
  public void topSoftmaxBackward(
      Span index, Span y, Span dY, Span dX, int rows, int cols, int count) {
    requireTop(index, y, rows, cols, count);
    Require.length("dY", dY, rows, count);
    Require.length("dX", dX, rows, cols);
    int[] largest = Values.readInts(index, Math.multiplyExact(rows, count));
    for (int i = 0; i < rows; i++) {
      double[] p = Values.read(y, (long) i * count, count);
      double[] g = Values.read(dY, (long) i * count, count);
      double dot = 0;
      for (int n = 0; n < count; n++) {
        dot += g[n] * p[n];
      }
      var row = new double[cols];
      for (int n = 0; n < count; n++) {
        row[largest[i * count + n]] = p[n] * (g[n] - dot);
      }
      Values.write(row, dX, (long) i * cols);
    }
  }

  private static void requireTop(Span index, Span y, int rows, int cols, int count) {
    if (count < 1 || count > cols) {
      throw new IllegalArgumentException("the %d largest of %d".formatted(count, cols));
    }
    Require.length("index", index, rows, count);
    Require.dtype("index", index, DType.I32);
    Require.length("y", y, rows, count);
  }

  @Override
  public double sumOfSquares(Span x) {
    var sum = new double[1];
    Pieces.each(
        x.length(),
        (from, count) -> {
          for (double value : Values.read(x, from, count)) {
            sum[0] += value * value;
          }
        });
    return sum[0];
  }

  @Override
  public boolean allFinite(Span x) {
    var finite = new boolean[] {true};
    Pieces.each(
        x.length(),
        (from, count) -> {
          for (double value : Values.read(x, from, count)) {
            finite[0] &= Double.isFinite(value);
          }
        });
    return finite[0];
  }

  /** {@code max + ln sum e^(x - max)}; NaN for a row of negative infinities, as in PyTorch. */
  static double logSumExp(double[] row) {
    double max = max(row);
    double sum = 0;
    for (double value : row) {
      sum += Math.exp(value - max);
    }
    return max + Math.log(sum);
  }

  private static double max(double[] row) {
    double max = Double.NEGATIVE_INFINITY;
    for (double value : row) {
      max = Math.max(max, value);
    }
    return max;
  }
}
