package dev.galen.examples.clinical.text;

/** What lines of a note are: headings, items of lists, keys with values, wrapped text. */
final class Lines {
  private static final int LONGEST_HEADING = 60;
  private static final int WORDS_OF_HEADING = 8;

  private Lines() {}

  /** Where the line begins in which {@code at} lies, behind its indentation. */
  static int start(String text, int at) {
    int from = at;
    while (from > 0 && !isBreak(text.charAt(from - 1))) {
      from--;
    }
    while (from < at && Words.isSpace(text.charAt(from))) {
      from++;
    }
    return from;
  }

  /** Where the line ends in which {@code at} lies. */
  static int end(String text, int at) {
    int to = at;
    while (to < text.length() && !isBreak(text.charAt(to))) {
      to++;
    }
    return to;
  }

  /** {@code to} without the white space before it. */
  static int trimmed(String text, int from, int to) {
    while (to > from && Words.isSpace(text.charAt(to - 1))) {
      to--;
    }
    return to;
  }

  private static boolean isBreak(char c) {
    return c == '\n' || c == '\r' || c == '\f' || c == '\u2028' || c == '\u2029';
  }

  /** Whether nothing but white space, or the sign of an item, stands before it on its line. */
  static boolean isFirst(String text, int at) {
    int from = start(text, at);
    while (from < at
        && ("-*#(\u2022".indexOf(text.charAt(from)) >= 0 || Words.isSpace(text.charAt(from)))) {
      from++;
    }
    return from >= at;
  }

  static boolean isDigits(String text, int from, int to) {
    for (int i = from; i < to; i++) {
      if (text.charAt(i) < '0' || text.charAt(i) > '9') {
        return false;
      }
    }
    return to > from;
  }

  /** Whether a line ends in a colon, or has capital letters alone and no end of a sentence. */
  static boolean isHeading(String text, int from, int to) {
    if (to <= from || to - from > LONGEST_HEADING) {
      return false;
    }
    char last = text.charAt(to - 1);
    int words = 1;
    int capitals = 0;
    boolean small = false;
    for (int i = from; i < to; i++) {
      char c = text.charAt(i);
      words += Words.isSpace(c) ? 1 : 0;
      capitals += Character.isUpperCase(c) ? 1 : 0;
      small |= Character.isLowerCase(c) || Character.isDigit(c);
    }
    if (words > WORDS_OF_HEADING) {
      return false;
    }
    if (last == ':') {
      return Character.isLetter(text.charAt(from));
    }
    return capitals >= 3 && !small && Character.isLetter(last);
  }

  /**
   * Whether an item of a list begins here: {@code -}, {@code •}, {@code 1.}, {@code 2)}, {@code a.}
   */
  static boolean isItem(String text, int at) {
    int to = at;
    char first = text.charAt(at);
    if ("-*\u2022\u25AA\u25CF\u25E6\u27A2\u2013\u2014#>".indexOf(first) >= 0
        || isSpeaker(text, at)) {
      return true;
    }
    to += first == '(' ? 1 : 0;
    int from = to;
    while (to < text.length() && to - from < 3 && Words.isInner(text.charAt(to))) {
      to++;
    }
    if (to == from || to >= text.length() || ".)".indexOf(text.charAt(to)) < 0) {
      return false;
    }
    boolean number = to - from <= 2 && isDigits(text, from, to);
    boolean letter = to - from == 1 && Character.isLetter(text.charAt(from));
    boolean space = to + 1 < text.length() && Words.isSpace(text.charAt(to + 1));
    return (number || letter) && space;
  }

  /** {@code [doctor]}, as transcripts have it; {@code [**Name**]} is a placeholder. */
  private static boolean isSpeaker(String text, int at) {
    int to = at + 1;
    while (to < text.length() && (Words.isInner(text.charAt(to)) || text.charAt(to) == ' ')) {
      to++;
    }
    return text.charAt(at) == '[' && to > at + 1 && to < text.length() && text.charAt(to) == ']';
  }

  /** Whether a key begins here: a few words before a colon, as {@code BP:} or {@code Doctor:}. */
  static boolean isKey(String text, int at) {
    int end = Math.min(end(text, at), at + 40);
    int words = 1;
    for (int i = at; i < end; i++) {
      char c = text.charAt(i);
      if (c == ':') {
        return words <= 4 && Character.isLetter(text.charAt(at));
      }
      if (".,;!?".indexOf(c) >= 0) {
        return false;
      }
      words += Words.isSpace(c) ? 1 : 0;
    }
    return false;
  }

  /** Whether a line may have been wrapped: long, and nothing on it ends it. */
  static boolean wraps(String text, int from, int to, int least) {
    return to - from >= least && !isKey(text, from);
  }
}
