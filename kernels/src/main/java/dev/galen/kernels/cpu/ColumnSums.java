package dev.galen.kernels.cpu;

import static dev.galen.kernels.cpu.Lanes.F;
import static dev.galen.kernels.cpu.Lanes.L;
import static dev.galen.kernels.cpu.Lanes.load;
import static dev.galen.kernels.cpu.Lanes.store;
import static dev.galen.kernels.cpu.Lanes.tail;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;

/**
 * Sums over rows. A task owns {@code 8 L} columns and walks down all rows with eight accumulators
 * in registers, so that a cache line is read once and no shares have to be added.
 */
final class ColumnSums {
  private static final int WIDTH = 8 * L;

  private ColumnSums() {}

  /** {@code y[j] = sum_i x[i, j]}, or {@code +=}. */
  static void sum(
      WorkerPool pool, MemorySegment x, MemorySegment y, int rows, int cols, boolean accumulate) {
    pool.rows(
        cols,
        WIDTH,
        (from, to, _) -> {
          if (to - from == WIDTH) {
            strip(x, y, from, rows, cols, accumulate);
          } else {
            for (int j = from; j < to; j += L) {
              narrow(x, y, j, to, rows, cols, accumulate);
            }
          }
        });
  }

  private static void strip(
      MemorySegment x, MemorySegment y, int j, int rows, int cols, boolean accumulate) {
    var s0 = FloatVector.zero(F);
    var s1 = s0;
    var s2 = s0;
    var s3 = s0;
    var s4 = s0;
    var s5 = s0;
    var s6 = s0;
    var s7 = s0;
    for (int i = 0; i < rows; i++) {
      long at = (long) i * cols + j;
      s0 = s0.add(load(x, at));
      s1 = s1.add(load(x, at + L));
      s2 = s2.add(load(x, at + 2L * L));
      s3 = s3.add(load(x, at + 3L * L));
      s4 = s4.add(load(x, at + 4L * L));
      s5 = s5.add(load(x, at + 5L * L));
      s6 = s6.add(load(x, at + 6L * L));
      s7 = s7.add(load(x, at + 7L * L));
    }
    put(s0, y, j, accumulate);
    put(s1, y, j + L, accumulate);
    put(s2, y, j + 2 * L, accumulate);
    put(s3, y, j + 3 * L, accumulate);
    put(s4, y, j + 4 * L, accumulate);
    put(s5, y, j + 5 * L, accumulate);
    put(s6, y, j + 6 * L, accumulate);
    put(s7, y, j + 7 * L, accumulate);
  }

  private static void put(FloatVector sum, MemorySegment y, int j, boolean accumulate) {
    if (accumulate) {
      store(sum.add(load(y, j)), y, j);
    } else {
      store(sum, y, j);
    }
  }

  private static void narrow(
      MemorySegment x, MemorySegment y, int j, int end, int rows, int cols, boolean accumulate) {
    var mask = tail(j, end);
    var sum = FloatVector.zero(F);
    for (int i = 0; i < rows; i++) {
      sum = sum.add(load(x, (long) i * cols + j, mask));
    }
    if (accumulate) {
      sum = sum.add(load(y, j, mask));
    }
    store(sum, y, j, mask);
  }

  /** {@code y[j] += sum_b shares[b, j]}, in the order of b. */
  static void addShares(float[] shares, int blocks, int stride, MemorySegment y, int cols) {
    for (int j = 0; j < cols; j += L) {
      var sum = FloatVector.zero(F);
      for (int b = 0; b < blocks; b++) {
        sum = sum.add(FloatVector.fromArray(F, shares, b * stride + j));
      }
      var mask = tail(j, cols);
      store(sum.add(load(y, j, mask)), y, j, mask);
    }
  }
}
