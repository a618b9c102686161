package dev.galen.kernels.cpu;

import static dev.galen.kernels.cpu.Lanes.F;
import static dev.galen.kernels.cpu.Lanes.L;
import static dev.galen.kernels.cpu.Lanes.load;
import static dev.galen.kernels.cpu.Lanes.store;
import static dev.galen.kernels.cpu.Lanes.tail;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/**
 * What softmax, its kin and the loss do with a row: the n elements from {@code from}, in every
 * operand. Each method takes its own slices: a slice that is passed on is an object on the heap.
 * For the same reason what an exponential leaves at the end of a row goes element by element: a
 * second vector form in one method is more than the compiler inlines, and it boxes the vectors it
 * passes.
 */
final class Rows {
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;
  private static final float LOW = Float.NEGATIVE_INFINITY;

  private Rows() {}

  /** The largest element; NaN if any is, negative infinity of none. */
  static float max(MemorySegment x, long from, int n) {
    var xs = Elementwise.slice(x, from, n);
    var max0 = FloatVector.broadcast(F, LOW);
    var max1 = max0;
    int j = 0;
    for (; j <= n - 2 * L; j += 2 * L) {
      max0 = max0.max(load(xs, j));
      max1 = max1.max(load(xs, j + L));
    }
    for (; j <= n - L; j += L) {
      max0 = max0.max(load(xs, j));
    }
    if (j < n) {
      var mask = tail(j, n);
      max1 = max1.lanewise(VectorOperators.MAX, load(xs, j, mask), mask);
    }
    return Lanes.max(max0.max(max1));
  }

  /** The sum. */
  static float sum(MemorySegment x, long from, int n) {
    var xs = Elementwise.slice(x, from, n);
    var sum0 = FloatVector.zero(F);
    var sum1 = FloatVector.zero(F);
    int j = 0;
    for (; j <= n - 2 * L; j += 2 * L) {
      sum0 = sum0.add(load(xs, j));
      sum1 = sum1.add(load(xs, j + L));
    }
    for (; j <= n - L; j += L) {
      sum0 = sum0.add(load(xs, j));
    }
    if (j < n) {
      sum1 = sum1.add(load(xs, j, tail(j, n)));
    }
    return Lanes.sum(sum0.add(sum1));
  }

  /** The sum of products. */
  static float dot(MemorySegment x, MemorySegment y, long from, int n) {
    return dot(x, from, y, from, n);
  }

  /** The same of elements that begin at different places. */
  static float dot(MemorySegment x, long xFrom, MemorySegment y, long yFrom, int n) {
    var xs = Elementwise.slice(x, xFrom, n);
    var ys = Elementwise.slice(y, yFrom, n);
    var sum0 = FloatVector.zero(F);
    var sum1 = FloatVector.zero(F);
    int j = 0;
    for (; j <= n - 2 * L; j += 2 * L) {
      sum0 = load(xs, j).fma(load(ys, j), sum0);
      sum1 = load(xs, j + L).fma(load(ys, j + L), sum1);
    }
    for (; j <= n - L; j += L) {
      sum0 = load(xs, j).fma(load(ys, j), sum0);
    }
    if (j < n) {
      var mask = tail(j, n);
      sum1 = load(xs, j, mask).fma(load(ys, j, mask), sum1);
    }
    return Lanes.sum(sum0.add(sum1));
  }

  /** The sum of e^(x - shift). */
  static float sumExp(MemorySegment x, float shift, long from, int n) {
    var xs = Elementwise.slice(x, from, n);
    var sums = FloatVector.zero(F);
    int j = 0;
    for (; j <= n - L; j += L) {
      sums = sums.add(VectorMath.exp(load(xs, j).sub(shift)));
    }
    float sum = Lanes.sum(sums);
    for (; j < n; j++) {
      sum += ScalarExp.of(xs.getAtIndex(FLOAT, j) - shift);
    }
    return sum;
  }

  /** {@code y = factor e^(x - shift)}. */
  static void scaledExp(
      MemorySegment x, float shift, float factor, MemorySegment y, long from, int n) {
    var xs = Elementwise.slice(x, from, n);
    var ys = Elementwise.slice(y, from, n);
    int j = 0;
    for (; j <= n - L; j += L) {
      store(VectorMath.exp(load(xs, j).sub(shift)).mul(factor), ys, j);
    }
    for (; j < n; j++) {
      ys.setAtIndex(FLOAT, j, ScalarExp.of(xs.getAtIndex(FLOAT, j) - shift) * factor);
    }
  }

  /** {@code y = factor x + shift}. */
  static void affine(
      MemorySegment x, float factor, float shift, MemorySegment y, long from, int n) {
    var xs = Elementwise.slice(x, from, n);
    var ys = Elementwise.slice(y, from, n);
    var factors = FloatVector.broadcast(F, factor);
    var shifts = FloatVector.broadcast(F, shift);
    int j = 0;
    for (; j <= n - L; j += L) {
      store(load(xs, j).fma(factors, shifts), ys, j);
    }
    if (j < n) {
      var mask = tail(j, n);
      store(load(xs, j, mask).fma(factors, shifts), ys, j, mask);
    }
  }

  /** {@code dX = y (dY - dot)}. */
  static void softmaxBackward(
      MemorySegment y, MemorySegment dY, float dot, MemorySegment dX, long from, int n) {
    var ys = Elementwise.slice(y, from, n);
    var dYs = Elementwise.slice(dY, from, n);
    var dXs = Elementwise.slice(dX, from, n);
    int j = 0;
    for (; j <= n - L; j += L) {
      store(load(ys, j).mul(load(dYs, j).sub(dot)), dXs, j);
    }
    if (j < n) {
      var mask = tail(j, n);
      store(load(ys, j, mask).mul(load(dYs, j, mask).sub(dot)), dXs, j, mask);
    }
  }

  /** {@code dX = dY - e^y sum}. */
  static void logSoftmaxBackward(
      MemorySegment y, MemorySegment dY, float sum, MemorySegment dX, long from, int n) {
    var ys = Elementwise.slice(y, from, n);
    var dYs = Elementwise.slice(dY, from, n);
    var dXs = Elementwise.slice(dX, from, n);
    var factor = FloatVector.broadcast(F, -sum);
    int j = 0;
    for (; j <= n - L; j += L) {
      store(VectorMath.exp(load(ys, j)).fma(factor, load(dYs, j)), dXs, j);
    }
    for (; j < n; j++) {
      float p = ScalarExp.of(ys.getAtIndex(FLOAT, j));
      dXs.setAtIndex(FLOAT, j, Math.fma(p, -sum, dYs.getAtIndex(FLOAT, j)));
    }
  }

  /** The first place of the largest element; a NaN is the largest of all. */
  static int argmax(MemorySegment x, long from, int n) {
    var xs = Elementwise.slice(x, from, n);
    float max = max(x, from, n);
    boolean nan = Float.isNaN(max);
    for (int j = 0; j < n; j += L) {
      var mask = tail(j, n);
      var v = load(xs, j, mask);
      var hit = nan ? v.test(VectorOperators.IS_NAN) : v.compare(VectorOperators.EQ, max);
      hit = hit.and(mask);
      if (hit.anyTrue()) {
        return j + hit.firstTrue();
      }
    }
    return 0;
  }
}
