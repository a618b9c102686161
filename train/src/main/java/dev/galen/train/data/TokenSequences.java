package dev.galen.train.data;

import static dev.galen.train.data.TokenSequence.IGNORE_INDEX;

import java.nio.file.Path;
import java.util.AbstractList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.RandomAccess;

/**
 * A data set, encoded: sequences held in few bytes, with ids outside of the heap, and labels only
 * where they are neither the ids nor the ids behind an ignored prompt. A sequence of T tokens takes
 * 2T bytes (4T where the vocabulary has more than 65,535 tokens) and 24 more. The first 64 MB of
 * ids lie in memory, the others in a temporary file that is mapped ({@code java.io.tmpdir}), so
 * that data may be larger than memory. Each {@link #get} makes its arrays anew.
 */
public final class TokenSequences extends AbstractList<TokenSequence> implements RandomAccess {

  /**
   * Of a row: where its ids begin (two ints), how many, ignored labels in front or the complement
   * of the number of labels that are stored behind the ids, tokens left out or the complement of
   * what is stored behind the labels.
   */
  static final int ROW = 5;

  private static final int LENGTH = 2;
  private static final int IGNORED = 3;
  private static final int LEFT_OUT = 4;

  /** What may be stored behind the labels, in this order. */
  private static final int TYPES = 1;

  private static final int MASK = 2;

  /** As 1 where a document begins, else 0. */
  private static final int DOCUMENTS = 4;

  private final TokenStore store;
  private final TokenTable rows;

  /** The rows of these sequences in their order; null where that is all of them. */
  private final int[] order;

  private TokenSequences(TokenStore store, TokenTable rows, int[] order) {
    this.store = store;
    this.rows = rows;
    this.order = order;
  }

  /** The same sequences held in few bytes; {@code sequences} itself where it is one of these. */
  public static TokenSequences of(List<TokenSequence> sequences) {
    if (sequences instanceof TokenSequences held) {
      return held;
    }
    var builder = builder(Integer.MAX_VALUE);
    sequences.forEach(builder::add);
    return builder.build();
  }

  /** Sequences of what is stored. */
  static TokenSequences of(TokenStore store, TokenTable rows) {
    return new TokenSequences(store, rows, null);
  }

  /** The same sequences in a store that holds these alone, in their order. */
  TokenSequences whole() {
    if (order == null) {
      return this;
    }
    var builder = builder(store.width() == Short.BYTES ? 1 : Integer.MAX_VALUE);
    forEach(builder::add);
    return builder.build();
  }

  TokenStore store() {
    return store;
  }

  TokenTable rows() {
    return rows;
  }

  /**
   * Collects sequences.
   *
   * @param vocabularySize ids lie below it
   */
  static Builder builder(int vocabularySize) {
    Path folder = Path.of(System.getProperty("java.io.tmpdir"));
    return builder(vocabularySize, TokenStore.HELD_BYTES, folder);
  }

  /**
   * The same.
   *
   * @param heldBytes about how many bytes of ids stay in memory
   * @param folder where the others go
   */
  static Builder builder(int vocabularySize, long heldBytes, Path folder) {
    return new Builder(vocabularySize, heldBytes, folder);
  }

  @Override
  public int size() {
    return order == null ? rows.size() : order.length;
  }

  private int field(int index, int field) {
    return rows.get(order == null ? index : order[index], field);
  }

  private long start(int index) {
    return (long) field(index, 0) << Integer.SIZE | Integer.toUnsignedLong(field(index, 1));
  }

  @Override
  public TokenSequence get(int index) {
    if (parts(index) != 0) {
      return getWithParts(index);
    }
    var ids = new int[length(index)];
    store.read(start(index), ids);
    return new TokenSequence(ids, labels(index, ids), leftOut(index), null, null);
  }

  private TokenSequence getWithParts(int index) {
    int length = length(index);
    int behind = length + ~field(index, IGNORED);
    int parts = parts(index);
    var all = new int[behind + length * Integer.bitCount(parts)];
    store.read(start(index), all);
    return new TokenSequence(
        Arrays.copyOf(all, length),
        Arrays.copyOfRange(all, length, behind),
        0,
        part(all, behind, length, parts, TYPES),
        part(all, behind, length, parts, MASK),
        lengths(part(all, behind, length, parts, DOCUMENTS)));
  }

  /** One of the parts that are stored from {@code behind} on; null where it is not. */
  private static int[] part(int[] all, int behind, int length, int parts, int wanted) {
    if ((parts & wanted) == 0) {
      return null;
    }
    int from = behind + length * Integer.bitCount(parts & (wanted - 1));
    return Arrays.copyOfRange(all, from, from + length);
  }

  private static int[] lengths(int[] begins) {
    if (begins == null) {
      return null;
    }
    var lengths = new int[Arrays.stream(begins).sum()];
    int document = -1;
    for (int begin : begins) {
      document += begin;
      lengths[document]++;
    }
    return lengths;
  }

  private static int[] begins(int[] lengths, int count) {
    var begins = new int[count];
    int at = 0;
    for (int length : lengths) {
      begins[at] = 1;
      at += length;
    }
    return begins;
  }

  /** Whether a row holds several documents. */
  public boolean haveDocuments() {
    for (int i = 0; i < size(); i++) {
      if ((parts(i) & DOCUMENTS) != 0) {
        return true;
      }
    }
    return false;
  }

  /** Which of token types, mask and documents are stored. */
  private int parts(int index) {
    return Math.max(0, ~field(index, LEFT_OUT));
  }

