package dev.galen.kernels.cpu;

import static dev.galen.kernels.cpu.Lanes.F;
import static dev.galen.kernels.cpu.Lanes.L;
import static dev.galen.kernels.cpu.Lanes.load;
import static dev.galen.kernels.cpu.Lanes.store;
import static dev.galen.kernels.cpu.Lanes.tail;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/** What softmax, its kin and the loss do with one row of n elements. */
final class Rows {
  private static final float LOW = Float.NEGATIVE_INFINITY;

  private Rows() {}

  /** The largest element; NaN if any is, negative infinity of none. */
  static float max(MemorySegment x, int n) {
    var max0 = FloatVector.broadcast(F, LOW);
    var max1 = max0;
    int j = 0;
    for (; j <= n - 2 * L; j += 2 * L) {
      max0 = max0.max(load(x, j));
      max1 = max1.max(load(x, j + L));
    }
    for (; j <= n - L; j += L) {
      max0 = max0.max(load(x, j));
    }
    if (j < n) {
      var mask = tail(j, n);
      max1 = max1.lanewise(VectorOperators.MAX, load(x, j, mask), mask);
    }
    return Lanes.max(max0.max(max1));
  }

  /** The sum. */
  static float sum(MemorySegment x, int n) {
    var sum0 = FloatVector.zero(F);
    var sum1 = FloatVector.zero(F);
    int j = 0;
    for (; j <= n - 2 * L; j += 2 * L) {
      sum0 = sum0.add(load(x, j));
      sum1 = sum1.add(load(x, j + L));
    }
    for (; j <= n - L; j += L) {
      sum0 = sum0.add(load(x, j));
    }
    if (j < n) {
      sum1 = sum1.add(load(x, j, tail(j, n)));
    }
    return Lanes.sum(sum0.add(sum1));
  }

  /** The sum of products. */
  static float dot(MemorySegment x, MemorySegment y, int n) {
    var sum0 = FloatVector.zero(F);
    var sum1 = FloatVector.zero(F);
    int j = 0;
    for (; j <= n - 2 * L; j += 2 * L) {
      sum0 = load(x, j).fma(load(y, j), sum0);
      sum1 = load(x, j + L).fma(load(y, j + L), sum1);
    }
    for (; j <= n - L; j += L) {
      sum0 = load(x, j).fma(load(y, j), sum0);
    }
    if (j < n) {
      var mask = tail(j, n);
      sum1 = load(x, j, mask).fma(load(y, j, mask), sum1);
    }
    return Lanes.sum(sum0.add(sum1));
  }

  /** The sum of e^(x - shift). */
  static float sumExp(MemorySegment x, float shift, int n) {
    var sum = FloatVector.zero(F);
    int j = 0;
    for (; j <= n - L; j += L) {
      sum = sum.add(VectorMath.exp(load(x, j).sub(shift)));
    }
    if (j < n) {
      var mask = tail(j, n);
      sum = sum.add(VectorMath.exp(load(x, j, mask).sub(shift)), mask);
    }
    return Lanes.sum(sum);
  }

  /** {@code y = e^(x - shift)}. */
  static void exp(MemorySegment x, float shift, MemorySegment y, int n) {
    int j = 0;
    for (; j <= n - L; j += L) {
      store(VectorMath.exp(load(x, j).sub(shift)), y, j);
    }
    if (j < n) {
      var mask = tail(j, n);
      store(VectorMath.exp(load(x, j, mask).sub(shift)), y, j, mask);
    }
  }

  /** {@code y = factor e^(x - shift)}. */
  static void scaledExp(MemorySegment x, float shift, float factor, MemorySegment y, int n) {
    int j = 0;
    for (; j <= n - L; j += L) {
      store(VectorMath.exp(load(x, j).sub(shift)).mul(factor), y, j);
    }
    if (j < n) {
      var mask = tail(j, n);
      store(VectorMath.exp(load(x, j, mask).sub(shift)).mul(factor), y, j, mask);
    }
  }

  /** {@code y = factor x + shift}. */
  static void affine(MemorySegment x, float factor, float shift, MemorySegment y, int n) {
    var factors = FloatVector.broadcast(F, factor);
    var shifts = FloatVector.broadcast(F, shift);
    int j = 0;
    for (; j <= n - L; j += L) {
      store(load(x, j).fma(factors, shifts), y, j);
    }
    if (j < n) {
      var mask = tail(j, n);
      store(load(x, j, mask).fma(factors, shifts), y, j, mask);
    }
  }

  /** {@code dX = y (dY - dot)}. */
  static void softmaxBackward(
      MemorySegment y, MemorySegment dY, float dot, MemorySegment dX, int n) {
    int j = 0;
    for (; j <= n - L; j += L) {
      store(load(y, j).mul(load(dY, j).sub(dot)), dX, j);
    }
    if (j < n) {
      var mask = tail(j, n);
      store(load(y, j, mask).mul(load(dY, j, mask).sub(dot)), dX, j, mask);
    }
  }

  /** {@code dX = dY - e^y sum}. */
  static void logSoftmaxBackward(
      MemorySegment y, MemorySegment dY, float sum, MemorySegment dX, int n) {
    var factor = FloatVector.broadcast(F, -sum);
    int j = 0;
    for (; j <= n - L; j += L) {
      store(VectorMath.exp(load(y, j)).fma(factor, load(dY, j)), dX, j);
    }
    if (j < n) {
      var mask = tail(j, n);
      store(VectorMath.exp(load(y, j, mask)).fma(factor, load(dY, j, mask)), dX, j, mask);
    }
  }

  /** The first place of the largest element; a NaN is the largest of all. */
  static int argmax(MemorySegment x, int n) {
    float max = max(x, n);
    boolean nan = Float.isNaN(max);
    for (int j = 0; j < n; j += L) {
      var mask = tail(j, n);
      var v = load(x, j, mask);
      var hit = nan ? v.test(VectorOperators.IS_NAN) : v.compare(VectorOperators.EQ, max);
      hit = hit.and(mask);
      if (hit.anyTrue()) {
        return j + hit.firstTrue();
      }
    }
    return 0;
  }
}
