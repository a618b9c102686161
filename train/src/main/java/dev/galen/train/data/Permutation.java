package dev.galen.train.data;

import java.util.Arrays;
import java.util.SplittableRandom;

/** Orders that follow from a seed. */
public final class Permutation {
  private Permutation() {}

  /**
   * The numbers from 0 to {@code size} (exclusive) in an order of the seed's: a Fisher-Yates
   * shuffle with the numbers of {@code new SplittableRandom(seed)}, where for i from size-1 down to
   * 1 entry i is swapped with entry j, the high word of the unsigned 128-bit product of {@code
   * nextLong()} and i + 1. {@link BatchSampler}'s order of epoch 0 is the same.
   */
  public static int[] of(int size, long seed) {
    if (size < 0) {
      throw new IllegalArgumentException("size is " + size + ", must be at least 0");
    }
    var order = new int[size];
    Arrays.setAll(order, i -> i);
    shuffle(order, new SplittableRandom(seed));
    return order;
  }

  /** Brings entries into another order. */
  static void shuffle(int[] order, SplittableRandom random) {
    for (int i = order.length - 1; i > 0; i--) {
      int j = below(i + 1, random);
      int swapped = order[i];
      order[i] = order[j];
      order[j] = swapped;
    }
  }

  /** A number from 0 to {@code bound} (exclusive). */
  static int below(int bound, SplittableRandom random) {
    return (int) Math.unsignedMultiplyHigh(random.nextLong(), bound);
  }
}
