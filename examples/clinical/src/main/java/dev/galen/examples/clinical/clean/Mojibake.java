package dev.galen.examples.clinical.clean;

import dev.galen.examples.clinical.document.Edits;

/**
 * UTF-8 that was read as Windows-1252 or Latin-1, as {@code Â°}, {@code Î²} and {@code â€™}. Each
 * sequence is looked at for itself, so that a text that is broken in one place alone is mended
 * there. Sequences of three and four characters occur in no language; of those of two, {@code Â}
 * with a sign, {@code Ã} with a sign in a word, and Greek letters are certain, and others stay:
 * {@code Å²} may be square ångström.
 */
final class Mojibake {
  private Mojibake() {}

  static Edits edits(String text) {
    var edits = new Edits(text);
    int at = 0;
    while (at < text.length()) {
      char c = text.charAt(at);
      int length = c < 0xC2 || c > 0xF4 ? 0 : c < 0xE0 ? 2 : c < 0xF0 ? 3 : 4;
      int code = length == 0 ? -1 : decoded(text, at, length);
      if (code < 0 && c == 0xE2 && isLostQuote(text, at)) {
        edits.replace(at, at + 2, "\u201D");
        at += 2;
      } else if (code >= 0 && isCertain(text, at, length, code)) {
        edits.replace(at, at + length, Character.toString(code));
        at += length;
      } else {
        at++;
      }
    }
    return edits;
  }

  /** What the characters' bytes are in UTF-8; -1 if they are none. */
  private static int decoded(String text, int at, int length) {
    if (at + length > text.length()) {
      return -1;
    }
    int code = text.charAt(at) & 0xFF >> length + 1;
    for (int i = 1; i < length; i++) {
      int next = Windows1252.code(text.charAt(at + i));
      if (next < 0x80 || next > 0xBF) {
        return -1;
      }
      code = code << 6 | next & 0x3F;
    }
    int least = length == 2 ? 0x80 : length == 3 ? 0x800 : 0x10000;
    boolean surrogate = code >= 0xD800 && code <= 0xDFFF;
    return code < least || code > 0x10FFFF || surrogate || !Character.isDefined(code) ? -1 : code;
  }

  private static boolean isCertain(String text, int at, int length, int code) {
    if (length > 2) {
      return true;
    }
    return switch (text.charAt(at)) {
      case 0xC2 -> code >= 0xA0;
      case 0xC3 ->
          code == 0xD7 || code == 0xF7
              ? !isLetter(text, at - 1)
              : isLetter(text, at - 1) || isLetter(text, at + 2);
      case 0xCE -> code >= 0x391;
      case 0xCF -> code <= 0x3CE;
      default -> false;
    };
  }

  private static boolean isLetter(String text, int at) {
    return at >= 0 && at < text.length() && Character.isLetter(text.charAt(at));
  }

  /** A closing quote has the byte 0x9D, which Windows-1252 lacks and many programs drop. */
  private static boolean isLostQuote(String text, int at) {
    if (at + 1 >= text.length() || text.charAt(at + 1) != '\u20AC') {
      return false;
    }
    int next = at + 2 < text.length() ? Windows1252.code(text.charAt(at + 2)) : 0;
    return next < 0x80 || next > 0xBF;
  }
}
