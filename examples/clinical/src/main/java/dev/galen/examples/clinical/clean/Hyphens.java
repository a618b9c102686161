package dev.galen.examples.clinical.clean;

import dev.galen.examples.clinical.document.Edits;
import dev.galen.examples.clinical.text.Word;
import dev.galen.examples.clinical.text.Words;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/**
 * Soft hyphens, and words that were parted at the end of a line. A hyphen there is taken out only
 * where the word is certain: the text has the whole word elsewhere and not the one with the hyphen,
 * or the second half is an ending that is no word. {@code non-} and {@code tender} stay apart.
 */
final class Hyphens {
  private static final Set<String> ENDINGS =
      Set.of(
          "tion",
          "tions",
          "sion",
          "sions",
          "ment",
          "ments",
          "ness",
          "ity",
          "ities",
          "ings",
          "ation",
          "ations",
          "itis",
          "osis",
          "emia",
          "aemia",
          "ectomy",
          "ostomy",
          "otomy",
          "ology",
          "opathy",
          "ical",
          "ically",
          "ular",
          "tive",
          "sive",
          "ance",
          "ence",
          "ency",
          "ancy",
          "tient",
          "tients",
          "tory",
          "tional",
          "ological",
          "ograph",
          "ography",
          "oscopy",
          "algia",
          "plasia",
          "trophy");

  private final String text;
  private Set<String> words;

  private Hyphens(String text) {
    this.text = text;
  }

  static Edits edits(String text) {
    return new Hyphens(text).edits();
  }

  private Edits edits() {
    var edits = new Edits(text);
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == 0xAD) {
        int next = nextLine(i + 1);
        boolean joins = next > 0 && isLetter(i - 1) && isLetter(next);
        edits.delete(i, joins ? next : i + 1);
        i = joins ? next - 1 : i;
      } else if (c == '-' || c == '\u2010') {
        int next = nextLine(i + 1);
        if (next > 0 && isCertain(i, next)) {
          edits.delete(i, next);
          i = next - 1;
        }
      }
    }
    return edits;
  }

  /** Where the next line's text begins if nothing but spaces is between; else -1. */
  private int nextLine(int at) {
    int next = skip(at);
    if (next == text.length() || text.charAt(next) != '\n') {
      return -1;
    }
    next = skip(next + 1);
    return next == text.length() ? -1 : next;
  }

  private int skip(int at) {
    while (at < text.length() && (text.charAt(at) == ' ' || text.charAt(at) == '\t')) {
      at++;
    }
    return at;
  }

  private boolean isLetter(int at) {
    return at >= 0 && at < text.length() && Character.isLetter(text.charAt(at));
  }

  private boolean isCertain(int hyphen, int next) {
    int from = hyphen;
    while (from > 0 && Character.isLetter(text.charAt(from - 1))) {
      from--;
    }
    int to = next;
    while (to < text.length() && Character.isLowerCase(text.charAt(to))) {
      to++;
    }
    boolean parts =
        hyphen - from >= 2
            && to - next >= 2
            && Character.isLowerCase(text.charAt(hyphen - 1))
            && (from == 0 || !isJoined(text.charAt(from - 1)))
            && (to == text.length() || !isJoined(text.charAt(to)));
    if (!parts) {
      return false;
    }
    String first = text.substring(from, hyphen).toLowerCase(Locale.ROOT);
    String second = text.substring(next, to);
    if (first.length() >= 3 && ENDINGS.contains(second)) {
      return true;
    }
    return words().contains(first + second) && !words().contains(first + "-" + second);
  }

  private static boolean isJoined(char c) {
    return c == '-' || c == '\u2010' || Character.isLetterOrDigit(c);
  }

  private Set<String> words() {
    if (words == null) {
      words = new HashSet<>();
      for (Word word : Words.of(text)) {
        words.add(word.in(text).toLowerCase(Locale.ROOT));
      }
    }
    return words;
  }
}