  private int[] labels(int index, int[] ids) {
    int ignored = field(index, IGNORED);
    if (ignored == 0) {
      return ids;
    }
    if (ignored > 0) {
      int[] labels = ids.clone();
      Arrays.fill(labels, 0, ignored, IGNORE_INDEX);
      return labels;
    }
    var both = new int[ids.length + ~ignored];
    store.read(start(index), both);
    return Arrays.copyOfRange(both, ids.length, both.length);
  }

  /** The number of ids of a sequence, T, without reading it. */
  public int length(int index) {
    return field(index, LENGTH);
  }

  /** The place of a sequence among all those that were encoded together. */
  int encodedAt(int index) {
    return order == null ? index : order[index];
  }

  /** Tokens that had to be left out of a sequence to fit the greatest length. */
  public int leftOut(int index) {
    return Math.max(0, field(index, LEFT_OUT));
  }

  /** The length of the longest sequence; 0 where there is none. */
  public int longest() {
    int longest = 0;
    for (int i = 0; i < size(); i++) {
      longest = Math.max(longest, length(i));
    }
    return longest;
  }

  /** The number of labels that count after the shift, see {@link TokenSequence#tokens}. */
  public int tokens(int index) {
    int ignored = field(index, IGNORED);
    return ignored < 0 ? get(index).tokens() : Math.max(0, length(index) - Math.max(1, ignored));
  }

  /** Those from which something can be learned; this list where that is all of them. */
  public TokenSequences withLabels(Collator collator) {
    int count = 0;
    for (int i = 0; i < size(); i++) {
      count += collator.labels(this, i) > 0 ? 1 : 0;
    }
    if (count == size()) {
      return this;
    }
    var kept = new int[count];
    for (int i = 0, next = 0; i < size(); i++) {
      if (collator.labels(this, i) > 0) {
        kept[next++] = order == null ? i : order[i];
      }
    }
    return new TokenSequences(store, rows, kept);
  }

  /**
   * Those at these places, in this order; one may come several times. Nothing is copied.
   *
   * @throws IndexOutOfBoundsException if there is no such place
   */
  public TokenSequences select(int... places) {
    var selected = new int[places.length];
    for (int i = 0; i < places.length; i++) {
      int place = Objects.checkIndex(places[i], size());
      selected[i] = order == null ? place : order[place];
    }
    return new TokenSequences(store, rows, selected);
  }

  /** The short ones first, equal ones in their order: batches of these have little padding. */
  public TokenSequences byLength() {
    var keys = new long[size()];
    for (int i = 0; i < keys.length; i++) {
      keys[i] = (long) length(i) << Integer.SIZE | i;
    }
    Arrays.sort(keys);
    var sorted = new int[keys.length];
    for (int i = 0; i < keys.length; i++) {
      sorted[i] = order == null ? (int) keys[i] : order[(int) keys[i]];
    }
    return new TokenSequences(store, rows, sorted);
  }

  /** What ids lie below, where more sequences of these are to be held. */
  int idBound() {
    return store.bound();
  }

  /** Bytes of memory outside of the heap, without those that lie in the file. */
  public long bytes() {
    return store.bytes() + rows.bytes();
  }

  /** Collects sequences; used up by {@link #build}. */
  static final class Builder {
    private final TokenStore store;
    private final TokenTable rows = new TokenTable(ROW);

    private Builder(int vocabularySize, long heldBytes, Path folder) {
      this.store = new TokenStore(vocabularySize, heldBytes, folder);
    }

    void add(TokenSequence sequence) {
      int[] ids = sequence.inputIds();
      int[] labels = sequence.labels();
      if (sequence.tokenTypes() != null
          || sequence.attentionMask() != null
          || sequence.documents() != null) {
        addWithParts(sequence);
        return;
      }
      int prompt = ignoredFront(ids, labels);
      long start = store.add(prompt < 0 ? join(ids, labels) : ids);
      rows.add((int) (start >>> Integer.SIZE), (int) start, ids.length, prompt, sequence.leftOut());
    }

    private void addWithParts(TokenSequence sequence) {
      if (sequence.shortened()) {
        throw new IllegalArgumentException(
            "a sequence with types, a mask or documents is kept whole");
      }
      int[] all = join(sequence.inputIds(), sequence.labels());
      int parts = 0;
      if (sequence.tokenTypes() != null) {
        all = join(all, sequence.tokenTypes());
        parts |= TYPES;
      }
      if (sequence.attentionMask() != null) {
        all = join(all, sequence.attentionMask());
        parts |= MASK;
      }
      if (sequence.documents() != null) {
        all = join(all, begins(sequence.documents(), sequence.length()));
        parts |= DOCUMENTS;
      }
      long start = store.add(all);
      int labels = ~sequence.labels().length;
      rows.add((int) (start >>> Integer.SIZE), (int) start, sequence.length(), labels, ~parts);
    }

    /** How many labels in front are ignored where the others are the ids; else see the field. */
    private static int ignoredFront(int[] ids, int[] labels) {
      if (ids == labels) {
        return 0;
      }
      int prompt = 0;
      while (prompt < labels.length && labels[prompt] == IGNORE_INDEX) {
        prompt++;
      }
      boolean same =
          ids.length == labels.length
              && Arrays.equals(ids, prompt, ids.length, labels, prompt, labels.length);
      return same ? prompt : ~labels.length;
    }

    private static int[] join(int[] ids, int[] labels) {
      int[] both = Arrays.copyOf(ids, Math.addExact(ids.length, labels.length));
      System.arraycopy(labels, 0, both, ids.length, labels.length);
      return both;
    }

    int size() {
      return rows.size();
    }

    TokenSequences build() {
      return new TokenSequences(store, rows, null);
    }
  }
}
