package dev.galen.kernels.cpu;

import static dev.galen.kernels.cpu.Lanes.F;
import static dev.galen.kernels.cpu.Lanes.L;
import static dev.galen.kernels.cpu.Lanes.load;
import static dev.galen.kernels.cpu.Lanes.store;
import static dev.galen.kernels.cpu.Lanes.tail;

import dev.galen.tensor.backend.MatmulShape;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;

/**
 * Products of a few rows, as in decoding: B is read once, where it lies, at the speed of memory.
 *
 * <p>B stored {@code [n, k]}: dot products, four rows of B at a time. B stored {@code [k, n]}:
 * tasks of {@code DEEP} rows by {@code WIDE} columns, eight rows at a time added into a strip of
 * sums that stays in L1; the tasks' sums are added in the order of the rows, so that each element
 * has one order of summation for any number of threads. Measure again with {@code MatmulSpeed}.
 */
final class Matvec {
  /** The most rows of A for which reading B in place beats packing it. */
  static final int MOST_ROWS = 4;

  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;
  private static final int DEEP = 192;
  private static final int WIDE = 512;
  private static final int DOTS = 32;

  private final WorkerPool pool;
  private final Scratch shared = new Scratch();

  Matvec(WorkerPool pool) {
    this.pool = pool;
  }

  /** A product with one batch and at most {@code MOST_ROWS} rows. */
  synchronized void multiply(
      MatmulShape s,
      MemorySegment a,
      MemorySegment b,
      MemorySegment bias,
      MemorySegment c,
      boolean accumulate) {
    float[] x = rows(s, a);
    if (s.transposeB()) {
      pool.rows(
          s.n(),
          DOTS,
          (from, to, _) -> {
            for (int j = from; j < to; j += 4) {
              for (int i = 0; i < s.m(); i++) {
                dots(s, x, i, b, j, Math.min(to, j + 4), bias, c, accumulate);
              }
            }
          });
    } else {
      sums(s, x, b, bias, c, accumulate);
    }
  }

  /** A as rows of whole vectors, zeros at their ends. */
  private float[] rows(MatmulShape s, MemorySegment a) {
    int stride = stride(s.k());
    float[] x = shared.floats(0, s.m() * stride);
    Arrays.fill(x, 0, s.m() * stride, 0f);
    for (int i = 0; i < s.m(); i++) {
      if (s.transposeA()) {
        for (int p = 0; p < s.k(); p++) {
          x[i * stride + p] = a.getAtIndex(FLOAT, (long) p * s.m() + i);
        }
      } else {
        MemorySegment.copy(a, FLOAT, 4L * i * s.k(), x, i * stride, s.k());
      }
    }
    return x;
  }

  private static void dots(
      MatmulShape s,
      float[] x,
      int i,
      MemorySegment b,
      int j,
      int end,
      MemorySegment bias,
      MemorySegment c,
      boolean accumulate) {
    int at = i * stride(s.k());
    MemorySegment rows = Streams.slice(b, (long) j * s.k(), (long) (end - j) * s.k());
    if (end - j == 4) {
      dots4(s, x, at, i, rows, j, bias, c, accumulate);
    } else {
      for (int r = 0; r < end - j; r++) {
        put(s, i, j + r, dot(x, at, rows, r * s.k(), s.k()), bias, c, accumulate);
      }
    }
  }

  private static void dots4(
      MatmulShape s,
      float[] x,
      int at,
      int i,
      MemorySegment rows,
      int j,
      MemorySegment bias,
      MemorySegment c,
      boolean accumulate) {
    int k = s.k();
    var s0 = FloatVector.zero(F);
    var s1 = s0;
    var s2 = s0;
    var s3 = s0;
    int p = 0;
    for (; p <= k - L; p += L) {
      var v = FloatVector.fromArray(F, x, at + p);
      s0 = load(rows, p).fma(v, s0);
      s1 = load(rows, p + k).fma(v, s1);
      s2 = load(rows, p + 2 * k).fma(v, s2);
      s3 = load(rows, p + 3 * k).fma(v, s3);
    }
    if (p < k) {
      var mask = tail(p, k);
      var v = FloatVector.fromArray(F, x, at + p);
      s0 = load(rows, p, mask).fma(v, s0);
      s1 = load(rows, p + k, mask).fma(v, s1);
      s2 = load(rows, p + 2 * k, mask).fma(v, s2);
      s3 = load(rows, p + 3 * k, mask).fma(v, s3);
    }
    put(s, i, j, Lanes.sum(s0), bias, c, accumulate);
    put(s, i, j + 1, Lanes.sum(s1), bias, c, accumulate);
    put(s, i, j + 2, Lanes.sum(s2), bias, c, accumulate);
    put(s, i, j + 3, Lanes.sum(s3), bias, c, accumulate);
  }

  private static float dot(float[] x, int at, MemorySegment rows, int from, int k) {
    var sum = FloatVector.zero(F);
    int p = 0;
    for (; p <= k - L; p += L) {
      sum = load(rows, from + p).fma(FloatVector.fromArray(F, x, at + p), sum);
    }
    if (p < k) {
      sum = load(rows, from + p, tail(p, k)).fma(FloatVector.fromArray(F, x, at + p), sum);
    }
    return Lanes.sum(sum);
  }

