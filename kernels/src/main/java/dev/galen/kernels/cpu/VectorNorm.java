package dev.galen.kernels.cpu;

import static dev.galen.kernels.cpu.Lanes.F;
import static dev.galen.kernels.cpu.Lanes.L;
import static dev.galen.kernels.cpu.Lanes.load;
import static dev.galen.kernels.cpu.Lanes.store;
import static dev.galen.kernels.cpu.Lanes.tail;

import dev.galen.tensor.backend.NormKernels;
import dev.galen.tensor.backend.Span;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;

/**
 * Layer normalisation, a block of {@code BLOCK} rows per task: three sweeps over a row that stays
 * in L1. Backward keeps each block's share of dWeight and dBias apart and adds the shares in the
 * order of the blocks, so that the sums have one order for any number of threads.
 */
final class VectorNorm implements NormKernels {
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;
  private static final int BLOCK = 16;

  private final WorkerPool pool;
  private final NormKernels reference;
  private final Scratch shared = new Scratch();

  VectorNorm(WorkerPool pool, NormKernels reference) {
    this.pool = pool;
    this.reference = reference;
  }

  @Override
  public void layerNorm(
      Span x,
      Span weight,
      Span bias,
      Span y,
      Span mean,
      Span rstd,
      int rows,
      int cols,
      double epsilon) {
    if (!F32.all(x, weight, bias, y, mean, rstd)) {
      reference.layerNorm(x, weight, bias, y, mean, rstd, rows, cols, epsilon);
      return;
    }
    var xs = F32.memory("x", x, (long) rows * cols);
    var w = F32.memory("weight", weight, cols);
    var b = F32.memory("bias", bias, cols);
    var ys = F32.memory("y", y, (long) rows * cols);
    var means = F32.memory("mean", mean, rows);
    var rstds = F32.memory("rstd", rstd, rows);
    pool.rows(
        rows,
        BLOCK,
        (from, to, _) -> {
          for (int row = from; row < to; row++) {
            long start = (long) row * cols;
            float m = Rows.sum(xs, start, cols) / cols;
            float r =
                (float) (1 / Math.sqrt(squares(xs, m, start, cols) / (double) cols + epsilon));
            normalize(xs, w, b, ys, m, r, start, cols);
            means.setAtIndex(FLOAT, row, m);
            rstds.setAtIndex(FLOAT, row, r);
          }
        });
    F32.keep(x, weight, bias, y, mean, rstd);
  }

  /** The sum of (x - mean)^2. */
  private static float squares(MemorySegment x, float mean, long from, int cols) {
    var xs = Streams.slice(x, from, cols);
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
    var xs = Streams.slice(x, from, cols);
    var ys = Streams.slice(y, from, cols);
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

  @Override
  public void layerNormBackward(
      Span dY,
      Span x,
      Span weight,
      Span mean,
      Span rstd,
      Span dX,
      Span dWeight,
      Span dBias,
      int rows,
      int cols) {
    if (!F32.all(dY, x, weight, mean, rstd, dX, dWeight, dBias)) {
      reference.layerNormBackward(dY, x, weight, mean, rstd, dX, dWeight, dBias, rows, cols);
      return;
    }
    var dys = F32.memory("dY", dY, (long) rows * cols);
    var xs = F32.memory("x", x, (long) rows * cols);
    var w = F32.memory("weight", weight, cols);
    var means = F32.memory("mean", mean, rows);
    var rstds = F32.memory("rstd", rstd, rows);
    var dxs = F32.memory("dX", dX, (long) rows * cols);
    var dws = F32.memory("dWeight", dWeight, cols);
    var dbs = F32.memory("dBias", dBias, cols);
    int blocks = (rows + BLOCK - 1) / BLOCK;
    int stride = (cols + L - 1) / L * L;
    float[] weightShares;
    float[] biasShares;
    synchronized (shared) {
      weightShares = shared.floats(0, blocks * stride);
      biasShares = shared.floats(1, blocks * stride);
      pool.rows(
          rows,
          BLOCK,
          (from, to, _) -> {
            int share = from / BLOCK * stride;
            Arrays.fill(weightShares, share, share + stride, 0f);
            Arrays.fill(biasShares, share, share + stride, 0f);
            for (int row = from; row < to; row++) {
              float m = means.getAtIndex(FLOAT, row);
              float r = rstds.getAtIndex(FLOAT, row);
              long start = (long) row * cols;
              backward(dys, xs, w, dxs, m, r, weightShares, biasShares, share, start, cols);
            }
          });
      ColumnSums.addShares(weightShares, blocks, stride, dws, cols);
      ColumnSums.addShares(biasShares, blocks, stride, dbs, cols);
    }
    F32.keep(dY, x, weight, mean, rstd, dX, dWeight, dBias);
  }

  private static void backward(
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
    var dYs = Streams.slice(dY, from, cols);
    var xs = Streams.slice(x, from, cols);
    var dXs = Streams.slice(dX, from, cols);
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
