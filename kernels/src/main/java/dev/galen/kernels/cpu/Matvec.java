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
 * That speed asks for few streams, so every task reads its part of B from front to end, a row at a
 * time.
 *
 * <p>B stored {@code [n, k]}: a dot product per row. B stored {@code [k, n]}: tasks of {@code DEEP}
 * rows, each times its element of x added to a strip of sums that stays in L1; the tasks' sums are
 * added in the order of the rows, so that each element has one order of summation for any number of
 * threads. Measure again with {@code MatmulSpeed}.
 */
final class Matvec {
  /**
   * The most positions of a sequence that are computed here: the most rows of A for which reading B
   * in place is sure to beat packing it. It goes by sequence, not by rows, so that a sequence has
   * the same bits in any batch.
   */
  static final int FEW = 4;

  /** The most sequences; of more, the packed product is faster, and the order of sums is its. */
  private static final int MOST_SEQUENCES = 16;

  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;
  private static final int DEEP = 64;
  private static final int WIDE = 4096;
  private static final int DOTS = 64;

  private final WorkerPool pool;
  private final Scratch shared = new Scratch();

  Matvec(WorkerPool pool) {
    this.pool = pool;
  }

  /** Whether a product is one of few rows, and a task's part of B within reach of an int. */
  static boolean takes(MatmulShape s) {
    long part = Math.max((long) DEEP * s.n(), (long) DOTS * s.k());
    return s.batch() == 1
        && s.sequence() <= FEW
        && s.m() <= (long) MOST_SEQUENCES * s.sequence()
        && part <= Integer.MAX_VALUE;
  }

