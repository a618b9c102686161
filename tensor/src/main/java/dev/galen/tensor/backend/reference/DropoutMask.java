package dev.galen.tensor.backend.reference;

import dev.galen.tensor.random.Philox;

/**
 * Which elements a dropout keeps: element n where {@code uniform(word n mod 4 of counter offset +
 * n/4) >= (float) p}. Both sides of the comparison are F32, and so is {@link #scale}, so that every
 * backend drops the same elements and multiplies by the same number.
 */
final class DropoutMask {
  private final long seed;
  private final long offset;
  private final float p;
  private final float scale;
  private final int[] words = new int[4];
  private long counter = -1;

  DropoutMask(double p, long seed, long offset) {
    Require.dropout(p);
    this.seed = seed;
    this.offset = offset;
    this.p = (float) p;
    this.scale = (float) (1 / (1 - p));
  }

  /** Whether element {@code n} stays. */
  boolean keeps(long n) {
    if (p == 0) {
      return true;
    }
    if (n / 4 != counter) {
      counter = n / 4;
      Philox.words(seed, offset + counter, words);
    }
    return Philox.uniform(words[(int) (n % 4)]) >= p;
  }

  /** What a kept element is multiplied by: {@code 1 / (1 - p)}, rounded to F32. */
  float scale() {
    return scale;
  }

  /** The factor of element {@code n}: {@link #scale} or 0. */
  double factor(long n) {
    return keeps(n) ? scale : 0;
  }
}
