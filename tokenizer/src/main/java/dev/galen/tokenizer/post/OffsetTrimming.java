package dev.galen.tokenizer.post;

import dev.galen.tokenizer.stage.Piece;
import dev.galen.tokenizer.stage.PostProcessor;
import java.util.ArrayList;
import java.util.List;

/**
 * Takes the whitespace at both ends of a token out of its offsets, as HuggingFace's {@code
 * ByteLevel} does with {@code trim_offsets}.
 *
 * @param addsPrefixSpace whether the one space that begins a text was put there, so that it has no
 *     place of its own to be taken out
 */
public record OffsetTrimming(boolean addsPrefixSpace) implements PostProcessor {

  /** How byte-level vocabularies spell a space. */
  private static final int SPACE = 'Ġ';

  @Override
  public List<List<Piece>> process(List<List<Piece>> texts, boolean addSpecialTokens) {
    return texts.stream().map(this::trim).toList();
  }

  private List<Piece> trim(List<Piece> pieces) {
    var trimmed = new ArrayList<Piece>(pieces.size());
    for (int i = 0; i < pieces.size(); i++) {
      trimmed.add(trim(pieces.get(i), i == 0));
    }
    return trimmed;
  }

  private Piece trim(Piece piece, boolean first) {
    int leading = leadingSpaces(piece.token());
    int trailing = leadingSpaces(new StringBuilder(piece.token()).reverse().toString());
    if (leading == 1 && addsPrefixSpace && (first || piece.start() == 0)) {
      leading = 0;
    }
    int start = Math.min(piece.start() + leading, piece.end());
    int end = trailing <= piece.end() ? Math.max(piece.end() - trailing, start) : piece.end();
    return piece.at(start, end);
  }

  private static int leadingSpaces(String token) {
    int spaces = 0;
    while (spaces < token.length() && isSpace(token.charAt(spaces))) {
      spaces++;
    }
    return spaces;
  }

  /** Unicode's White_Space, which lies below U+FFFF; and a space in a vocabulary's spelling. */
  private static boolean isSpace(int c) {
    return c == SPACE || Character.isSpaceChar(c) || (c >= '\t' && c <= '\r') || c == 0x85;
  }
}
