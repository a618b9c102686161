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
 * Attention of a few queries to many keys, as in decoding: a task per row of a head of keys, whose
 * query heads share each block of keys while the cache holds it, and then the values, so that
 * memory is read once. There is no tile to fill, so packing would cost more than the arithmetic.
 */
record AttentionDecode(
    AttentionShape shape,
    MemorySegment q,
    MemorySegment k,
    MemorySegment v,
    MemorySegment keyMask,
    DistanceBias bias,
    MemorySegment out,
    MemorySegment logSumExp) {
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;

  /** Keys whose products are added up together. */
  private static final int BLOCK = 64;

  void run(WorkerPool pool) {
    int rows = Math.multiplyExact(shape.batch(), shape.keyHeads());
    pool.run(
        Math.multiplyExact(rows, shape.queryLength()),
        (index, scratch) -> {
          int t = index % shape.queryLength();
          int row = index / shape.queryLength();
          group(row / shape.keyHeads(), row % shape.keyHeads() * shape.group(), t, scratch);
        });
  }

  /** Row t of the query heads from {@code firstHead} on that share a head of keys. */
  private void group(int b, int firstHead, int t, Scratch scratch) {
    int size = shape.headSize();
    int heads = shape.group();
    int first = shape.firstKey(t);
    int keys = shape.endKey(t) - first;
    int width = shape.keyLength() + 2 * L;
    float[] weights = scratch.floats(4, Math.multiplyExact(heads, width));
    float[] partial = scratch.floats(6, BLOCK * L);
    long start = AttentionTiles.keyStart(shape, b, firstHead, first);
    long stride = shape.keyRowStride();
    for (int j = 0; j < keys; j += BLOCK) {
      int count = Math.min(BLOCK, keys - j);
      for (int h = 0; h < heads; h++) {
        var query =
            Elementwise.slice(q, AttentionTiles.queryStart(shape, b, firstHead + h, t), size);
        var block = Elementwise.slice(k, start + j * stride, (count - 1) * stride + size);
        for (int i = 0; i < count; i++) {
          dot(query, block, Math.toIntExact(i * stride), size, partial, i * L);
        }
        Lanes.fold(partial, 0, Math.ceilDiv(count, 4), weights, h * width + j);
      }
    }
    float[] inverses = scratch.floats(7, heads);
    for (int h = 0; h < heads; h++) {
      inverses[h] = weigh(b, firstHead + h, t, first, keys, weights, h * width, scratch);
    }
    for (int d = 0; d < size; d += L) {
      for (int h = 0; h < heads; h++) {
        var result =
            Elementwise.slice(out, AttentionTiles.outStart(shape, b, firstHead + h, t), size);
        strip(weights, h * width, keys, start + d, inverses[h], result, d, size);
      }
    }
  }

  /**
   * Turns products into weights.
   *
   * @param row where those of this row begin
   * @return what the sum of weighted values is to be multiplied by
   */
  private float weigh(
      int b, int h, int t, int first, int keys, float[] weights, int row, Scratch scratch) {
    float scale = (float) shape.scale();
    for (int j = row; j < row + keys; j++) {
      weights[j] *= scale;
    }
    for (int j = 0; j < keys && bias != null; j++) {
      weights[row + j] += bias.at(h, t, first + j);
    }
    MemorySegment mask =
        keyMask == null ? null : keyMask.asSlice((long) b * shape.keyLength() + first);
    AttentionTiles.hide(weights, row, 0, keys, keys, mask);
    float max = AttentionTiles.max(weights, row, keys);
    boolean blind = max == Float.NEGATIVE_INFINITY;
    float[] partial = scratch.floats(6, BLOCK * L);
    Arrays.fill(partial, 0, L, 0f);
    AttentionTiles.exp(weights, row, keys, blind ? 0 : max, 1, partial, 0);
    float sum = Lanes.sum(partial, 0);
    long number = AttentionTiles.rowNumber(shape, b, h, t);
    if (shape.dropout() > 0) {
      float[] factors = scratch.floats(5, shape.keyLength() + L);
      long weight = number * shape.keyLength() + first;
      AttentionTiles.dropout(shape, weight, keys, scratch.words(), factors);
      AttentionTiles.multiply(weights, row, factors, keys);
    }
    if (logSumExp != null) {
      logSumExp.setAtIndex(
          FLOAT, number, blind ? Float.NEGATIVE_INFINITY : (float) (max + Math.log(sum)));
    }
    return blind ? 0 : 1 / sum;
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
      float[] weights,
      int row,
      int keys,
      long start,
      float inverse,
      MemorySegment y,
      int d,
      int size) {
    long stride = shape.keyRowStride();
    if (size - d >= L) {
      var sum0 = FloatVector.zero(F);
      var sum1 = sum0;
      int j = 0;
      for (; j < keys - 1; j += 2) {
        sum0 = load(v, start + j * stride).fma(FloatVector.broadcast(F, weights[row + j]), sum0);
        sum1 =
            load(v, start + (j + 1) * stride)
                .fma(FloatVector.broadcast(F, weights[row + j + 1]), sum1);
      }
      if (j < keys) {
        sum0 = load(v, start + j * stride).fma(FloatVector.broadcast(F, weights[row + j]), sum0);
      }
      store(sum0.add(sum1).mul(inverse), y, d);
    } else {
      var mask = tail(d, size);
      var sum = FloatVector.zero(F);
      for (int j = 0; j < keys; j++) {
        sum =
            load(v, start + j * stride, mask).fma(FloatVector.broadcast(F, weights[row + j]), sum);
      }
      store(sum.mul(inverse), y, d, mask);
    }
  }
}
