package dev.galen.kernels.cpu;

import static dev.galen.kernels.cpu.Lanes.F;
import static dev.galen.kernels.cpu.Lanes.L;
import static dev.galen.kernels.cpu.Lanes.load;
import static dev.galen.kernels.cpu.Lanes.store;
import static dev.galen.kernels.cpu.Lanes.tail;

import dev.galen.tensor.backend.AttentionShape;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;

/**
 * Attention of a few queries to many keys, as in decoding: each key and each value is read once per
 * query where it lies, a task per row of a head. There is no tile to fill, so packing would cost
 * more than the arithmetic.
 */
record AttentionDecode(
    AttentionShape shape,
    MemorySegment q,
    MemorySegment k,
    MemorySegment v,
    MemorySegment keyMask,
    MemorySegment out,
    MemorySegment logSumExp) {
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;

  /** Keys whose products are added up together. */
  private static final int BLOCK = 64;

  void run(WorkerPool pool) {
    int rows = Math.multiplyExact(shape.batch(), shape.heads());
    pool.run(
        Math.multiplyExact(rows, shape.queryLength()),
        (index, scratch) -> {
          int t = index % shape.queryLength();
          int row = index / shape.queryLength();
          row(row / shape.heads(), row % shape.heads(), t, scratch);
        });
  }

  private void row(int b, int h, int t, Scratch scratch) {
    int size = shape.headSize();
    int first = shape.firstKey(t);
    int keys = shape.endKey(t) - first;
    float[] weights = scratch.floats(4, shape.keyLength() + 2 * L);
    var query = Elementwise.slice(q, AttentionTiles.queryStart(shape, b, h, t), size);
    long start = AttentionTiles.keyStart(shape, b, h, first);
    float scale = (float) shape.scale();
    float[] partial = scratch.floats(6, BLOCK * L);
    for (int j = 0; j < keys; j += BLOCK) {
      int count = Math.min(BLOCK, keys - j);
      long stride = shape.keyRowStride();
      var block = Elementwise.slice(k, start + j * stride, (count - 1) * stride + size);
      for (int i = 0; i < count; i++) {
        dot(query, block, Math.toIntExact(i * stride), size, partial, i * L);
      }
      Lanes.fold(partial, 0, Math.ceilDiv(count, 4), weights, j);
    }
    for (int j = 0; j < keys; j++) {
      weights[j] *= scale;
    }
    MemorySegment mask =
        keyMask == null ? null : keyMask.asSlice((long) b * shape.keyLength() + first);
    AttentionTiles.hide(weights, 0, 0, keys, keys, mask);
    float max = AttentionTiles.max(weights, 0, keys);
    boolean blind = max == Float.NEGATIVE_INFINITY;
    Arrays.fill(partial, 0, L, 0f);
    AttentionTiles.exp(weights, 0, keys, blind ? 0 : max, 1, partial, 0);
    float sum = Lanes.sum(partial, 0);
    long number = AttentionTiles.rowNumber(shape, b, h, t);
    if (shape.dropout() > 0) {
      float[] factors = scratch.floats(5, shape.keyLength() + L);
      long weight = number * shape.keyLength() + first;
      AttentionTiles.dropout(shape, weight, keys, scratch.words(), factors);
      AttentionTiles.multiply(weights, 0, factors, keys);
    }
    var result = Elementwise.slice(out, AttentionTiles.outStart(shape, b, h, t), size);
    float inverse = blind ? 0 : 1 / sum;
    for (int d = 0; d < size; d += L) {
      strip(weights, keys, start + d, inverse, result, d, size);
    }
    if (logSumExp != null) {
      logSumExp.setAtIndex(
          FLOAT, number, blind ? Float.NEGATIVE_INFINITY : (float) (max + Math.log(sum)));
    }
  }

  /** A vector whose lanes sum up to the dot product of the query with one key. */
  private static void dot(
      MemorySegment query, MemorySegment keys, int from, int size, float[] partial, int to) {
    var sum = FloatVector.zero(F);
    int d = 0;
    for (; d <= size - L; d += L) {
      sum = load(query, d).fma(load(keys, from + d), sum);
    }
    if (d < size) {
      var mask = tail(d, size);
      sum = load(query, d, mask).fma(load(keys, from + d, mask), sum);
    }
    sum.intoArray(partial, to);
  }

  /** One vector of the output: {@code inverse sum_j weight_j v_j}. */
  private void strip(
      float[] weights, int keys, long start, float inverse, MemorySegment y, int d, int size) {
    long stride = shape.keyRowStride();
    if (size - d >= L) {
      var sum0 = FloatVector.zero(F);
      var sum1 = sum0;
      int j = 0;
      for (; j < keys - 1; j += 2) {
        sum0 = load(v, start + j * stride).fma(FloatVector.broadcast(F, weights[j]), sum0);
        sum1 =
            load(v, start + (j + 1) * stride).fma(FloatVector.broadcast(F, weights[j + 1]), sum1);
      }
      if (j < keys) {
        sum0 = load(v, start + j * stride).fma(FloatVector.broadcast(F, weights[j]), sum0);
      }
      store(sum0.add(sum1).mul(inverse), y, d);
    } else {
      var mask = tail(d, size);
      var sum = FloatVector.zero(F);
      for (int j = 0; j < keys; j++) {
        sum = load(v, start + j * stride, mask).fma(FloatVector.broadcast(F, weights[j]), sum);
      }
      store(sum.mul(inverse), y, d, mask);
    }
  }
}
