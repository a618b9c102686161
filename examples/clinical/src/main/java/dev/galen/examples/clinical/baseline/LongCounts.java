package dev.galen.examples.clinical.baseline;

import java.util.Arrays;

/** Counts by keys that are well mixed already, as hashes are: open addressing, no boxes. */
final class LongCounts {
  private static final int FIRST = 1 << 10;

  private long[] keys = new long[FIRST];
  private int[] counts = new int[FIRST];
  private int size;

  /** Adds one to a key's count and gives what it is now. */
  int increment(long key) {
    int place = place(key);
    if (counts[place] == 0) {
      if (2 * (size + 1) > keys.length) {
        grow();
        place = place(key);
      }
      keys[place] = key;
      size++;
    }
    return ++counts[place];
  }

  /** A key's count, 0 for one that was never seen. */
  int get(long key) {
    return counts[place(key)];
  }

  /** How many keys have been counted. */
  int size() {
    return size;
  }

  /** How many keys have a count. */
  long having(int count) {
    return Arrays.stream(counts).filter(one -> one == count).count();
  }

  private int place(long key) {
    int mask = keys.length - 1;
    int place = (int) key & mask;
    while (counts[place] != 0 && keys[place] != key) {
      place = place + 1 & mask;
    }
    return place;
  }

  private void grow() {
    long[] oldKeys = keys;
    int[] oldCounts = counts;
    keys = new long[2 * oldKeys.length];
    counts = new int[keys.length];
    for (int i = 0; i < oldKeys.length; i++) {
      if (oldCounts[i] > 0) {
        int place = place(oldKeys[i]);
        keys[place] = oldKeys[i];
        counts[place] = oldCounts[i];
      }
    }
  }
}
