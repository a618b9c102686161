package dev.galen.tokenizer.normalize;

import dev.galen.tokenizer.text.Characters;
import java.text.Normalizer;
import java.text.Normalizer.Form;

/**
 * What characters are taken apart to, and what two are put together to, in Unicode 9: HuggingFace's
 * library has the tables of that version, and models were trained with them.
 */
final class Decomposition {

  /** Below this no character goes into the one before it. */
  private static final int FIRST_MARK = 0x300;

  /**
   * The characters of a block of 256 that were asked for; every entry is final once it is there.
   */
  private record Parts(int[] codePoints) {}

  private static final Parts[][] CANONICAL = new Parts[0x1100][];
  private static final Parts[][] COMPATIBLE = new Parts[0x1100][];

  private Decomposition() {}

  /** What a character is taken apart to, in full: itself alone if it is one. */
  static int[] of(int c, boolean compatible) {
    var blocks = compatible ? COMPATIBLE : CANONICAL;
    var block = blocks[c >> 8];
    if (block == null) {
      block = new Parts[256];
      blocks[c >> 8] = block;
    }
    var parts = block[c & 0xFF];
    if (parts == null) {
      parts = new Parts(find(c, compatible));
      block[c & 0xFF] = parts;
    }
    return parts.codePoints;
  }

  private static int[] find(int c, boolean compatible) {
    if (c < 0x80 || Characters.isNewerThanNormalization(c)) {
      return new int[] {c};
    }
    var form = compatible ? Form.NFKD : Form.NFD;
    return Normalizer.normalize(Character.toString(c), form).codePoints().toArray();
  }

  /** The character that two neighbours are put together to, or -1. */
  static int compose(int first, int second) {
    if (second < FIRST_MARK) {
      return -1;
    }
    var pair = Character.toString(first) + Character.toString(second);
    var composed = Normalizer.normalize(pair, Form.NFC);
    int c = composed.codePointAt(0);
    if (Character.charCount(c) < composed.length() || Characters.isNewerThanNormalization(c)) {
      return -1;
    }
    // A mark may have gone in before one that stood there already; that is not done here.
    int[] whole = of(c, false);
    int[] left = of(first, false);
    if (whole.length != left.length + 1 || whole[left.length] != second) {
      return -1;
    }
    for (int i = 0; i < left.length; i++) {
      if (whole[i] != left[i]) {
        return -1;
      }
    }
    return c;
  }
}
