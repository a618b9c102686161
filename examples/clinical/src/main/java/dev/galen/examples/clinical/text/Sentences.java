package dev.galen.examples.clinical.text;

import java.util.ArrayList;
import java.util.List;

/**
 * Cuts a text into sentences. They stand in order, have no white space at their ends, and hold
 * every character that is none.
 *
 * <p>A dot ends a sentence unless it belongs to an abbreviation, an initial, a number or the number
 * of a list ({@code Dr.}, {@code q.d.}, {@code No. 3}, {@code T. 38.2}, {@code 1. Aspirin}); a dot
 * before a small letter does not, except in text that is all in small letters. A line ends one too
 * where it is blank, a heading, an item of a list, or not wrapped: the next line begins with a
 * small letter, or the line is long, where a sentence goes on behind it.
 */
public final class Sentences {
  /** A line of so many characters may have been wrapped. */
  private static final int WRAPPED = 50;

  private final String text;
  private final List<TextRange> sentences = new ArrayList<>();
  private int start;

  /** The number of the last item of a list on the same lines, 0 for none. */
  private int item;

  private Sentences(String text) {
    this.text = text;
  }

  /** The sentences of a text from left to right. */
  public static List<TextRange> of(String text) {
    var sentences = new Sentences(text);
    sentences.cut();
    return sentences.sentences;
  }

