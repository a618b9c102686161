package dev.galen.examples.clinical.text;

import java.util.ArrayList;
import java.util.List;

/**
 * Cuts a text into words, numbers and signs. Every character that is no white space belongs to
 * exactly one of them.
 *
 * <ul>
 *   <li>Letters, marks and digits stay together, as do words joined by an apostrophe or a hyphen:
 *       {@code patient's}, {@code beta-blocker}, {@code COVID-19}.
 *   <li>Digits joined by a dot, comma, colon or slash are one number: {@code 38.2}, {@code 1,000},
 *       {@code 140/90}, {@code 7:30}; a range such as {@code 5-10} is two and a sign.
 *   <li>An abbreviation keeps its dots: {@code q.d.}, {@code i.v.}, and what {@link Dotted} lists,
 *       such as {@code Dr.}; the dot behind any other word is a sign of its own.
 * </ul>
 */
public final class Words {
  private Words() {}

  /** The words of a text from left to right. */
  public static List<Word> of(String text) {
    var words = new ArrayList<Word>(text.length() / 5 + 4);
    int at = 0;
    while (at < text.length()) {
      int c = text.codePointAt(at);
      int end = at + Character.charCount(c);
      if (isSpace(c)) {
        at = end;
        continue;
      }
      Word.Kind kind;
      if (Character.isDigit(c)) {
        kind = Word.Kind.NUMBER;
        end = endOfNumber(text, end);
      } else if (isInner(c)) {
        kind = Word.Kind.WORD;
        end = endOfWord(text, at);
      } else {
        kind = Word.Kind.SIGN;
        end = endOfSign(text, at, end);
      }
      words.add(new Word(at, end, kind));
      at = end;
    }
    return words;
  }

  /** Whether a character parts words: white space of Unicode, no-break spaces too. */
  public static boolean isSpace(int c) {
    return c == ' ' || c >= 9 && c <= 13 || c > 127 && (Character.isSpaceChar(c) || c == 0x85);
  }

  /** Whether a character stands within words: letters, digits and the marks on them. */
  static boolean isInner(int c) {
    if (c < 128) {
      return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_';
    }
    return Character.isLetterOrDigit(c) || isMark(c);
  }

  private static boolean isMark(int c) {
    int type = Character.getType(c);
    return type == Character.NON_SPACING_MARK
        || type == Character.COMBINING_SPACING_MARK
        || type == Character.ENCLOSING_MARK
        || type == Character.OTHER_NUMBER // superscripts and fractions
        || type == Character.OTHER_NUMBER // superscripts and fractions
        || c == 0xAD // a soft hyphen
        || c == 0x200C
        || c == 0x200D;
  }

  private static int endOfInner(String text, int at) {
    while (at < text.length()) {
      int c = text.codePointAt(at);
      if (!isInner(c)) {
        break;
      }
      at += Character.charCount(c);
    }
    return at;
  }

  private static boolean innerAt(String text, int at) {
    return at < text.length() && isInner(text.codePointAt(at));
  }

  private static int endOfNumber(String text, int at) {
    int end = at;
    while (true) {
      while (end < text.length() && Character.isDigit(text.codePointAt(end))) {
        end += Character.charCount(text.codePointAt(end));
      }
      boolean joined =
          end + 1 < text.length()
              && ".,:/".indexOf(text.charAt(end)) >= 0
              && Character.isDigit(text.codePointAt(end + 1));
      if (!joined) {
        break;
      }
      end++;
    }
    // 5mg and 2nd; 2-year-old, but not 5-10.
    end = endOfInner(text, end);
    while (end + 1 < text.length()
        && text.charAt(end) == '-'
        && Character.isLetter(text.codePointAt(end + 1))) {
      end = endOfInner(text, end + 1);
    }
    return end;
  }

  private static int endOfWord(String text, int start) {
    int end = endOfInner(text, start);
    int dotted = Dotted.endOfInitials(text, start, end);
    if (dotted > end) {
      return dotted;
    }
    while (end < text.length() && isJoint(text.charAt(end)) && innerAt(text, end + 1)) {
      end = endOfInner(text, end + 1);
    }
    return Dotted.isListed(text, start, end) ? end + 1 : end;
  }

  private static boolean isJoint(char c) {
    return c == '-' || c == '\'' || c == '\u2019' || c == '\u2010' || c == '\u2011';
  }

  private static int endOfSign(String text, int at, int end) {
    char c = text.charAt(at);
    if (c == '.' || c == '\u2026') {
      while (end < text.length() && text.charAt(end) == c) {
        end++;
      }
    }
    return end;
  }
}
