package dev.galen.kernels.cpu;

import static dev.galen.kernels.cpu.Lanes.F;
import static dev.galen.kernels.cpu.Lanes.L;
import static dev.galen.kernels.cpu.Lanes.load;
import static dev.galen.kernels.cpu.Lanes.store;
import static dev.galen.kernels.cpu.Lanes.tail;

import dev.galen.tensor.DType;
import dev.galen.tensor.backend.ReduceKernels;
import dev.galen.tensor.backend.Reduction;
import dev.galen.tensor.backend.Span;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Reductions and softmax: rows by {@link Rows}, several to a task; columns by {@link ColumnSums};
 * sums over everything by chunks whose double sums are added in order.
 */
final class VectorReduce implements ReduceKernels {
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;
  private static final ValueLayout.OfDouble DOUBLE = ValueLayout.JAVA_DOUBLE_UNALIGNED;
  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
  private static final VectorSpecies<Double> D = VectorSpecies.of(double.class, F.vectorShape());
  private static final int TASK = 1 << 14;

  private final WorkerPool pool;
  private final ReduceKernels reference;
  private double[] results = {};

  VectorReduce(WorkerPool pool, ReduceKernels reference) {
    this.pool = pool;
    this.reference = reference;
  }

  /** How many rows of {@code cols} elements make a task. */
  static int block(int cols) {
    return Math.max(1, TASK / Math.max(1, cols));
  }

  @Override
  public void reduce(Reduction f, Span x, Span y, int outer, int length, int inner) {
    if (!F32.all(x, y)) {
      reference.reduce(f, x, y, outer, length, inner);
      return;
    }
    var xs = F32.memory("x", x, (long) outer * length * inner);
    var ys = F32.memory("y", y, (long) outer * inner);
    float scale = f == Reduction.MEAN ? 1f / length : 1f;
    if (inner == 1) {
      pool.rows(
          outer,
          block(length),
          (from, to, _) -> {
            for (int row = from; row < to; row++) {
              long start = (long) row * length;
              float result =
                  f == Reduction.MAX
                      ? Rows.max(xs, start, length)
                      : Rows.sum(xs, start, length) * scale;
              ys.setAtIndex(FLOAT, row, result);
            }
          });
    } else {
      int strips = (inner + L - 1) / L;
      pool.rows(
          Math.multiplyExact(outer, strips),
          block(length * L),
          (from, to, _) -> {
            for (int i = from; i < to; i++) {
              int row = i / strips;
              int j = i % strips * L;
              if (f == Reduction.MAX) {
                stripMax(xs, ys, row, j, length, inner);
              } else {
                stripSum(xs, ys, row, j, length, inner, scale);
              }
            }
          });
    }
    F32.keep(x, y);
  }

  private static void stripSum(
      MemorySegment x, MemorySegment y, int row, int j, int length, int inner, float scale) {
    long start = (long) row * length * inner + j;
    var mask = tail(j, inner);
    var sum = FloatVector.zero(F);
    for (int i = 0; i < length; i++) {
      sum = sum.add(load(x, start + (long) i * inner, mask));
    }
    store(sum.mul(scale), y, (long) row * inner + j, mask);
  }

  private static void stripMax(
      MemorySegment x, MemorySegment y, int row, int j, int length, int inner) {
    long start = (long) row * length * inner + j;
    var mask = tail(j, inner);
    var max = FloatVector.broadcast(F, Float.NEGATIVE_INFINITY);
    for (int i = 0; i < length; i++) {
      max = max.max(load(x, start + (long) i * inner, mask));
    }
    store(max, y, (long) row * inner + j, mask);
  }

  @Override
  public void columnSum(Span x, Span y, int rows, int cols, boolean accumulate) {
    if (!F32.all(x, y)) {
      reference.columnSum(x, y, rows, cols, accumulate);
      return;
    }
    var xs = F32.memory("x", x, (long) rows * cols);
    ColumnSums.sum(pool, xs, F32.memory("y", y, cols), rows, cols, accumulate);
    F32.keep(x, y);
  }

