package dev.galen.examples.clinical.clean;

import dev.galen.examples.clinical.document.Edits;

/**
 * Control characters and marks that show nothing. Line ends of all kinds become {@code \n}; the
 * controls U+0080 to U+009F are what Windows-1252 has there, as browsers read them.
 */
final class Controls {
  private Controls() {}

  static Edits edits(String text) {
    var edits = new Edits(text);
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\r') {
        boolean pair = i + 1 < text.length() && text.charAt(i + 1) == '\n';
        edits.replace(i, i + 1, pair ? "" : "\n");
      } else if (c == '\f' || c == 0x0B || c == 0x85 || c == '\u2028') {
        edits.replace(i, i + 1, "\n");
      } else if (c == '\u2029') {
        edits.replace(i, i + 1, "\n\n");
      } else if (c < ' ' && c != '\n' && c != '\t' || c == 0x7F) {
        edits.delete(i, i + 1);
      } else if (c >= 0x80 && c < 0xA0) {
        edits.replace(i, i + 1, Windows1252.of(c));
      } else if (isUnwanted(c)) {
        edits.replace(i, i + 1, c == '\uF0B7' ? "\u2022" : "");
      } else if (Character.isSurrogate(c)) {
        if (Character.isSurrogatePair(c, i + 1 < text.length() ? text.charAt(i + 1) : ' ')) {
          i++;
        } else {
          edits.replace(i, i + 1, "\uFFFD");
        }
      }
    }
    return edits;
  }

  /** Marks of no width, and the bullet of Windows' Symbol font; not the joiners of scripts. */
  static boolean isUnwanted(char c) {
    return switch (c) {
      case '\u200B', '\u200E', '\u200F', '\u2028', '\u2029', '\u2060', '\uFEFF', '\uF0B7' -> true;
      default ->
          c >= '\u202A' && c <= '\u202E'
              || c >= '\u2066' && c <= '\u2069'
              || c >= '\uFFF9' && c <= '\uFFFB'
              || c >= '\uFFFE';
    };
  }
}