  /** A product that {@link #takes} takes. */
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
          (from, to, scratch) -> dots(s, x, b, from, to, bias, c, accumulate, scratch));
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

  /** Columns {@code from} to {@code to - 1} of C, for which B has a row each. */
  private static void dots(
      MatmulShape s,
      float[] x,
      MemorySegment b,
      int from,
      int to,
      MemorySegment bias,
      MemorySegment c,
      boolean accumulate,
      Scratch scratch) {
    int k = s.k();
    MemorySegment rows = Elementwise.slice(b, (long) from * k, (long) (to - from) * k);
    float[] partial = scratch.floats(0, FEW * DOTS * L);
    float[] sums = scratch.floats(1, DOTS + L);
    for (int first = 0; first < s.m(); first += FEW) {
      int count = Math.min(FEW, s.m() - first);
      for (int j = 0; j < to - from; j++) {
        int i = 0;
        for (; i < count - 1 && s.m() > FEW; i += 2) {
          int at = (first + i) * stride(k);
          dots(rows, j * k, x, at, at + stride(k), k, partial, (i * DOTS + j) * L);
        }
        for (; i < count; i++) {
          dot(rows, j * k, x, (first + i) * stride(k), k, partial, (i * DOTS + j) * L);
        }
      }
      for (int i = 0; i < count; i++) {
        Lanes.fold(partial, i * DOTS * L, Math.ceilDiv(to - from, 4), sums, 0);
        put(sums, bias, from, c, (long) (first + i) * s.n() + from, to - from, accumulate);
      }
    }
  }

  /** A vector whose lanes sum up to the dot product of one row of B with x. */
  private static void dot(
      MemorySegment rows, int from, float[] x, int at, int k, float[] partial, int to) {
    var s0 = FloatVector.zero(F);
    var s1 = s0;
    var s2 = s0;
    var s3 = s0;
    int p = 0;
    for (; p <= k - 4 * L; p += 4 * L) {
      s0 = load(rows, from + p).fma(FloatVector.fromArray(F, x, at + p), s0);
      s1 = load(rows, from + p + L).fma(FloatVector.fromArray(F, x, at + p + L), s1);
      s2 = load(rows, from + p + 2 * L).fma(FloatVector.fromArray(F, x, at + p + 2 * L), s2);
      s3 = load(rows, from + p + 3 * L).fma(FloatVector.fromArray(F, x, at + p + 3 * L), s3);
    }
    for (; p <= k - L; p += L) {
      s0 = load(rows, from + p).fma(FloatVector.fromArray(F, x, at + p), s0);
    }
    if (p < k) {
      s1 = load(rows, from + p, tail(p, k)).fma(FloatVector.fromArray(F, x, at + p), s1);
    }
    s0.add(s1).add(s2.add(s3)).intoArray(partial, to);
  }

  /** What {@link #dot} gives for two rows of x, the second DOTS vectors behind the first. */
  private static void dots(
      MemorySegment rows, int from, float[] x, int at, int next, int k, float[] partial, int to) {
    var s0 = FloatVector.zero(F);
    var s1 = s0;
    var s2 = s0;
    var s3 = s0;
    var t0 = s0;
    var t1 = s0;
    var t2 = s0;
    var t3 = s0;
    int p = 0;
    for (; p <= k - 4 * L; p += 4 * L) {
      var b = load(rows, from + p);
      s0 = b.fma(FloatVector.fromArray(F, x, at + p), s0);
      t0 = b.fma(FloatVector.fromArray(F, x, next + p), t0);
      b = load(rows, from + p + L);
      s1 = b.fma(FloatVector.fromArray(F, x, at + p + L), s1);
      t1 = b.fma(FloatVector.fromArray(F, x, next + p + L), t1);
      b = load(rows, from + p + 2 * L);
      s2 = b.fma(FloatVector.fromArray(F, x, at + p + 2 * L), s2);
      t2 = b.fma(FloatVector.fromArray(F, x, next + p + 2 * L), t2);
      b = load(rows, from + p + 3 * L);
      s3 = b.fma(FloatVector.fromArray(F, x, at + p + 3 * L), s3);
      t3 = b.fma(FloatVector.fromArray(F, x, next + p + 3 * L), t3);
    }
    for (; p <= k - L; p += L) {
      var b = load(rows, from + p);
      s0 = b.fma(FloatVector.fromArray(F, x, at + p), s0);
      t0 = b.fma(FloatVector.fromArray(F, x, next + p), t0);
    }
    if (p < k) {
      var b = load(rows, from + p, tail(p, k));
      s1 = b.fma(FloatVector.fromArray(F, x, at + p), s1);
      t1 = b.fma(FloatVector.fromArray(F, x, next + p), t1);
    }
    s0.add(s1).add(s2.add(s3)).intoArray(partial, to);
    t0.add(t1).add(t2.add(t3)).intoArray(partial, to + DOTS * L);
  }

  private static void put(
      float[] sums,
      MemorySegment bias,
      int from,
      MemorySegment c,
      long at,
      int count,
      boolean accumulate) {
    for (int j = 0; j < count; j++) {
      float value = bias == null ? sums[j] : sums[j] + bias.getAtIndex(FLOAT, from + j);
      sums[j] = accumulate ? value + c.getAtIndex(FLOAT, at + j) : value;
    }
    MemorySegment.copy(sums, 0, c, FLOAT, at << 2, count);
  }

  private void sums(
      MatmulShape s,
      float[] x,
      MemorySegment b,
      MemorySegment bias,
      MemorySegment c,
      boolean accumulate) {
    int depths = Math.max(1, Math.ceilDiv(s.k(), DEEP));
    int strips = Math.ceilDiv(s.n(), WIDE);
    int width = stride(Math.ceilDiv(s.n(), strips));
    int stride = strips * width;
    float[] sums = shared.floats(1, depths * s.m() * stride);
    pool.run(
        depths * strips,
        (index, scratch) -> {
          int depth = index / strips;
          int j = index % strips * width;
          int cols = Math.min(width, s.n() - j);
          if (cols > 0) {
            strip(s, x, b, depth, j, cols, sums, stride, scratch.floats(0, s.m() * width), width);
          }
        });
    if (s.m() <= FEW) {
      for (int i = 0; i < s.m(); i++) {
        combine(s, i, sums, depths, stride, bias, c, accumulate);
      }
    } else {
      pool.run(s.m(), (i, scratch) -> combine(s, i, sums, depths, stride, bias, c, accumulate));
    }
  }

  /** The sums of {@code DEEP} rows of B, over {@code cols} columns from {@code j}. */
  private static void strip(
      MatmulShape s,
      float[] x,
      MemorySegment b,
      int depth,
      int j,
      int cols,
      float[] sums,
      int stride,
      float[] near,
      int width) {
    int first = depth * DEEP;
    int count = Math.min(DEEP, s.k() - first);
    Arrays.fill(near, 0, s.m() * width, 0f);
    if (count > 0) {
      MemorySegment rows =
          Elementwise.slice(b, (long) first * s.n() + j, (count - 1L) * s.n() + cols);
      for (int row = 0; row < s.m(); row += FEW) {
        int end = Math.min(s.m(), row + FEW);
        int p = 0;
        for (; p < count - 3 && s.m() > FEW; p += 4) {
          for (int i = row; i < end; i++) {
            add(rows, p * s.n(), s.n(), x, i * stride(s.k()) + first + p, near, i * width, cols);
          }
        }
        for (; p < count; p++) {
          for (int i = row; i < end; i++) {
            add(rows, p * s.n(), x[i * stride(s.k()) + first + p], near, i * width, cols);
          }
        }
      }
    }
    for (int i = 0; i < s.m(); i++) {
      System.arraycopy(near, i * width, sums, (depth * s.m() + i) * stride + j, width);
    }
  }

  private static void add(MemorySegment rows, int from, float x, float[] sums, int to, int cols) {
    var factor = FloatVector.broadcast(F, x);
    int j = 0;
    for (; j <= cols - L; j += L) {
      load(rows, from + j)
          .fma(factor, FloatVector.fromArray(F, sums, to + j))
          .intoArray(sums, to + j);
    }
    if (j < cols) {
      load(rows, from + j, tail(j, cols))
          .fma(factor, FloatVector.fromArray(F, sums, to + j))
          .intoArray(sums, to + j);
    }
  }

  /** The same of four rows, one after the other, with {@code ldb} from one to the next. */
  private static void add(
      MemorySegment rows, int from, int ldb, float[] x, int at, float[] sums, int to, int cols) {
    var x0 = FloatVector.broadcast(F, x[at]);
    var x1 = FloatVector.broadcast(F, x[at + 1]);
    var x2 = FloatVector.broadcast(F, x[at + 2]);
    var x3 = FloatVector.broadcast(F, x[at + 3]);
    int j = 0;
    for (; j <= cols - L; j += L) {
      var sum = load(rows, from + j).fma(x0, FloatVector.fromArray(F, sums, to + j));
      sum = load(rows, from + ldb + j).fma(x1, sum);
      sum = load(rows, from + 2 * ldb + j).fma(x2, sum);
      sum = load(rows, from + 3 * ldb + j).fma(x3, sum);
      sum.intoArray(sums, to + j);
    }
    if (j < cols) {
      var mask = tail(j, cols);
      var sum = load(rows, from + j, mask).fma(x0, FloatVector.fromArray(F, sums, to + j));
      sum = load(rows, from + ldb + j, mask).fma(x1, sum);
      sum = load(rows, from + 2 * ldb + j, mask).fma(x2, sum);
      sum = load(rows, from + 3 * ldb + j, mask).fma(x3, sum);
      sum.intoArray(sums, to + j);
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
