package dev.galen.examples.clinical.augment;

import java.util.SplittableRandom;

/** How many of a text's words are changed. */
final class Rates {
  private Rates() {}

  static double require(double rate) {
    if (!(rate > 0 && rate <= 1)) {
      throw new IllegalArgumentException("rate is " + rate + ", must be in (0, 1]");
    }
    return rate;
  }

  /**
   * The rate's share of {@code words}, rounded at random so that its mean is exact, and no more
   * than there are {@code places}.
   */
  static int count(double rate, int words, int places, SplittableRandom random) {
    double exact = rate * words;
    int count = (int) Math.floor(exact);
    count += random.nextDouble() < exact - count ? 1 : 0;
    return Math.min(count, places);
  }

  /** {@code count} of the numbers below {@code of}, ascending. */
  static int[] choose(int count, int of, SplittableRandom random) {
    var chosen = new int[count];
    int at = 0;
    for (int i = 0; i < of && at < count; i++) {
      if (random.nextInt(of - i) < count - at) {
        chosen[at++] = i;
      }
    }
    return chosen;
  }
}
