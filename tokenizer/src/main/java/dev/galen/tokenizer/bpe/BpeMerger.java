package dev.galen.tokenizer.bpe;

import dev.galen.tokenizer.text.ByteLevel;
import java.util.Arrays;

/**
 * Turns one word into ids: starts from the ids of its bytes and joins the neighbours whose merge
 * has the best rank, the leftmost first, until none merges (Sennrich et al. 2016, "Neural Machine
 * Translation of Rare Words with Subword Units", on bytes). Immutable.
 */
final class BpeMerger {

  /** Words up to this many bytes are merged by scanning; the quadratic cost is smaller there. */
  private static final int SHORT = 128;

  /** The id of each byte, or -1 where the vocabulary lacks it. */
  private final int[] byteIds;

  private final MergeTable merges;

  BpeMerger(int[] byteIds, MergeTable merges) {
    this.byteIds = byteIds;
    this.merges = merges;
  }

  /**
   * The ids of {@code utf8[start, end)}.
   *
   * @throws IllegalArgumentException if the vocabulary has no token for one of the bytes
   */
  int[] merge(byte[] utf8, int start, int end) {
    var ids = new int[end - start];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = byteIds[utf8[start + i] & 0xFF];
      if (ids[i] < 0) {
        throw new IllegalArgumentException(
            ("the vocabulary has no token for byte 0x%02X (spelled \"%c\"), so it"
                    + " cannot encode this"
                    + " text; byte-level vocabularies hold all 256")
                .formatted(utf8[start + i] & 0xFF, ByteLevel.character(utf8[start + i])));
      }
    }
    int size = merge(ids, ids.length, null);
    return size == ids.length ? ids : Arrays.copyOf(ids, size);
  }

  /**
   * Joins neighbours until none merges.
   *
   * @param ids the ids, which are replaced by the joined ones
   * @param size how many there are
   * @param lengths how many bytes each has, which are added up in the same way; or null
   * @return how many are left
   */
  int merge(int[] ids, int size, int[] lengths) {
    return size <= SHORT ? mergeByScanning(ids, size, lengths) : mergeByHeap(ids, size, lengths);
  }

  /** Quadratic in the length with a tiny constant. */
  private int mergeByScanning(int[] ids, int size, int[] lengths) {
    if (size == 0) {
      return 0;
    }
    // joins[i] is the merge of the ids at i and i + 1.
    var joins = new long[size];
    for (int i = 0; i < size; i++) {
      joins[i] = joinAt(ids, i, size);
    }
    while (true) {
      int best = 0;
      for (int i = 1; i < size; i++) {
        if (joins[i] < joins[best]) {
          best = i;
        }
      }
      if (joins[best] == MergeTable.NONE) {
        return size;
      }
      if (lengths != null) {
        lengths[best] += lengths[best + 1];
        System.arraycopy(lengths, best + 2, lengths, best + 1, size - best - 2);
      }
      ids[best] = MergeTable.made(joins[best]);
      size--;
      System.arraycopy(ids, best + 2, ids, best + 1, size - best - 1);
      System.arraycopy(joins, best + 2, joins, best + 1, size - best - 1);
      joins[best] = joinAt(ids, best, size);
      if (best > 0) {
        joins[best - 1] = joinAt(ids, best - 1, size);
      }
    }
  }

  private long joinAt(int[] ids, int i, int size) {
    return i + 1 < size ? merges.find(ids[i], ids[i + 1]) : MergeTable.NONE;
  }

  /**
   * The same in n log n: the ids form a linked list, the possible joins wait in a heap ordered by
   * rank, then by place. A join that has changed since it was pushed is told by its rank.
   */
  private int mergeByHeap(int[] ids, int size, int[] lengths) {
    var next = new int[size];
    var previous = new int[size];
    var joins = new long[size];
    var heap = new LongHeap(size);
    for (int i = 0; i < size; i++) {
      next[i] = i + 1;
      previous[i] = i - 1;
      joins[i] = joinAt(ids, i, size);
      push(heap, joins[i], i);
    }
    while (!heap.isEmpty()) {
      long candidate = heap.pop();
      int at = (int) candidate;
      if (joins[at] >>> 32 != candidate >>> 32) {
        continue;
      }
      int gone = next[at];
      ids[at] = MergeTable.made(joins[at]);
      if (lengths != null) {
        lengths[at] += lengths[gone];
      }
      joins[gone] = MergeTable.NONE;
      next[at] = next[gone];
      if (next[at] < size) {
        previous[next[at]] = at;
      }
      joins[at] = next[at] < size ? merges.find(ids[at], ids[next[at]]) : MergeTable.NONE;
      push(heap, joins[at], at);
      int before = previous[at];
      if (before >= 0) {
        joins[before] = merges.find(ids[before], ids[at]);
        push(heap, joins[before], before);
      }
    }
    int kept = 0;
    for (int i = 0; i < size; i = next[i]) {
      if (lengths != null) {
        lengths[kept] = lengths[i];
      }
      ids[kept++] = ids[i];
    }
    return kept;
  }

  private static void push(LongHeap heap, long join, int at) {
    if (join != MergeTable.NONE) {
      heap.push((join & 0xFFFFFFFF_00000000L) | at);
    }
  }
}
