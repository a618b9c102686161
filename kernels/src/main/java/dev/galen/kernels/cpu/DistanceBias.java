package dev.galen.kernels.cpu;

import static dev.galen.kernels.cpu.Lanes.F;
import static dev.galen.kernels.cpu.Lanes.L;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import jdk.incubator.vector.FloatVector;

/**
 * A bias of attention by distance, or the sum of its gradient.
 *
 * @param values {@code [rows, heads]}
 * @param heads of queries
 * @param origin the row of the first key and the first query: key j meets query i with row {@code j
 *     - i + origin}
 */
record DistanceBias(MemorySegment values, int heads, int origin) {
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;

  /**
   * What is added to the product of query {@code i} and key {@code j}, which must see each other.
   */
  float at(int h, int i, int j) {
    return values.getAtIndex(FLOAT, (long) (j - i + origin) * heads + h);
  }

  /** Adds to what row {@code r} has for head {@code h}. */
  void add(int h, int r, float value) {
    long index = (long) r * heads + h;
    values.setAtIndex(FLOAT, index, values.getAtIndex(FLOAT, index) + value);
  }

  /**
   * Brings what a block of queries and a tile of keys need side by side: query {@code i + r} and
   * key {@code j + c} meet with element {@code c - r + queries - 1}.
   *
   * @param diagonals room for {@code keys + queries + L}; of pairs outside of the bias, which do
   *     not see each other, it gets zeros
   */
  void pack(int h, int i, int queries, int j, int keys, float[] diagonals) {
    long rows = values.byteSize() / Float.BYTES / heads;
    int first = j - (i + queries - 1) + origin;
    for (int d = 0; d < keys + queries - 1 + L; d++) {
      long row = first + (long) d;
      boolean inside = row >= 0 && row < rows && d < keys + queries - 1;
      diagonals[d] = inside ? values.getAtIndex(FLOAT, row * heads + h) : 0;
    }
  }

  /** Adds what {@link #pack} brought to row r of scores, which begins at {@code row}. */
  static void add(float[] diagonals, int r, int queries, float[] scores, int row, int keys) {
    int from = queries - 1 - r;
    for (int c = 0; c < keys; c += L) {
      FloatVector.fromArray(F, scores, row + c)
          .add(FloatVector.fromArray(F, diagonals, from + c))
          .intoArray(scores, row + c);
    }
  }

  /** Adds a row of gradients, zeros behind the last key, to the sums of their distances. */
  static void addTo(float[] sums, int from, float[] slopes, int row, int keys) {
    for (int c = 0; c < keys; c += L) {
      FloatVector.fromArray(F, sums, from + c)
          .add(FloatVector.fromArray(F, slopes, row + c))
          .intoArray(sums, from + c);
    }
  }
}
