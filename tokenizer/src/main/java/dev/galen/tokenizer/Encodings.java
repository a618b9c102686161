package dev.galen.tokenizer;

import dev.galen.tokenizer.stage.Piece;
import java.util.List;
import java.util.function.ToIntFunction;

/** Makes an {@link Encoding} of tokens with places. */
final class Encodings {

  private Encodings() {}

  /**
   * Turns characters counted in code points into indexes of Java's strings.
   *
   * @param texts the texts that the tokens come from
   */
  static Encoding of(List<Piece> pieces, String... texts) {
    var special = new boolean[pieces.size()];
    for (int i = 0; i < special.length; i++) {
      special[i] = pieces.get(i).text() < 0;
    }
    var indexes = new int[texts.length][];
    for (int t = 0; t < texts.length; t++) {
      indexes[t] = indexes(texts[t]);
    }
    return new Encoding(
        ints(pieces, Piece::id),
        ints(pieces, piece -> index(indexes, piece, piece.start())),
        ints(pieces, piece -> index(indexes, piece, piece.end())),
        ints(pieces, Piece::typeId),
        ints(pieces, Piece::text),
        special);
  }

  private static int index(int[][] indexes, Piece piece, int character) {
    return piece.text() < 0 ? 0 : indexes[piece.text()][character];
  }

  private static int[] ints(List<Piece> pieces, ToIntFunction<Piece> of) {
    return pieces.stream().mapToInt(of).toArray();
  }

  /** Where each code point starts, and where the text ends. */
  private static int[] indexes(String text) {
    var indexes = new int[text.codePointCount(0, text.length()) + 1];
    int index = 0;
    for (int i = 1; i < indexes.length; i++) {
      index += Character.charCount(text.codePointAt(index));
      indexes[i] = index;
    }
    return indexes;
  }
}