  @Override
  public void argmax(Span x, Span index, int rows, int cols) {
    if (!F32.all(x) || index.dtype() != DType.I32) {
      reference.argmax(x, index, rows, cols);
      return;
    }
    if (cols == 0 && rows > 0) {
      throw new IllegalArgumentException("argmax of " + rows + " rows without elements");
    }
    var xs = F32.memory("x", x, (long) rows * cols);
    var indices = F32.memory("index", index, rows);
    pool.rows(
        rows,
        block(cols),
        (from, to, _) -> {
          for (int row = from; row < to; row++) {
            indices.setAtIndex(INT, row, Rows.argmax(xs, (long) row * cols, cols));
          }
        });
    F32.keep(x, index);
  }

  /** What is done with the row that starts at element {@code from}. */
  private interface RowKernel {
    void run(MemorySegment a, MemorySegment b, MemorySegment out, long from);
  }

  /** Runs a kernel of two inputs and one output on every row. */
  private void eachRow(Span a, Span b, Span out, int rows, int cols, RowKernel kernel) {
    var as = F32.memory("the first operand", a, (long) rows * cols);
    var bs = F32.memory("the second operand", b, (long) rows * cols);
    var outs = F32.memory("the result", out, (long) rows * cols);
    pool.rows(
        rows,
        block(cols),
        (from, to, _) -> {
          for (int row = from; row < to; row++) {
            kernel.run(as, bs, outs, (long) row * cols);
          }
        });
    F32.keep(a, b, out);
  }

  @Override
  public void softmax(Span x, Span y, int rows, int cols) {
    if (!F32.all(x, y)) {
      reference.softmax(x, y, rows, cols);
      return;
    }
    eachRow(
        x,
        x,
        y,
        rows,
        cols,
        (in, _, out, from) -> {
          Rows.scaledExp(in, Rows.max(in, from, cols), 1, out, from, cols);
          Rows.affine(out, 1f / Rows.sum(out, from, cols), 0f, out, from, cols);
        });
  }

  @Override
  public void softmaxBackward(Span y, Span dY, Span dX, int rows, int cols) {
    if (!F32.all(y, dY, dX)) {
      reference.softmaxBackward(y, dY, dX, rows, cols);
      return;
    }
    eachRow(
        y,
        dY,
        dX,
        rows,
        cols,
        (p, g, out, from) ->
            Rows.softmaxBackward(p, g, Rows.dot(p, g, from, cols), out, from, cols));
  }

  @Override
  public void logSoftmax(Span x, Span y, int rows, int cols) {
    if (!F32.all(x, y)) {
      reference.logSoftmax(x, y, rows, cols);
      return;
    }
    eachRow(
        x,
        x,
        y,
        rows,
        cols,
        (in, _, out, from) ->
            Rows.affine(in, 1f, -VectorLoss.logSumExp(in, from, cols), out, from, cols));
  }

  @Override
  public void logSoftmaxBackward(Span y, Span dY, Span dX, int rows, int cols) {
    if (!F32.all(y, dY, dX)) {
      reference.logSoftmaxBackward(y, dY, dX, rows, cols);
      return;
    }
    eachRow(
        y,
        dY,
        dX,
        rows,
        cols,
        (logP, g, out, from) ->
            Rows.logSoftmaxBackward(logP, g, Rows.sum(g, from, cols), out, from, cols));
  }

  @Override
  public void topSoftmax(Span x, Span index, Span y, int rows, int cols, int count) {
    if (!F32.all(x, y) || index.dtype() != DType.I32 || count < 1 || count > cols) {
      reference.topSoftmax(x, index, y, rows, cols, count);
      return;
    }
    var xs = F32.memory("x", x, (long) rows * cols);
    var indices = F32.memory("index", index, (long) rows * count);
    var ys = F32.memory("y", y, (long) rows * count);
    pool.rows(
        rows,
        block(cols * count),
        (from, to, _) -> {
          for (int row = from; row < to; row++) {
            TopRows.softmax(xs, (long) row * cols, cols, indices, ys, (long) row * count, count);
          }
        });
    F32.keep(x, index, y);
  }

