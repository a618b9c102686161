package dev.galen.kernels.cpu;

import static dev.galen.kernels.cpu.Lanes.F;
import static dev.galen.kernels.cpu.Lanes.L;
import static dev.galen.kernels.cpu.Lanes.load;
import static dev.galen.kernels.cpu.Lanes.store;
import static dev.galen.kernels.cpu.Lanes.tail;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import jdk.incubator.vector.FloatVector;

/** What {@link VectorNorm} does with a row of RMSNorm; slices as in {@link Rows}. */
final class RmsNormRows {
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;

  private RmsNormRows() {}

  /** Row {@code row} of y and rstd. */
  static void forward(
      MemorySegment x,
      MemorySegment weight,
      MemorySegment y,
      MemorySegment rstd,
      int row,
      int cols,
      double epsilon) {
    long start = (long) row * cols;
    float squares = Rows.dot(x, x, start, cols);
    float r = (float) (1 / Math.sqrt(squares / (double) cols + epsilon));
    normalize(x, weight, y, r, start, cols);
    rstd.setAtIndex(FLOAT, row, r);
  }

  private static void normalize(
      MemorySegment x, MemorySegment weight, MemorySegment y, float rstd, long from, int cols) {
    var xs = Elementwise.slice(x, from, cols);
    var ys = Elementwise.slice(y, from, cols);
    int j = 0;
    for (; j <= cols - L; j += L) {
      store(load(xs, j).mul(rstd).mul(load(weight, j)), ys, j);
    }
    if (j < cols) {
      var mask = tail(j, cols);
      store(load(xs, j, mask).mul(rstd).mul(load(weight, j, mask)), ys, j, mask);
    }
  }

  /** A row of dX, and what it adds to a share of dWeight that starts at {@code share}. */
  static void backward(
      MemorySegment dY,
      MemorySegment x,
      MemorySegment weight,
      MemorySegment dX,
      float rstd,
      float[] weightShare,
      int share,
      long from,
      int cols) {
    var dYs = Elementwise.slice(dY, from, cols);
    var xs = Elementwise.slice(x, from, cols);
    var dXs = Elementwise.slice(dX, from, cols);
    var sumGh = FloatVector.zero(F);
    int j = 0;
    for (; j <= cols - L; j += L) {
      var d = load(dYs, j);
      var h = load(xs, j).mul(rstd);
      sumGh = d.mul(load(weight, j)).fma(h, sumGh);
      d.fma(h, FloatVector.fromArray(F, weightShare, share + j)).intoArray(weightShare, share + j);
    }
    if (j < cols) {
      var mask = tail(j, cols);
      var d = load(dYs, j, mask);
      var h = load(xs, j, mask).mul(rstd);
      sumGh = d.mul(load(weight, j, mask)).fma(h, sumGh);
      d.fma(h, FloatVector.fromArray(F, weightShare, share + j)).intoArray(weightShare, share + j);
    }
    var minusMeanGh = FloatVector.broadcast(F, -Lanes.sum(sumGh) / cols);
    for (j = 0; j <= cols - L; j += L) {
      var h = load(xs, j).mul(rstd);
      var g = load(dYs, j).mul(load(weight, j));
      store(h.fma(minusMeanGh, g).mul(rstd), dXs, j);
    }
    if (j < cols) {
      var mask = tail(j, cols);
      var h = load(xs, j, mask).mul(rstd);
      var g = load(dYs, j, mask).mul(load(weight, j, mask));
      store(h.fma(minusMeanGh, g).mul(rstd), dXs, j, mask);
    }
  }
}
