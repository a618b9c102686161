package dev.galen.kernels.cpu;

import dev.galen.tensor.backend.NormKernels;
import dev.galen.tensor.backend.Span;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/**
 * Normalisations, a block of {@code BLOCK} rows per task: sweeps over a row that stays in L1.
 * Backward keeps each block's share of dWeight and dBias apart and adds the shares in the order of
 * the blocks, so that the sums have one order for any number of threads.
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
            float sum = Rows.sum(xs, (long) row * cols, cols);
            LayerNormRows.forward(xs, sum, w, b, ys, means, rstds, row, cols, epsilon);
          }
        });
    F32.keep(x, weight, bias, y, mean, rstd);
  }

  @Override
  public void residualLayerNorm(
      Span x,
      Span residual,
      Span sum,
      Span weight,
      Span bias,
      Span y,
      Span mean,
      Span rstd,
      int rows,
      int cols,
      double epsilon) {
    if (!F32.all(x, residual, sum, weight, bias, y, mean, rstd)) {
      reference.residualLayerNorm(
          x, residual, sum, weight, bias, y, mean, rstd, rows, cols, epsilon);
      return;
    }
    var xs = F32.memory("x", x, (long) rows * cols);
    var residuals = F32.memory("residual", residual, (long) rows * cols);
    var sums = F32.memory("sum", sum, (long) rows * cols);
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
            float total = LayerNormRows.add(xs, residuals, sums, (long) row * cols, cols);
            LayerNormRows.forward(sums, total, w, b, ys, means, rstds, row, cols, epsilon);
          }
        });
    F32.keep(x, residual, sum, weight, bias, y, mean, rstd);
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
    int stride = (cols + Lanes.L - 1) / Lanes.L * Lanes.L;
    synchronized (shared) {
      float[] weightShares = shared.floats(0, blocks * stride);
      float[] biasShares = shared.floats(1, blocks * stride);
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
              LayerNormRows.backward(
                  dys, xs, w, dxs, m, r, weightShares, biasShares, share, start, cols);
            }
          });
      ColumnSums.addShares(weightShares, blocks, stride, dws, cols);
      ColumnSums.addShares(biasShares, blocks, stride, dbs, cols);
    }
    F32.keep(dY, x, weight, mean, rstd, dX, dWeight, dBias);
  }

  @Override
  public void rmsNorm(Span x, Span weight, Span y, Span rstd, int rows, int cols, double epsilon) {
    if (!F32.all(x, weight, y, rstd)) {
      reference.rmsNorm(x, weight, y, rstd, rows, cols, epsilon);
      return;
    }
    var xs = F32.memory("x", x, (long) rows * cols);
    var w = F32.memory("weight", weight, cols);
    var ys = F32.memory("y", y, (long) rows * cols);
    var rstds = F32.memory("rstd", rstd, rows);
    pool.rows(
        rows,
        BLOCK,
        (from, to, _) -> {
          for (int row = from; row < to; row++) {
            RmsNormRows.forward(xs, w, ys, rstds, row, cols, epsilon);
          }
        });
    F32.keep(x, weight, y, rstd);
  }

  @Override
  public void rmsNormBackward(
      Span dY, Span x, Span weight, Span rstd, Span dX, Span dWeight, int rows, int cols) {
    if (!F32.all(dY, x, weight, rstd, dX, dWeight)) {
      reference.rmsNormBackward(dY, x, weight, rstd, dX, dWeight, rows, cols);
      return;
    }
    var dys = F32.memory("dY", dY, (long) rows * cols);
    var xs = F32.memory("x", x, (long) rows * cols);
    var w = F32.memory("weight", weight, cols);
    var rstds = F32.memory("rstd", rstd, rows);
    var dxs = F32.memory("dX", dX, (long) rows * cols);
    var dws = F32.memory("dWeight", dWeight, cols);
    int blocks = (rows + BLOCK - 1) / BLOCK;
    int stride = (cols + Lanes.L - 1) / Lanes.L * Lanes.L;
    synchronized (shared) {
      float[] shares = shared.floats(0, blocks * stride);
      pool.rows(
          rows,
          BLOCK,
          (from, to, _) -> {
            int share = from / BLOCK * stride;
            Arrays.fill(shares, share, share + stride, 0f);
            for (int row = from; row < to; row++) {
              float r = rstds.getAtIndex(FLOAT, row);
              RmsNormRows.backward(dys, xs, w, dxs, r, shares, share, (long) row * cols, cols);
            }
          });
      ColumnSums.addShares(shares, blocks, stride, dws, cols);
    }
    F32.keep(dY, x, weight, rstd, dX, dWeight);
  }
}
