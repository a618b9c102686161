package dev.galen.kernels.cpu;

import static dev.galen.kernels.cpu.Lanes.F;
import static dev.galen.kernels.cpu.Lanes.L;
import static dev.galen.kernels.cpu.Lanes.load;
import static dev.galen.kernels.cpu.Lanes.store;
import static dev.galen.kernels.cpu.Lanes.tail;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import jdk.incubator.vector.FloatVector;

/** What {@link VectorNorm} does with a row of LayerNorm; slices as in {@link Rows}. */
final class LayerNormRows {
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;

  private LayerNormRows() {}

  /**
   * {@code sum = x + residual}; returns what {@link Rows#sum} gives of it, by the same additions.
   */
  static float add(
      MemorySegment x, MemorySegment residual, MemorySegment sum, long from, int cols) {
    var xs = Elementwise.slice(x, from, cols);
    var residuals = Elementwise.slice(residual, from, cols);
    var sums = Elementwise.slice(sum, from, cols);
    var sum0 = FloatVector.zero(F);
    var sum1 = FloatVector.zero(F);
    int j = 0;
    for (; j <= cols - 2 * L; j += 2 * L) {
      var v0 = load(xs, j).add(load(residuals, j));
      var v1 = load(xs, j + L).add(load(residuals, j + L));
      store(v0, sums, j);
      store(v1, sums, j + L);
      sum0 = sum0.add(v0);
      sum1 = sum1.add(v1);
    }
    for (; j <= cols - L; j += L) {
      var v = load(xs, j).add(load(residuals, j));
      store(v, sums, j);
      sum0 = sum0.add(v);
    }
    if (j < cols) {
      var mask = tail(j, cols);
      var v = load(xs, j, mask).add(load(residuals, j, mask));
      store(v, sums, j, mask);
      sum1 = sum1.add(v);
    }
    return Lanes.sum(sum0.add(sum1));
  }

  /**
   * Row {@code row} of y, mean and rstd.
   *
   * @param sum of the row's elements
   */
  static void forward(
      MemorySegment x,
      float sum,
      MemorySegment weight,
      MemorySegment bias,
      MemorySegment y,
      MemorySegment mean,
      MemorySegment rstd,
      int row,
      int cols,
      double epsilon) {
    long start = (long) row * cols;
    float m = sum / cols;
    float r = (float) (1 / Math.sqrt(squares(x, m, start, cols) / (double) cols + epsilon));
    normalize(x, weight, bias, y, m, r, start, cols);
    mean.setAtIndex(FLOAT, row, m);
    rstd.setAtIndex(FLOAT, row, r);
  }

  /** The sum of (x - mean)^2. */
  private static float squares(MemorySegment x, float mean, long from, int cols) {
    var xs = Elementwise.slice(x, from, cols);
    var sum0 = FloatVector.zero(F);
    var sum1 = FloatVector.zero(F);
    int j = 0;
    for (; j <= cols - 2 * L; j += 2 * L) {
      var d0 = load(xs, j).sub(mean);
      var d1 = load(xs, j + L).sub(mean);
      sum0 = d0.fma(d0, sum0);
      sum1 = d1.fma(d1, sum1);
    }
    for (; j <= cols - L; j += L) {
      var d = load(xs, j).sub(mean);
      sum0 = d.fma(d, sum0);
    }
    if (j < cols) {
      var mask = tail(j, cols);
      var d = load(xs, j, mask).sub(mean, mask);
      sum1 = d.fma(d, sum1);
    }
    return Lanes.sum(sum0.add(sum1));
  }

  private static void normalize(
      MemorySegment x,
      MemorySegment weight,
      MemorySegment bias,
      MemorySegment y,
      float mean,
      float rstd,
      long from,
      int cols) {
    var xs = Elementwise.slice(x, from, cols);
    var ys = Elementwise.slice(y, from, cols);
    int j = 0;
    for (; j <= cols - L; j += L) {
      var h = load(xs, j).sub(mean).mul(rstd);
      store(h.fma(load(weight, j), load(bias, j)), ys, j);
    }
    if (j < cols) {
      var mask = tail(j, cols);
      var h = load(xs, j, mask).sub(mean).mul(rstd);
      store(h.fma(load(weight, j, mask), load(bias, j, mask)), ys, j, mask);
    }
  }

  /** Row of dX, and its part of a share of dWeight and dBias, which start at {@code share}. */
  static void backward(
      MemorySegment dY,
      MemorySegment x,
      MemorySegment weight,
      MemorySegment dX,
      float mean,
      float rstd,
      float[] weightShare,
      float[] biasShare,
      int share,
      long from,
      int cols) {
    var dYs = Elementwise.slice(dY, from, cols);
    var xs = Elementwise.slice(x, from, cols);
    var dXs = Elementwise.slice(dX, from, cols);
    var sumG = FloatVector.zero(F);
    var sumGh = FloatVector.zero(F);
    int j = 0;
    for (; j <= cols - L; j += L) {
      var d = load(dYs, j);
      var h = load(xs, j).sub(mean).mul(rstd);
      var g = d.mul(load(weight, j));
      sumG = sumG.add(g);
      sumGh = g.fma(h, sumGh);
      d.fma(h, FloatVector.fromArray(F, weightShare, share + j)).intoArray(weightShare, share + j);
      d.add(FloatVector.fromArray(F, biasShare, share + j)).intoArray(biasShare, share + j);
    }
    if (j < cols) {
      var mask = tail(j, cols);
      var d = load(dYs, j, mask);
      var h = load(xs, j, mask).sub(mean).mul(rstd);
      var g = d.mul(load(weight, j, mask));
      sumG = sumG.add(g);
      sumGh = g.fma(h, sumGh);
      d.fma(h, FloatVector.fromArray(F, weightShare, share + j)).intoArray(weightShare, share + j);
      d.add(FloatVector.fromArray(F, biasShare, share + j)).intoArray(biasShare, share + j);
    }
    float meanG = Lanes.sum(sumG) / cols;
    float meanGh = Lanes.sum(sumGh) / cols;
    for (j = 0; j <= cols - L; j += L) {
      var h = load(xs, j).sub(mean).mul(rstd);
      var g = load(dYs, j).mul(load(weight, j));
      store(h.fma(FloatVector.broadcast(F, -meanGh), g.sub(meanG)).mul(rstd), dXs, j);
    }
    if (j < cols) {
      var mask = tail(j, cols);
      var h = load(xs, j, mask).sub(mean).mul(rstd);
      var g = load(dYs, j, mask).mul(load(weight, j, mask));
      store(h.fma(FloatVector.broadcast(F, -meanGh), g.sub(meanG)).mul(rstd), dXs, j, mask);
    }
  }
}
