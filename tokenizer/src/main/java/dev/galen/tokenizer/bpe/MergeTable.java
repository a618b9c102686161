package dev.galen.tokenizer.bpe;

import java.util.Arrays;

/**
 * The merges of a BPE model: for a pair of neighbouring ids, the rank of their merge and the id it
 * makes. An open-addressing hash table over primitives; a key and its value lie side by side, so
 * that a look-up usually touches one cache line. Immutable once built.
 */
final class MergeTable {

  /** What {@link #find} returns for a pair that does not merge; greater than every merge. */
  static final long NONE = Long.MAX_VALUE;

  private static final long EMPTY = -1;

  /** Key at 2s, value at 2s + 1; a power of two of slots, at most half of them full. */
  private final long[] slots;

  private final int shift;

  /**
   * @param left the left id of each merge, best rank first
   * @param right its right id
   * @param made the id it makes. If a pair is listed twice the later line holds, as in GPT-2's own
   *     encoder and in HuggingFace's.
   */
  MergeTable(int[] left, int[] right, int[] made) {
    // The power of two over the number of merges, doubled: less than half of the slots get filled.
    int bits = 33 - Integer.numberOfLeadingZeros(left.length);
    slots = new long[2 << bits];
    shift = 64 - bits;
    Arrays.fill(slots, EMPTY);
    for (int rank = 0; rank < left.length; rank++) {
      int slot = slot(key(left[rank], right[rank]));
      slots[slot] = key(left[rank], right[rank]);
      slots[slot + 1] = (long) rank << 32 | made[rank];
    }
  }

  /**
   * The merge of a pair: its rank in the upper 32 bits, so that the smallest merge goes first, and
   * the id it makes in the lower ({@link #made}); or {@link #NONE}.
   */
  long find(int left, int right) {
    long key = key(left, right);
    int slot = slot(key);
    return slots[slot] == key ? slots[slot + 1] : NONE;
  }

  /** The id that a merge makes. */
  static int made(long merge) {
    return (int) merge;
  }

  /** The slot that holds {@code key}, or the empty one where it would be. */
  private int slot(long key) {
    int mask = slots.length - 1;
    int slot = (int) ((key * 0x9E3779B97F4A7C15L) >>> shift) << 1;
    while (slots[slot] != key && slots[slot] != EMPTY) {
      slot = (slot + 2) & mask;
    }
    return slot;
  }

  private static long key(int left, int right) {
    return (long) left << 32 | right;
  }
}
