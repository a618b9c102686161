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
  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
  private static final VectorSpecies<Double> D = VectorSpecies.of(double.class, F.vectorShape());
  private static final int TASK = 1 << 14;

  private final WorkerPool pool;
  private final ReduceKernels reference;

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
              var in = Streams.slice(xs, (long) row * length, length);
              float result =
                  f == Reduction.MAX ? Rows.max(in, length) : Rows.sum(in, length) * scale;
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
              var in = Streams.slice(xs, (long) row * length * inner, (long) length * inner);
              var out = Streams.slice(ys, (long) row * inner, inner);
              if (f == Reduction.MAX) {
                stripMax(in, out, j, length, inner);
              } else {
                stripSum(in, out, j, length, inner, scale);
              }
            }
          });
    }
    F32.keep(x, y);
  }

  private static void stripSum(
      MemorySegment x, MemorySegment y, int j, int length, int inner, float scale) {
    var mask = tail(j, inner);
    var sum = FloatVector.zero(F);
    for (int i = 0; i < length; i++) {
      sum = sum.add(load(x, (long) i * inner + j, mask));
    }
    store(sum.mul(scale), y, j, mask);
  }

  private static void stripMax(MemorySegment x, MemorySegment y, int j, int length, int inner) {
    var mask = tail(j, inner);
    var max = FloatVector.broadcast(F, Float.NEGATIVE_INFINITY);
    for (int i = 0; i < length; i++) {
      max = max.max(load(x, (long) i * inner + j, mask));
    }
    store(max, y, j, mask);
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
            var in = Streams.slice(xs, (long) row * cols, cols);
            indices.setAtIndex(INT, row, Rows.argmax(in, cols));
          }
        });
    F32.keep(x, index);
  }

  /** What is done with a row. */
  private interface RowKernel {
    void run(MemorySegment a, MemorySegment b, MemorySegment out);
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
            long start = (long) row * cols;
            kernel.run(
                Streams.slice(as, start, cols),
                Streams.slice(bs, start, cols),
                Streams.slice(outs, start, cols));
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
        (in, _, out) -> {
          Rows.exp(in, Rows.max(in, cols), out, cols);
          Rows.affine(out, 1f / Rows.sum(out, cols), 0f, out, cols);
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
        (p, g, out) -> Rows.softmaxBackward(p, g, Rows.dot(p, g, cols), out, cols));
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
        (in, _, out) -> Rows.affine(in, 1f, -VectorLoss.logSumExp(in, cols), out, cols));
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
        (logP, g, out) -> Rows.logSoftmaxBackward(logP, g, Rows.sum(g, cols), out, cols));
  }

  @Override
  public double sumOfSquares(Span x) {
    if (!F32.all(x)) {
      return reference.sumOfSquares(x);
    }
    double[] sums = chunks(x, VectorReduce::squares);
    double sum = 0;
    for (double chunk : sums) {
      sum += chunk;
    }
    return sum;
  }

  @Override
  public boolean allFinite(Span x) {
    if (!F32.all(x)) {
      return reference.allFinite(x);
    }
    for (double chunk : chunks(x, VectorReduce::zeroIfFinite)) {
      if (chunk != 0) {
        return false;
      }
    }
    return true;
  }

  /** A number made of a piece of memory. */
  private interface ChunkFunction {
    double of(MemorySegment x, int n);
  }

  private double[] chunks(Span x, ChunkFunction f) {
    long length = x.length();
    var xs = F32.memory("x", x, length);
    var results = new double[Math.toIntExact((length + TASK - 1) / TASK)];
    pool.run(
        results.length,
        (index, _) -> {
          long from = (long) index * TASK;
          int count = (int) Math.min(TASK, length - from);
          results[index] = f.of(Streams.slice(xs, from, count), count);
        });
    F32.keep(x);
    return results;
  }

  private static double squares(MemorySegment x, int n) {
    var low = DoubleVector.zero(D);
    var high = DoubleVector.zero(D);
    int i = 0;
    for (; i <= n - L; i += L) {
      var v = load(x, i);
      var d0 = (DoubleVector) v.convertShape(VectorOperators.F2D, D, 0);
      var d1 = (DoubleVector) v.convertShape(VectorOperators.F2D, D, 1);
      low = d0.fma(d0, low);
      high = d1.fma(d1, high);
    }
    double sum = 0;
    for (double lane : low.add(high).toArray()) {
      sum += lane;
    }
    for (; i < n; i++) {
      double value = x.getAtIndex(FLOAT, i);
      sum += value * value;
    }
    return sum;
  }

  /** 0 where all are finite, else 1: 0 times infinity or NaN is NaN and stays so in a sum. */
  private static double zeroIfFinite(MemorySegment x, int n) {
    var zero = FloatVector.zero(F);
    var sum0 = zero;
    var sum1 = zero;
    int i = 0;
    for (; i <= n - 2 * L; i += 2 * L) {
      sum0 = load(x, i).fma(zero, sum0);
      sum1 = load(x, i + L).fma(zero, sum1);
    }
    for (; i < n; i += L) {
      sum0 = load(x, i, tail(i, n)).fma(zero, sum0);
    }
    return sum0.add(sum1).compare(VectorOperators.EQ, 0f).allTrue() ? 0 : 1;
  }
}
