package dev.galen.examples.clinical.clean;

import dev.galen.examples.clinical.document.Edits;
import java.text.Normalizer;

/**
 * Unicode's canonical composition (NFC), a letter with its marks at a time. NFKC would turn ² into
 * 2, µ into another letter and ½ into 1⁄2.
 */
final class Composition {
  private Composition() {}

  static Edits edits(String text) {
    var edits = new Edits(text);
    if (Normalizer.isNormalized(text, Normalizer.Form.NFC)) {
      return edits;
    }
    int at = 0;
    while (at < text.length()) {
      int end = at + Character.charCount(text.codePointAt(at));
      while (end < text.length() && joins(text.codePointAt(end))) {
        end += Character.charCount(text.codePointAt(end));
      }
      String piece = text.substring(at, end);
      edits.replace(at, end, Normalizer.normalize(piece, Normalizer.Form.NFC));
      at = end;
    }
    return Normalizer.isNormalized(edits.result(), Normalizer.Form.NFC)
        ? edits
        : new Edits(text)
            .replace(0, text.length(), Normalizer.normalize(text, Normalizer.Form.NFC));
  }

  /** Whether a character may compose with what stands before it. */
  private static boolean joins(int c) {
    int type = Character.getType(c);
    return type == Character.NON_SPACING_MARK
        || type == Character.COMBINING_SPACING_MARK
        || type == Character.ENCLOSING_MARK
        || c >= 0x1160 && c <= 0x11FF; // vowels and finals of Hangul
  }
}
