package dev.galen.train.text;

import java.util.ArrayList;
import java.util.List;

/**
 * White space as Python's {@code str} knows it. Java's {@link String#strip} and {@code \s} leave
 * U+0085, U+00A0, U+2007 and U+202F in words, and a no-break space is frequent in text from the
 * web: BLEU would count "5 mg" with one as a single word, which nltk and sacrebleu never do.
 */
public final class PythonText {
  private PythonText() {}

  /** What {@code str.isspace} says: Unicode's white space and four separators of ASCII. */
  public static boolean isSpace(int c) {
    return switch (c) {
      case 0x20, 0x85, 0xA0, 0x1680, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000 -> true;
      default -> c >= 0x09 && c <= 0x0D || c >= 0x1C && c <= 0x1F || c >= 0x2000 && c <= 0x200A;
    };
  }

  /** Whether {@code text.strip()} is empty in Python. */
  public static boolean isBlank(String text) {
    return text.chars().allMatch(PythonText::isSpace);
  }

  /** {@code text.strip()}. */
  public static String strip(String text) {
    int start = 0;
    while (start < text.length() && isSpace(text.charAt(start))) {
      start++;
    }
    return stripTrailing(text.substring(start));
  }

  /** {@code text.rstrip()}. */
  public static String stripTrailing(String text) {
    int end = text.length();
    while (end > 0 && isSpace(text.charAt(end - 1))) {
      end--;
    }
    return text.substring(0, end);
  }

  /** {@code text.split()}: the words between runs of white space, none of them empty. */
  public static List<String> split(String text) {
    var words = new ArrayList<String>();
    int start = 0;
    for (int at = 0; at <= text.length(); at++) {
      if (at == text.length() || isSpace(text.charAt(at))) {
        if (at > start) {
          words.add(text.substring(start, at));
        }
        start = at + 1;
      }
    }
    return words;
  }
}
