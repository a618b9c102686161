package dev.galen.examples.clinical.duplicate;

import java.util.SplittableRandom;

/**
 * MinHash signatures by bands (Broder, "On the resemblance and containment of documents", 1997;
 * Leskovec, Rajaraman and Ullman, "Mining of Massive Datasets", section 3.4). The least of a set's
 * hashes under a random function is equal for two sets with the probability of their Jaccard index
 * s; with b bands of r functions, one band at least is equal with 1 - (1 - s^r)^b.
 */
final class Bands {
  private static final int MOST_FUNCTIONS = 128;

  /** Two texts at the threshold are missed with at most this probability. */
  private static final double MISSED = 0.001;

  private final int rows;
  private final long[] factors;
  private final long[] addends;
  private final int count;

  /** Bands that find what has at least {@code threshold} in common. */
  Bands(double threshold) {
    int best = 1;
    for (int r = 2; r <= MOST_FUNCTIONS; r++) {
      int bands = MOST_FUNCTIONS / r;
      if (Math.pow(1 - Math.pow(threshold, r), bands) <= MISSED) {
        best = r;
      }
    }
    rows = best;
    count = MOST_FUNCTIONS / rows;
    var random = new SplittableRandom(0x6D696E68);
    factors = new long[rows * count];
    addends = new long[rows * count];
    for (int i = 0; i < factors.length; i++) {
      factors[i] = random.nextLong() | 1;
      addends[i] = random.nextLong();
    }
  }

  /** How many there are. */
  int count() {
    return count;
  }

  /** How many functions each has. */
  int rows() {
    return rows;
  }

  /**
   * Writes the hash of each band of a set.
   *
   * @param into gets {@link #count} numbers
   */
  void of(long[] shingles, int[] into) {
    for (int band = 0; band < count; band++) {
      long hash = band;
      for (int row = band * rows; row < (band + 1) * rows; row++) {
        long factor = factors[row];
        long addend = addends[row];
        long least = Long.MAX_VALUE;
        for (long shingle : shingles) {
          least = Math.min(least, shingle * factor + addend);
        }
        hash = Shingles.mix(hash * 31 + least);
      }
      into[band] = (int) (hash >>> 32);
    }
  }
}
