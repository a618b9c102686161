package dev.galen.train.data;

import java.util.Arrays;

/** Pieces of ids. */
final class Ids {
  private Ids() {}

  /** One behind the other. */
  static int[] join(int[] first, int[] second) {
    int[] joined = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, joined, first.length, second.length);
    return joined;
  }

  /** The first {@code length} of them, or all. */
  static int[] head(int[] ids, int length) {
    return ids.length <= length ? ids : Arrays.copyOf(ids, length);
  }
}
