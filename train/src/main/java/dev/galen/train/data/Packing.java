package dev.galen.train.data;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;

/**
 * How documents of different lengths become rows of one length, so that batches have little
 * padding. The strategies and their names are those of TRL's {@code pack_dataset}, over all
 * documents at once.
 */
public enum Packing {
  /**
   * Best fit decreasing: documents lie side by side and whole, the longest first, each in the row
   * that it fills best (Ding et al., "Fewer Truncations Improve Language Modeling", 2024). Each
   * sees itself alone and predicts its own tokens, as if it were a row of its own. What is longer
   * than a row loses its end.
   */
  BFD,
  /** The same, but what is longer than a row is cut into several documents. */
  BFD_SPLIT,
  /**
   * One stream of all documents in their order, cut into full rows; the last one may be shorter.
   * Documents are seen across their borders and cut anywhere.
   */
  WRAPPED;

  /** Its name: {@code bfd_split}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The strategy of that name. */
  public static Packing named(String name) {
    for (Packing packing : values()) {
      if (packing.word().equals(name)) {
        return packing;
      }
    }
    throw new IllegalArgumentException(
        "packing is %s, must be one of %s"
            .formatted(name, List.of(values()).toString().toLowerCase(Locale.ROOT)));
  }

  /**
   * The rows of some documents.
   *
   * @param documents a language model's sequences, none of them packed before
   * @param length the greatest length of a row
   */
  public TokenSequences pack(TokenSequences documents, int length) {
    if (length < 1) {
      throw new IllegalArgumentException("rows of %d tokens; must be at least 1".formatted(length));
    }
    return this == WRAPPED ? wrapped(documents, length) : new BestFit(documents, length).rows();
  }

  private static TokenSequence document(TokenSequences documents, int index) {
    TokenSequence document = documents.get(index);
    if (document.tokenTypes() != null
        || document.documents() != null
        || document.labels().length != document.length()) {
      throw new IllegalArgumentException(
          ("document %d cannot be packed: it %s; packing is for texts of a language model, one each"
                  + " row")
              .formatted(
                  index + 1,
                  document.documents() != null
                      ? "is a row of several already"
                      : document.tokenTypes() != null
                          ? "has token types"
                          : "has no label for each token"));
    }
    return document;
  }

  /** A row that is being filled. */
  private static final class Row {
    private final int[] ids;
    private final int[] labels;
    private int[] mask;
    private int filled;

    Row(int length) {
      ids = new int[length];
      labels = new int[length];
    }

    /** Adds {@code count} tokens of a document. */
    void add(TokenSequence document, int from, int count) {
      System.arraycopy(document.inputIds(), from, ids, filled, count);
      System.arraycopy(document.labels(), from, labels, filled, count);
      if (document.attentionMask() != null && mask == null) {
        mask = new int[ids.length];
        Arrays.fill(mask, 1);
      }
      if (document.attentionMask() != null) {
        System.arraycopy(document.attentionMask(), from, mask, filled, count);
      }
      filled += count;
    }

    /** The row as far as it is filled, as one text; it starts again. */
    TokenSequence end() {
      int[] shown = mask == null ? null : Arrays.copyOf(mask, filled);
      var sequence =
          new TokenSequence(
              Arrays.copyOf(ids, filled), Arrays.copyOf(labels, filled), 0, null, shown);
      filled = 0;
      mask = null;
      return sequence;
    }
  }

  private static TokenSequences wrapped(TokenSequences documents, int length) {
    var rows = TokenSequences.builder(documents.idBound());
    long tokens = 0;
    for (int i = 0; i < documents.size(); i++) {
      tokens += documents.length(i);
    }
    var row = new Row((int) Math.min(length, tokens));
    for (int i = 0; i < documents.size(); i++) {
      TokenSequence document = document(documents, i);
      for (int from = 0; from < document.length(); ) {
        int count = Math.min(document.length() - from, row.ids.length - row.filled);
        row.add(document, from, count);
        from += count;
        if (row.filled == row.ids.length) {
          rows.add(row.end());
        }
      }
    }
    if (row.filled > 0) {
      rows.add(row.end());
    }
    return rows.build();
  }

  /** The pieces of documents, and the row of each. */
  private final class BestFit {
    private final TokenSequences documents;
    private final int length;
    private final int[] sources; // the document of each piece
    private final int[] starts; // where it begins there
    private final int[] next; // the piece behind each in its row; -1 for none

    BestFit(TokenSequences documents, int length) {
      this.documents = documents;
      this.length = length;
      long count = 0;
      for (int i = 0; i < documents.size(); i++) {
        count += piecesOf(i);
      }
      int pieces = Math.toIntExact(count);
      sources = new int[pieces];
      starts = new int[pieces];
      next = new int[pieces];
      int at = 0;
      for (int i = 0; i < documents.size(); i++) {
        for (int piece = 0; piece < piecesOf(i); piece++) {
          sources[at] = i;
          starts[at++] = piece * length;
        }
      }
    }

    private int piecesOf(int document) {
      return Packing.this == BFD ? 1 : Math.ceilDiv(documents.length(document), length);
    }

    private int lengthOf(int piece) {
      return Math.min(length, documents.length(sources[piece]) - starts[piece]);
    }

    TokenSequences rows() {
      int[] first = fill();
      var rows = TokenSequences.builder(documents.idBound());
      for (int row = 0; row < first.length; row++) {
        rows.add(row(first[row]));
      }
      return rows.build();
    }

    /** Gives each piece a row; the first piece of each, in the order in which rows are begun. */
    private int[] fill() {
      var order = new long[sources.length];
      for (int piece = 0; piece < order.length; piece++) {
        order[piece] = (long) (length - lengthOf(piece)) << Integer.SIZE | piece;
      }
      Arrays.sort(order); // the long ones first, equal ones in their order
      var first = new int[order.length];
      var last = new int[order.length];
      int begun = 0;
      var bySpace = new TreeMap<Integer, ArrayDeque<Integer>>();
      for (long key : order) {
        int piece = (int) key;
        int space = length;
        next[piece] = -1;
        var fit = bySpace.ceilingEntry(lengthOf(piece));
        int row;
        if (fit == null) {
          row = begun++;
          first[row] = piece;
        } else {
          space = fit.getKey();
          row = fit.getValue().removeFirst();
          if (fit.getValue().isEmpty()) {
            bySpace.remove(space);
          }
          next[last[row]] = piece;
        }
        last[row] = piece;
        int left = space - lengthOf(piece);
        if (left > 0) {
          bySpace.computeIfAbsent(left, s -> new ArrayDeque<>()).addLast(row);
        }
      }
      return Arrays.copyOf(first, begun);
    }

    private TokenSequence row(int first) {
      int count = 0;
      int tokens = 0;
      for (int piece = first; piece >= 0; piece = next[piece]) {
        count++;
        tokens += lengthOf(piece);
      }
      var row = new Row(tokens);
      var lengths = new int[count];
      int at = 0;
      for (int piece = first; piece >= 0; piece = next[piece]) {
        row.add(document(documents, sources[piece]), starts[piece], lengthOf(piece));
        lengths[at++] = lengthOf(piece);
      }
      return TokenSequence.packed(row.ids, row.labels, row.mask, lengths);
    }
  }
}
