package dev.galen.tokenizer.split;

import dev.galen.tokenizer.text.Characters;
import dev.galen.tokenizer.text.Utf8;

/**
 * GPT-2's cut of a text into words, within which merges happen. It finds the matches of
 *
 * <pre>{@code
 * 's|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+
 * }</pre>
 *
 * by hand: one pass over UTF-8, no backtracking, so that a megabyte of spaces costs what a megabyte
 * of prose does. Letters and numbers are those of the running JDK's Unicode (16.0 in JDK 25);
 * whitespace is Unicode's White_Space, which Java's own {@code \s} and {@code isWhitespace} are
 * not.
 */
public final class WordBoundaries {

  static final byte OTHER = 0;
  static final byte LETTER = 1;
  static final byte NUMBER = 2;
  static final byte SPACE = 3;

  /** The kinds of the ASCII characters: nearly all of most texts. */
  private static final byte[] ASCII = new byte[128];

  static {
    for (int c = 0; c < ASCII.length; c++) {
      ASCII[c] = kindOfCodePoint(c);
    }
  }

  private WordBoundaries() {}

  /**
   * The end of the word that starts at {@code start}.
   *
   * @param utf8 well-formed UTF-8
   * @param start where a word starts; less than {@code end}
   * @param end where the text ends
   */
  public static int wordEnd(byte[] utf8, int start, int end) {
    byte first = utf8[start];
    if (first == '\'') {
      int contraction = contractionLength(utf8, start, end);
      if (contraction > 0) {
        return start + contraction;
      }
    }
    if (first == ' ' && start + 1 < end) {
      byte kind = kind(utf8, start + 1);
      if (kind != SPACE) {
        return runEnd(utf8, start + 1, end, kind);
      }
    }
    byte kind = kind(utf8, start);
    return kind == SPACE ? whitespaceEnd(utf8, start, end) : runEnd(utf8, start, end, kind);
  }

  /** The length of an English contraction at {@code i}, or 0. Lower case only, as in GPT-2. */
  private static int contractionLength(byte[] utf8, int i, int end) {
    if (i + 1 >= end) {
      return 0;
    }
    byte a = utf8[i + 1];
    if (a == 's' || a == 't' || a == 'm' || a == 'd') {
      return 2;
    }
    if (i + 2 >= end) {
      return 0;
    }
    byte b = utf8[i + 2];
    return ((a == 'r' || a == 'v') && b == 'e') || (a == 'l' && b == 'l') ? 3 : 0;
  }

  /** The end of the characters of one kind that start at {@code i}. */
  static int runEnd(byte[] utf8, int i, int end, byte kind) {
    while (i < end) {
      byte b = utf8[i];
      if (b >= 0) {
        if (ASCII[b] != kind) {
          return i;
        }
        i++;
      } else {
        if (kind(utf8, i) != kind) {
          return i;
        }
        i += Utf8.length(b);
      }
    }
    return end;
  }

  /**
   * The end of a run of whitespace. Before a word the run gives its last character away, which the
   * word takes along if it is a space, unless it has only that one.
   */
  static int whitespaceEnd(byte[] utf8, int start, int end) {
    int runEnd = runEnd(utf8, start, end, SPACE);
    if (runEnd == end) {
      return end;
    }
    int last = Utf8.previous(utf8, runEnd);
    return last > start ? last : runEnd;
  }

  /** The end of the whitespace at {@code start}, which may have none. */
  static int leadingWhitespaceEnd(byte[] utf8, int start, int end) {
    return runEnd(utf8, start, end, SPACE);
  }

  /** The start of the whitespace that ends at {@code end}, which may have none. */
  static int trailingWhitespaceStart(byte[] utf8, int start, int end) {
    int i = end;
    while (i > start && kind(utf8, Utf8.previous(utf8, i)) == SPACE) {
      i = Utf8.previous(utf8, i);
    }
    return i;
  }

  /** Whether a character of a word, as regular expressions say {@code \w}, starts there. */
  static boolean startsWithWord(byte[] utf8, int start, int end) {
    return start < end && Characters.isWord(Utf8.codePoint(utf8, start));
  }

  /** Whether the text before {@code end} ends with a character of a word. */
  static boolean endsWithWord(byte[] utf8, int start, int end) {
    return start < end && Characters.isWord(Utf8.codePoint(utf8, Utf8.previous(utf8, end)));
  }

  static byte kind(byte[] utf8, int i) {
    byte b = utf8[i];
    return b >= 0 ? ASCII[b] : kindOfCodePoint(Utf8.codePoint(utf8, i));
  }

  private static byte kindOfCodePoint(int c) {
    return switch (Character.getType(c)) {
      case Character.UPPERCASE_LETTER,
          Character.LOWERCASE_LETTER,
          Character.TITLECASE_LETTER,
          Character.MODIFIER_LETTER,
          Character.OTHER_LETTER ->
          LETTER;
      case Character.DECIMAL_DIGIT_NUMBER, Character.LETTER_NUMBER, Character.OTHER_NUMBER ->
          NUMBER;
      // All separators (Zs, Zl, Zp) are White_Space, and so are six control characters.
      case Character.SPACE_SEPARATOR, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR ->
          SPACE;
      default -> (c >= '\t' && c <= '\r') || c == 0x85 ? SPACE : OTHER;
    };
  }
}
