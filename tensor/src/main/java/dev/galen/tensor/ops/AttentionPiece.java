package dev.galen.tensor.ops;

import dev.galen.tensor.backend.AttentionShape;
import dev.galen.tensor.backend.Span;
import dev.galen.tensor.random.Philox;
import java.util.ArrayList;
import java.util.List;

/**
 * What one kernel call of an attention computes: the whole of it, or one of its documents, which so
 * has the bits that it has alone.
 *
 * @param shape of this piece
 * @param row its first of the B T rows
 */
record AttentionPiece(AttentionShape shape, long row) {
  /**
   * The pieces of {@code whole}, one by one.
   *
   * @param documents of its rows, or null
   * @param random what their dropout draws from, if there is any
   */
  static List<AttentionPiece> of(AttentionShape whole, Documents documents, Philox random) {
    if (documents == null) {
      return List.of(new AttentionPiece(whole, 0));
    }
    Checks.require(
        whole.queryLength() == whole.keyLength(),
        "attention of %d queries to %d keys has no documents; they are texts beside themselves",
        whole.queryLength(),
        whole.keyLength());
    documents.requireRows(whole.batch(), whole.queryLength());
    var pieces = new ArrayList<AttentionPiece>(documents.lengths().length);
    long row = 0;
    for (int length : documents.lengths()) {
      long weights = (long) whole.heads() * length * length;
      long offset = whole.dropout() > 0 ? random.reserve(weights) : 0;
      pieces.add(new AttentionPiece(whole.document(length, offset), row));
      row += length;
    }
    return pieces;
  }

  /** Of queries, or their gradient. */
  Span queries(Span all) {
    return from(all, shape.queryRowStride());
  }

  /** Of keys or values, or their gradient. */
  Span keys(Span all) {
    return from(all, shape.keyRowStride());
  }

  /** Of {@code [B, T, H D]}. */
  Span outputs(Span all) {
    return from(all, (long) shape.heads() * shape.headSize());
  }

  /** Of what there is of each head and row; a piece's lie together. */
  Span statistics(Span all) {
    return from(all, shape.heads());
  }

  /** Of a key mask {@code [B, T]}, or null. */
  Span mask(Span all) {
    return all == null ? null : from(all, 1);
  }

  private Span from(Span all, long width) {
    return row == 0 ? all : all.slice(row * width, all.length() - row * width);
  }
}