  private void cut() {
    int at = 0;
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c == '\n' || c == '\r' || c == '\f' || c == '\u2028' || c == '\u2029') {
        int next = skipSpaces(at);
        if (!goesOn(at, next)) {
          end(at);
        }
        at = next;
      } else if (c == '.' || c == '!' || c == '?' || c == '\u2026') {
        at = mark(at);
      } else {
        at++;
      }
    }
    end(text.length());
  }

  /** Ends a sentence before {@code end}. */
  private void end(int end) {
    int from = skipSpaces(start);
    int to = Math.min(end, text.length());
    while (to > from && Words.isSpace(text.charAt(to - 1))) {
      to--;
    }
    if (to > from) {
      sentences.add(new TextRange(from, to));
    }
    start = Math.max(start, end);
  }

  private int skipSpaces(int at) {
    while (at < text.length() && Words.isSpace(text.charAt(at))) {
      at++;
    }
    return at;
  }

  // Ends of lines.

  /** Whether the sentence goes on behind the line that ends at {@code at}. */
  private boolean goesOn(int at, int next) {
    if (next == text.length() || isBlankBetween(at, next)) {
      item = 0;
      return false;
    }
    int from = Lines.start(text, at);
    int to = Lines.trimmed(text, from, at);
    if (to == from
        || Lines.isHeading(text, from, to)
        || Lines.isItem(text, next)
        || Lines.isHeading(text, next, Lines.trimmed(text, next, Lines.end(text, next)))) {
      return false;
    }
    char last = text.charAt(to - 1);
    if (last == ':' || last == ';' || isFinal(last)) {
      // A dot that ended a sentence has done so already, unless it was an abbreviation's.
      return last == '.' && start < to && Lines.wraps(text, from, to, WRAPPED);
    }
    int first = text.codePointAt(next);
    if (Character.isUpperCase(first) && Lines.isKey(text, next)) {
      return false;
    }
    return Character.isLowerCase(first) || last == ',' || Lines.wraps(text, from, to, WRAPPED);
  }

  private boolean isBlankBetween(int at, int next) {
    int lines = 0;
    for (int i = at; i < next; i++) {
      char c = text.charAt(i);
      boolean pair = c == '\r' && i + 1 < next && text.charAt(i + 1) == '\n';
      lines += c == '\n' || c == '\r' && !pair || c == '\u2028' ? 1 : 0;
      lines += c == '\u2029' || c == '\f' ? 2 : 0;
    }
    return lines > 1;
  }

  private static boolean isFinal(char c) {
    return c == '.' || c == '!' || c == '?' || c == '\u2026';
  }

  // Marks within lines.

  /** Looks at the marks from {@code at} on; returns where to go on. */
  private int mark(int at) {
    int marks = at;
    while (marks < text.length() && isFinal(text.charAt(marks))) {
      marks++;
    }
    int closed = marks;
    while (closed < text.length() && ")]\"'\u201D\u2019\u00BB".indexOf(text.charAt(closed)) >= 0) {
      closed++;
    }
    if (closed == text.length()) {
      return closed;
    }
    if (!Words.isSpace(text.charAt(closed))) {
      if (marks == at + 1 && closed == marks && isMissingSpace(at)) {
        end(marks);
      }
      return Math.max(marks, closed);
    }
    int next = skipSpaces(closed);
    if (next == text.length()) {
      return closed;
    }
    boolean ends;
    if (text.charAt(at) == '.' && marks == at + 1) {
      ends = isEnd(at, closed, next);
    } else if (marks > at + 1 || text.charAt(at) == '\u2026') {
      ends = Character.isUpperCase(text.codePointAt(next)) || isFinalOtherThanDots(at, marks);
    } else {
      ends = closed == marks || !Character.isLowerCase(text.codePointAt(next));
    }
    if (ends) {
      end(closed);
    }
    return closed;
  }

  private boolean isFinalOtherThanDots(int at, int marks) {
    return text.charAt(marks - 1) != '.' && text.charAt(marks - 1) != '\u2026';
  }

  /** {@code pain.The}: a sentence whose space was lost. */
  private boolean isMissingSpace(int dot) {
    if (dot + 2 >= text.length()
        || !Character.isUpperCase(text.charAt(dot + 1))
        || !Character.isLowerCase(text.charAt(dot + 2))) {
      return false;
    }
    int from = dot;
    while (from > start && Character.isLowerCase(text.charAt(from - 1))) {
      from--;
    }
    boolean whole = from == start || Words.isSpace(text.charAt(from - 1));
    return dot - from >= 3 && whole && Dotted.ends(text, from, dot) == null;
  }

  /** Whether the single dot at {@code dot} ends a sentence, behind which {@code next} begins. */
  private boolean isEnd(int dot, int closed, int next) {
    if (dot == start || Words.isSpace(text.charAt(dot - 1))) {
      return true; // words and signs are parted by spaces, as tokenizers leave them
    }
    int from = wordBefore(dot);
    if (isNumberOfItem(from, dot, next)) {
      return false;
    }
    int first = text.codePointAt(next);
    if (closed > dot + 1) {
      return !Character.isLowerCase(first);
    }
    Dotted.Ends ends = Dotted.ends(text, from, dot);
    boolean number = Dotted.startsNumber(text, next);
    if (ends != null) {
      return switch (ends) {
        case NEVER -> false;
        case UNLESS_NUMBER -> !number && !Character.isLowerCase(first);
        case BEFORE_CAPITAL -> Character.isUpperCase(first) && !Starters.isDirection(text, next);
        case BEFORE_STARTER -> Starters.isStarter(text, next);
      };
    }
    if (dot - from == 1 && Character.isLetter(text.charAt(from))) {
      return Starters.isStarter(text, next); // an initial, or T. 38.2
    }
    if (number && Starters.isVital(text, from, dot)) {
      return false;
    }
    if (Character.isLowerCase(first)) {
      return dot - from >= 2 && Starters.isStarter(text, next);
    }
    return true;
  }

  /** Where the word begins that ends at {@code dot}, its inner dots and hyphens included. */
  private int wordBefore(int dot) {
    int from = dot;
    while (from > start && (Words.isInner(text.charAt(from - 1)) || isDotBetween(from - 1))) {
      from--;
    }
    return from;
  }

  private boolean isDotBetween(int at) {
    return text.charAt(at) == '.' && at > start && Words.isInner(text.charAt(at - 1));
  }

  /** {@code 1.} at the beginning of a line or sentence, or {@code 2.} behind the item before. */
  private boolean isNumberOfItem(int from, int dot, int next) {
    if (dot - from > 2 || !Lines.isDigits(text, from, dot)) {
      return dot - from == 1 && Lines.isFirst(text, from) && isLetterOfItem(from);
    }
    int number = Integer.parseInt(text, from, dot, 10);
    boolean first = Lines.isFirst(text, from) || skipSpaces(start) == from || isAfterColon(from);
    boolean follows = item > 0 && number == item + 1 && Character.isLetter(text.codePointAt(next));
    if (!first && !(follows && !Starters.isStarter(text, next))) {
      return false;
    }
    if (!first || isAfterColon(from)) {
      end(from);
    }
    item = number;
    return true;
  }

  /** {@code a.} or {@code B.}, at the beginning of a line. */
  private boolean isLetterOfItem(int from) {
    char c = text.charAt(from);
    return c >= 'a' && c <= 'h' || c >= 'A' && c <= 'H';
  }

  private boolean isAfterColon(int from) {
    int at = from;
    while (at > start && Words.isSpace(text.charAt(at - 1))) {
      at--;
    }
    return at > start && text.charAt(at - 1) == ':';
  }
}