  @Override
  public void topSoftmaxBackward(
      Span index, Span y, Span dY, Span dX, int rows, int cols, int count) {
    if (!F32.all(y, dY, dX) || index.dtype() != DType.I32 || count < 1 || count > cols) {
      reference.topSoftmaxBackward(index, y, dY, dX, rows, cols, count);
      return;
    }
    var indices = F32.memory("index", index, (long) rows * count);
    var ys = F32.memory("y", y, (long) rows * count);
    var dYs = F32.memory("dY", dY, (long) rows * count);
    var dXs = F32.memory("dX", dX, (long) rows * cols);
    pool.rows(
        rows,
        block(cols),
        (from, to, _) -> {
          for (int row = from; row < to; row++) {
            long at = (long) row * count;
            TopRows.backward(indices, ys, dYs, at, count, dXs, (long) row * cols, cols);
          }
        });
    F32.keep(index, y, dY, dX);
  }

  @Override
  public double sumOfSquares(Span x) {
    if (!F32.all(x)) {
      return reference.sumOfSquares(x);
    }
    return chunks(x, VectorReduce::squares);
  }

  @Override
  public boolean allFinite(Span x) {
    if (!F32.all(x)) {
      return reference.allFinite(x);
    }
    return chunks(x, VectorReduce::zeroIfFinite) == 0;
  }

  /** A number made of the {@code n} elements from {@code from}. */
  private interface ChunkFunction {
    double of(MemorySegment x, long from, int n, Scratch scratch);
  }

  /** The sum of what {@code f} makes of each chunk, in their order. */
  private synchronized double chunks(Span x, ChunkFunction f) {
    long length = x.length();
    var xs = F32.memory("x", x, length);
    int tasks = Math.toIntExact((length + TASK - 1) / TASK);
    if (results.length < tasks) {
      results = new double[tasks];
    }
    pool.run(
        tasks,
        (index, scratch) -> {
          long from = (long) index * TASK;
          int count = (int) Math.min(TASK, length - from);
          results[index] = f.of(xs, from, count, scratch);
        });
    F32.keep(x);
    double sum = 0;
    for (int i = 0; i < tasks; i++) {
      sum += results[i];
    }
    return sum;
  }

  private static double squares(MemorySegment x, long from, int n, Scratch scratch) {
    var xs = Elementwise.slice(x, from, n);
    var low = DoubleVector.zero(D);
    var high = DoubleVector.zero(D);
    int i = 0;
    for (; i <= n - L; i += L) {
      var v = load(xs, i);
      var d0 = (DoubleVector) v.convertShape(VectorOperators.F2D, D, 0);
      var d1 = (DoubleVector) v.convertShape(VectorOperators.F2D, D, 1);
      low = d0.fma(d0, low);
      high = d1.fma(d1, high);
    }
    MemorySegment lanes = scratch.lane(0);
    low.add(high).intoMemorySegment(lanes, 0, Lanes.NATIVE);
    double sum = 0;
    for (int lane = 0; lane < D.length(); lane++) {
      sum += lanes.getAtIndex(DOUBLE, lane);
    }
    for (; i < n; i++) {
      double value = xs.getAtIndex(FLOAT, i);
      sum += value * value;
    }
    return sum;
  }

  /** 0 where all are finite, else 1: 0 times infinity or NaN is NaN and stays so in a sum. */
  private static double zeroIfFinite(MemorySegment x, long from, int n, Scratch scratch) {
    var xs = Elementwise.slice(x, from, n);
    var zero = FloatVector.zero(F);
    var sum0 = zero;
    var sum1 = zero;
    int i = 0;
    for (; i <= n - 2 * L; i += 2 * L) {
      sum0 = load(xs, i).fma(zero, sum0);
      sum1 = load(xs, i + L).fma(zero, sum1);
    }
    for (; i < n; i += L) {
      sum0 = load(xs, i, tail(i, n)).fma(zero, sum0);
    }
    return sum0.add(sum1).compare(VectorOperators.EQ, 0f).allTrue() ? 0 : 1;
  }
}