  private static void put(
      MatmulShape s,
      int i,
      int j,
      float sum,
      MemorySegment bias,
      MemorySegment c,
      boolean accumulate) {
    long at = (long) i * s.n() + j;
    float value = bias == null ? sum : sum + bias.getAtIndex(FLOAT, j);
    c.setAtIndex(FLOAT, at, accumulate ? value + c.getAtIndex(FLOAT, at) : value);
  }

  private void sums(
      MatmulShape s,
      float[] x,
      MemorySegment b,
      MemorySegment bias,
      MemorySegment c,
      boolean accumulate) {
    int depths = Math.max(1, (s.k() + DEEP - 1) / DEEP);
    int strips = (s.n() + WIDE - 1) / WIDE;
    int width = stride((s.n() + strips - 1) / strips);
    int stride = strips * width;
    float[] sums = shared.floats(1, depths * s.m() * stride);
    pool.run(
        depths * strips,
        (index, _) -> {
          int depth = index / strips;
          int j = index % strips * width;
          int cols = Math.min(width, s.n() - j);
          for (int i = 0; i < s.m() && cols > 0; i++) {
            int to = (depth * s.m() + i) * stride + j;
            Arrays.fill(sums, to, to + width, 0f);
          }
          int end = Math.min(s.k(), (depth + 1) * DEEP);
          for (int p = depth * DEEP; p < end && cols > 0; p += 8) {
            int count = Math.min(8, end - p);
            long first = (long) p * s.n() + j;
            var rows = Streams.slice(b, first, (count - 1L) * s.n() + cols);
            for (int i = 0; i < s.m(); i++) {
              int to = (depth * s.m() + i) * stride + j;
              int from = i * stride(s.k()) + p;
              if (count == 8) {
                add8(rows, s.n(), x, from, sums, to, cols);
              } else {
                for (int r = 0; r < count; r++) {
                  add(rows, r * s.n(), x[from + r], sums, to, cols);
                }
              }
            }
          }
        });
    for (int i = 0; i < s.m(); i++) {
      combine(s, i, sums, depths, stride, bias, c, accumulate);
    }
  }

  /** Adds eight rows, each times its element of x. */
  private static void add8(
      MemorySegment rows, int n, float[] x, int from, float[] sums, int to, int cols) {
    var x0 = FloatVector.broadcast(F, x[from]);
    var x1 = FloatVector.broadcast(F, x[from + 1]);
    var x2 = FloatVector.broadcast(F, x[from + 2]);
    var x3 = FloatVector.broadcast(F, x[from + 3]);
    var x4 = FloatVector.broadcast(F, x[from + 4]);
    var x5 = FloatVector.broadcast(F, x[from + 5]);
    var x6 = FloatVector.broadcast(F, x[from + 6]);
    var x7 = FloatVector.broadcast(F, x[from + 7]);
    int j = 0;
    for (; j <= cols - L; j += L) {
      var even = load(rows, j).fma(x0, FloatVector.fromArray(F, sums, to + j));
      var odd = load(rows, j + n).mul(x1);
      even = load(rows, j + 2 * n).fma(x2, even);
      odd = load(rows, j + 3 * n).fma(x3, odd);
      even = load(rows, j + 4 * n).fma(x4, even);
      odd = load(rows, j + 5 * n).fma(x5, odd);
      even = load(rows, j + 6 * n).fma(x6, even);
      odd = load(rows, j + 7 * n).fma(x7, odd);
      even.add(odd).intoArray(sums, to + j);
    }
    if (j < cols) {
      var mask = tail(j, cols);
      var even = load(rows, j, mask).fma(x0, FloatVector.fromArray(F, sums, to + j));
      var odd = load(rows, j + n, mask).mul(x1);
      even = load(rows, j + 2 * n, mask).fma(x2, even);
      odd = load(rows, j + 3 * n, mask).fma(x3, odd);
      even = load(rows, j + 4 * n, mask).fma(x4, even);
      odd = load(rows, j + 5 * n, mask).fma(x5, odd);
      even = load(rows, j + 6 * n, mask).fma(x6, even);
      odd = load(rows, j + 7 * n, mask).fma(x7, odd);
      even.add(odd).intoArray(sums, to + j);
    }
  }

  private static void add(MemorySegment rows, int from, float x, float[] sums, int to, int cols) {
    var factor = FloatVector.broadcast(F, x);
    for (int j = 0; j < cols; j += L) {
      load(rows, from + j, tail(j, cols))
          .fma(factor, FloatVector.fromArray(F, sums, to + j))
          .intoArray(sums, to + j);
    }
  }

  /** Adds the sums of all depths of row i, in order, and the bias. */
  private static void combine(
      MatmulShape s,
      int i,
      float[] sums,
      int depths,
      int stride,
      MemorySegment bias,
      MemorySegment c,
      boolean accumulate) {
    for (int j = 0; j < s.n(); j += L) {
      var mask = tail(j, s.n());
      var sum = FloatVector.fromArray(F, sums, i * stride + j);
      for (int d = 1; d < depths; d++) {
        sum = sum.add(FloatVector.fromArray(F, sums, (d * s.m() + i) * stride + j));
      }
      if (bias != null) {
        sum = sum.add(load(bias, j, mask));
      }
      if (accumulate) {
        sum = sum.add(load(c, (long) i * s.n() + j, mask));
      }
      store(sum, c, (long) i * s.n() + j, mask);
    }
  }

  private static int stride(int length) {
    return (length + L - 1) / L * L;
  }
}
