package dev.galen.kernels.cpu;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** The largest elements of a row and their softmax: few of few, so element by element. */
final class TopRows {
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;
  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;

  private TopRows() {}

  /** The row of {@code cols} elements from {@code from}; its results begin at {@code to}. */
  static void softmax(
      MemorySegment x,
      long from,
      int cols,
      MemorySegment index,
      MemorySegment y,
      long to,
      int count) {
    for (int n = 0; n < count; n++) {
      int best = -1;
      float largest = 0;
      for (int j = 0; j < cols; j++) {
        float value = x.getAtIndex(FLOAT, from + j) + 0f; // -0 becomes 0
        // NaN is above all others.
        if ((best < 0 || Float.compare(value, largest) > 0) && !isAmong(index, to, n, j)) {
          best = j;
          largest = value;
        }
      }
      index.setAtIndex(INT, to + n, best);
      y.setAtIndex(FLOAT, to + n, largest);
    }
    double max = y.getAtIndex(FLOAT, to);
    double sum = 0;
    for (int n = 0; n < count; n++) {
      sum += Math.exp(y.getAtIndex(FLOAT, to + n) - max);
    }
    for (int n = 0; n < count; n++) {
      double share = Math.exp(y.getAtIndex(FLOAT, to + n) - max) / sum;
      y.setAtIndex(FLOAT, to + n, (float) share);
    }
  }

  private static boolean isAmong(MemorySegment index, long from, int n, int j) {
    for (int i = 0; i < n; i++) {
      if (index.getAtIndex(INT, from + i) == j) {
        return true;
      }
    }
    return false;
  }

  /** The gradient of the row of {@code cols} elements from {@code to}. */
  static void backward(
      MemorySegment index,
      MemorySegment y,
      MemorySegment dY,
      long from,
      int count,
      MemorySegment dX,
      long to,
      int cols) {
    double dot = 0;
    for (int n = 0; n < count; n++) {
      dot += (double) y.getAtIndex(FLOAT, from + n) * dY.getAtIndex(FLOAT, from + n);
    }
    dX.asSlice(to << 2, 4L * cols).fill((byte) 0);
    for (int n = 0; n < count; n++) {
      double slope = y.getAtIndex(FLOAT, from + n) * (dY.getAtIndex(FLOAT, from + n) - dot);
      dX.setAtIndex(FLOAT, to + index.getAtIndex(INT, from + n), (float) slope);
    }
  }
}
