package dev.galen.examples.clinical.baseline;

import java.util.Arrays;

/** Says the class that is the most frequent in training, whatever the text. */
public final class Majority {
  private Majority() {}

  /**
   * The most frequent class; of several the first.
   *
   * @param truth classes from 0 to {@code classes - 1}, at least one
   */
  public static int of(int[] truth, int classes) {
    if (truth.length == 0) {
      throw new IllegalArgumentException("there is no training text, so no class is most frequent");
    }
    var counts = new int[classes];
    Arrays.stream(truth).forEach(label -> counts[label]++);
    int best = 0;
    for (int k = 1; k < classes; k++) {
      best = counts[k] > counts[best] ? k : best;
    }
    return best;
  }
}
