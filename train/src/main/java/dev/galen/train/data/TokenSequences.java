package dev.galen.train.data;

import static dev.galen.train.data.TokenSequence.IGNORE_INDEX;

import java.util.AbstractList;
import java.util.Arrays;
import java.util.List;
import java.util.RandomAccess;

/**
 * Sequences held in few bytes: ids outside of the heap, and labels only where they are neither the
 * ids nor the ids behind an ignored prompt. A sequence of T tokens takes 2T bytes (4T where the
 * vocabulary has more than 65,535 tokens) and 24 more. Each {@link #get} makes its arrays anew.
 */
public final class TokenSequences extends AbstractList<TokenSequence> implements RandomAccess {

  private static final int OWN_LABELS = -1;

  private final TokenStore store;
  private final int size;
  private final long[] starts;
  private final int[] lengths;

  /** The labels that are ignored at the front, or {@link #OWN_LABELS} behind the ids. */
  private final int[] ignored;

  private final int[] leftOut;

  private TokenSequences(
      TokenStore store, int size, long[] starts, int[] lengths, int[] ignored, int[] leftOut) {
    this.store = store;
    this.size = size;
    this.starts = starts;
    this.lengths = lengths;
    this.ignored = ignored;
    this.leftOut = leftOut;
  }

  /** The same sequences held in few bytes; {@code sequences} itself where it is one of these. */
  public static TokenSequences of(List<TokenSequence> sequences) {
    if (sequences instanceof TokenSequences held) {
      return held;
    }
    var builder = new Builder(Integer.MAX_VALUE);
    sequences.forEach(builder::add);
    return builder.build();
  }

  /**
   * Collects sequences.
   *
   * @param vocabularySize ids lie below it
   */
  static Builder builder(int vocabularySize) {
    return new Builder(vocabularySize);
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public TokenSequence get(int index) {
    var ids = new int[length(index)];
    store.read(starts[index], ids);
    return new TokenSequence(ids, labels(index, ids), leftOut[index]);
  }

  private int[] labels(int index, int[] ids) {
    if (ignored[index] == 0) {
      return ids;
    }
    if (ignored[index] > 0) {
      int[] labels = ids.clone();
      Arrays.fill(labels, 0, ignored[index], IGNORE_INDEX);
      return labels;
    }
    var both = new int[2 * ids.length];
    store.read(starts[index], both);
    return Arrays.copyOfRange(both, ids.length, both.length);
  }

  /** The number of ids of a sequence, T, without reading it. */
  public int length(int index) {
    return lengths[index];
  }

  /** Tokens that had to be left out of a sequence to fit the greatest length. */
  public int leftOut(int index) {
    return leftOut[index];
  }

  /** The length of the longest sequence; 0 where there is none. */
  public int longest() {
    int longest = 0;
    for (int i = 0; i < size; i++) {
      longest = Math.max(longest, lengths[i]);
    }
    return longest;
  }

  /** The number of labels that count after the shift, see {@link TokenSequence#tokens}. */
  public int tokens(int index) {
    return ignored[index] == OWN_LABELS
        ? get(index).tokens()
        : Math.max(0, lengths[index] - Math.max(1, ignored[index]));
  }

  /** Those from which something can be learned; this list where that is all of them. */
  public TokenSequences withLabels() {
    int[] kept = new int[size];
    int count = 0;
    for (int i = 0; i < size; i++) {
      if (tokens(i) > 0) {
        kept[count++] = i;
      }
    }
    return count == size ? this : select(Arrays.copyOf(kept, count));
  }

  /** The short ones first, equal ones in their order: batches of these have little padding. */
  public TokenSequences byLength() {
    var keys = new long[size];
    for (int i = 0; i < size; i++) {
      keys[i] = (long) lengths[i] << Integer.SIZE | i;
    }
    Arrays.sort(keys);
    return select(Arrays.stream(keys).mapToInt(key -> (int) key).toArray());
  }

  private TokenSequences select(int[] indices) {
    return new TokenSequences(
        store,
        indices.length,
        Arrays.stream(indices).mapToLong(i -> starts[i]).toArray(),
        Arrays.stream(indices).map(i -> lengths[i]).toArray(),
        Arrays.stream(indices).map(i -> ignored[i]).toArray(),
        Arrays.stream(indices).map(i -> leftOut[i]).toArray());
  }

  /** Bytes outside of the heap. */
  public long bytes() {
    return store.bytes();
  }

  /** Collects sequences; used up by {@link #build}. */
  static final class Builder {
    private final TokenStore store;
    private int size;
    private long[] starts = new long[16];
    private int[] lengths = new int[16];
    private int[] ignored = new int[16];
    private int[] leftOut = new int[16];

    private Builder(int vocabularySize) {
      this.store = new TokenStore(vocabularySize);
    }

    void add(TokenSequence sequence) {
      int[] ids = sequence.inputIds();
      int[] labels = sequence.labels();
      int prompt = ignoredFront(ids, labels);
      long start = store.add(prompt == OWN_LABELS ? join(ids, labels) : ids);
      if (size == starts.length) {
        grow();
      }
      starts[size] = start;
      lengths[size] = ids.length;
      ignored[size] = prompt;
      leftOut[size] = sequence.leftOut();
      size++;
    }

    /** How many labels in front are ignored where the others are the ids. */
    private static int ignoredFront(int[] ids, int[] labels) {
      if (ids == labels) {
        return 0;
      }
      int prompt = 0;
      while (prompt < labels.length && labels[prompt] == IGNORE_INDEX) {
        prompt++;
      }
      boolean same = Arrays.equals(ids, prompt, ids.length, labels, prompt, labels.length);
      return same ? prompt : OWN_LABELS;
    }

    private static int[] join(int[] ids, int[] labels) {
      int[] both = Arrays.copyOf(ids, Math.addExact(ids.length, labels.length));
      System.arraycopy(labels, 0, both, ids.length, labels.length);
      return both;
    }

    private void grow() {
      int room = (int) Math.min(size + (size >> 1) + 16L, Integer.MAX_VALUE - 8);
      starts = Arrays.copyOf(starts, room);
      lengths = Arrays.copyOf(lengths, room);
      ignored = Arrays.copyOf(ignored, room);
      leftOut = Arrays.copyOf(leftOut, room);
    }

    TokenSequences build() {
      return new TokenSequences(store, size, starts, lengths, ignored, leftOut);
    }
  }
}
