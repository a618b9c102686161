package dev.galen.kernels.cpu;

import static dev.galen.kernels.cpu.Lanes.F;
import static dev.galen.kernels.cpu.Lanes.L;

import dev.galen.tensor.backend.Sampling;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Draws from a row of scores as {@code sample.cu} does, to the bit: probabilities are whole numbers
 * and their sums exact, and the edges of top-k and top-p are found by the digits of the scores'
 * bits. What top-k leaves is gathered first, so that the rest of the work is short.
 *
 * @param temperature divides the logits
 * @param topK how many of the highest stay
 * @param dispensable see {@link Sampling#dispensable}
 * @param bits see {@link Sampling#bits}
 */
record RowSampler(float temperature, int topK, double dispensable, int bits) {
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;

  /** Groups of a row for each token of top-k. */
  private static final int GROUPS = 4;

  private static final int DIGIT_BITS = 11;
  private static final int DIGITS = 1 << DIGIT_BITS;

  /** The key with {@code below <= limit < below + } what lies at it. */
  private record Edge(int key, long below) {}

  /**
   * The index, or -1 where the row has no distribution.
   *
   * @param x the logits lie in its elements from {@code from}, {@code cols} of them
   * @param word its upper 24 bits are the uniform number
   */
  int draw(MemorySegment x, long from, int cols, int word, Scratch scratch) {
    float[] scores = scratch.floats(0, cols);
    MemorySegment.copy(x, FLOAT, from << 2, scores, 0, cols);
    float max = divide(scores, cols);
    if (!(max < Float.POSITIVE_INFINITY) || max == Float.NEGATIVE_INFINITY) {
      return -1;
    }
    int[] keys = scratch.ints(0, cols);
    int[] ids = scratch.ints(1, cols);
    long[] masses = scratch.longs(0, cols);
    long[] histogram = scratch.longs(1, DIGITS);
    for (int j = 0; j < cols; j++) {
      ids[j] = j;
    }
    int count = cols;
    if (topK < cols) {
      if (2L * GROUPS * topK <= cols) {
        count = gather(scores, ids, count, lowerBound(scores, cols, scratch));
      }
      keys(scores, keys, count);
      Arrays.fill(masses, 0, count, 1);
      int least = edge(keys, masses, count, count - topK, histogram).key();
      count = gather(scores, ids, count, score(least));
    }
    if (dispensable > 0) {
      keys(scores, keys, count);
    }
    long total = masses(scores, max, masses, count);
    if (dispensable > 0) {
      total -= leaveOut(keys, masses, count, total, histogram);
    }
    long uniform = word >>> 8;
    long target = Math.unsignedMultiplyHigh(uniform, total) << 40 | uniform * total >>> 24;
    int drawn = 0;
    while (target >= masses[drawn]) {
      target -= masses[drawn++];
    }
    return ids[drawn];
  }

  /** Divides by the temperature; the largest, or NaN where one is. */
  private float divide(float[] scores, int count) {
    var largest = FloatVector.broadcast(F, Float.NEGATIVE_INFINITY);
    int j = 0;
    for (; j <= count - L; j += L) {
      var v = FloatVector.fromArray(F, scores, j).div(temperature);
      v.intoArray(scores, j);
      largest = largest.max(v);
    }
    float max = Lanes.max(largest);
    for (; j < count; j++) {
      scores[j] /= temperature;
      max = Math.max(max, scores[j]);
    }
    return max;
  }

  /**
   * Not above the score that is number {@link #topK} from the top, and near it: of the maxima of
   * disjoint groups that many are as large as the result.
   */
  private float lowerBound(float[] scores, int cols, Scratch scratch) {
    int groups = GROUPS * topK;
    float[] maxima = scratch.floats(1, groups);
    Arrays.fill(maxima, 0, groups, Float.NEGATIVE_INFINITY);
    for (int from = 0; from <= cols - groups; from += groups) {
      for (int i = 0; i < groups; i++) {
        maxima[i] = Math.max(maxima[i], scores[from + i]);
      }
    }
    Arrays.sort(maxima, 0, groups);
    return maxima[groups - topK];
  }

  /** Moves those that score at least {@code least} to the front, in their order; how many. */
  private static int gather(float[] scores, int[] ids, int count, float least) {
    int kept = 0;
    for (int from = 0; from < count; from += L) {
      int to = Math.min(count, from + L);
      var mask = Lanes.tail(from, count);
      var v = FloatVector.fromArray(F, scores, from, mask);
      if (v.compare(VectorOperators.GE, least).and(mask).anyTrue()) {
        for (int j = from; j < to; j++) {
          scores[kept] = scores[j];
          ids[kept] = ids[j];
          kept += scores[j] >= least ? 1 : 0;
        }
      }
    }
    return kept;
  }

  /** Each score as an integer, whose order without a sign is theirs; -0 equals 0. */
  private static void keys(float[] scores, int[] keys, int count) {
    for (int j = 0; j < count; j++) {
      int raw = Float.floatToRawIntBits(scores[j] + 0f);
      keys[j] = raw ^ (raw >> 31 | Integer.MIN_VALUE);
    }
  }

  private static float score(int key) {
    return Float.intBitsToFloat(key < 0 ? key ^ Integer.MIN_VALUE : ~key);
  }

  /** {@code 2^bits e^(score - max)}, cut off; returns the sum. The scores are overwritten. */
  private long masses(float[] scores, float max, long[] masses, int count) {
    int j = 0;
    for (; j <= count - L; j += L) {
      VectorMath.exp(FloatVector.fromArray(F, scores, j).sub(max)).intoArray(scores, j);
    }
    for (; j < count; j++) {
      scores[j] = ScalarExp.of(scores[j] - max);
    }
    float scale = Math.scalb(1f, bits);
    long sum = 0;
    for (j = 0; j < count; j++) {
      masses[j] = (long) (scores[j] * scale);
      sum += masses[j];
    }
    return sum;
  }

  /** Where the sum of the amounts of lower keys first exceeds {@code limit}. */
  private static Edge edge(int[] keys, long[] amounts, int count, long limit, long[] histogram) {
    int key = 0;
    int known = 0;
    long below = 0;
    for (int shift = Integer.SIZE - DIGIT_BITS; ; shift = Math.max(0, shift - DIGIT_BITS)) {
      Arrays.fill(histogram, 0, DIGITS, 0);
      for (int j = 0; j < count; j++) {
        if ((keys[j] & known) == key) {
          histogram[keys[j] >>> shift & DIGITS - 1] += amounts[j];
        }
      }
      // The last digit overlaps the one before: its known part is the same in all that are counted.
      int digit = 0;
      while (limit - below >= histogram[digit]) {
        below += histogram[digit++];
      }
      key |= digit << shift;
      if (shift == 0) {
        return new Edge(key, below);
      }
      known = -1 << shift;
    }
  }

  /** Zeroes the masses that top-p leaves out and returns their sum. */
  private long leaveOut(int[] keys, long[] masses, int count, long total, long[] histogram) {
    long limit = Math.min((long) (dispensable * (double) total), total - 1);
    Edge edge = edge(keys, masses, count, limit, histogram);
    int equals = 0;
    long one = 0;
    for (int j = 0; j < count; j++) {
      if (keys[j] == edge.key()) {
        equals++;
        one = masses[j];
      }
    }
    long gone = (limit - edge.below()) / one;
    long kept = equals - gone;
    for (int j = 0; j < count; j++) {
      if (Integer.compareUnsigned(keys[j], edge.key()) < 0
          || keys[j] == edge.key() && kept-- <= 0) {
        masses[j] = 0;
      }
    }
    return edge.below() + gone * one;
  }
}
