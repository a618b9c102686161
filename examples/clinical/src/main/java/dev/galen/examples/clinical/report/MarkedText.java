package dev.galen.examples.clinical.report;

import java.util.List;
import java.util.Objects;

/**
 * A text whose pieces speak for something or against it, such as a prediction.
 *
 * @param caption what the marks mean
 * @param pieces of the text, in order; together they are the text
 */
public record MarkedText(String caption, List<Piece> pieces) implements Block {
  /**
   * A piece.
   *
   * @param text as it stands
   * @param weight above 0 if it speaks for it, below 0 if against; of any scale
   */
  public record Piece(String text, double weight) {
    /** Checks that the weight is finite. */
    public Piece {
      Objects.requireNonNull(text, "text");
      if (!Double.isFinite(weight)) {
        throw new IllegalArgumentException("a piece's weight is " + weight + ", must be finite");
      }
    }
  }

  /** Copies the list. */
  public MarkedText {
    Objects.requireNonNull(caption, "caption");
    pieces = List.copyOf(pieces);
  }

  /** The largest weight, without its sign; 0 where there is none. */
  double largest() {
    return pieces.stream().mapToDouble(piece -> Math.abs(piece.weight)).max().orElse(0);
  }
}
