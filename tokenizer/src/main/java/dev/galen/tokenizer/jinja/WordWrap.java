package dev.galen.tokenizer.jinja;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The filter {@code wordwrap}: each line of a text wrapped as Python's {@code textwrap} does. */
final class WordWrap {
  private static final String SPACE = "[\\t\\n\\x0b\\x0c\\r ]";
  private static final String WORD = "[^\\t\\n\\x0b\\x0c\\r ]+?";
  private static final String PUNCTUATED = "[\\w!\"'&.,?]";
  private static final String LETTER = "[\\w&&[^\\d]]";

  /** White space, a dash between words, or a word up to its hyphen, its end or such a dash. */
  private static final Pattern PIECES =
      Pattern.compile(
          "%s+|(?<=%s)-{2,}(?=\\w)|%s(?:-(?:(?<=%s{2}-)|(?<=%s-%s-))(?=%s-?%s)|(?=%s|\\z)|(?<=%s)(?=-{2,}\\w))"
              .formatted(
                  SPACE,
                  PUNCTUATED,
                  WORD,
                  LETTER,
                  LETTER,
                  PUNCTUATED,
                  LETTER,
                  LETTER,
                  SPACE,
                  PUNCTUATED),
          Pattern.UNICODE_CHARACTER_CLASS);

  private static final Pattern SPACES = Pattern.compile(SPACE + "+");

  private final int width;
  private final boolean breaksWords;
  private final boolean breaksAtHyphens;
  private final Budget budget;

  private WordWrap(int width, boolean breaksWords, boolean breaksAtHyphens, Budget budget) {
    this.width = width;
    this.breaksWords = breaksWords;
    this.breaksAtHyphens = breaksAtHyphens;
    this.budget = budget;
  }

  static Object apply(Arguments arguments, Budget budget) {
    Arguments.Bound bound =
        arguments.bind(1, "s", "width", "break_long_words", "wrapstring", "break_on_hyphens");
    String text = bound.text("s", null);
    long width = bound.number("width", 79);
    String end = bound.text("wrapstring", null);
    var wrap =
        new WordWrap(
            (int) Math.clamp(width, Integer.MIN_VALUE, Integer.MAX_VALUE),
            Values.isTrue(bound.get("break_long_words", true)),
            Values.isTrue(bound.get("break_on_hyphens", true)),
            budget);
    List<String> paragraphs = new ArrayList<>();
    for (Object line : PythonText.splitLines(text, false, budget)) {
      if (width <= 0) {
        throw new JinjaException("invalid width " + width + " (must be > 0)");
      }
      List<String> lines = wrap.lines((String) line);
      budget.spend(text.length() + (long) lines.size() * (end == null ? 1 : end.length()));
      paragraphs.add(String.join(end == null ? "\n" : end, lines));
    }
    return String.join(end == null ? "\n" : end, paragraphs);
  }

  private List<String> lines(String paragraph) {
    Deque<String> pieces = pieces(paragraph);
    List<String> lines = new ArrayList<>();
    while (!pieces.isEmpty()) {
      if (!lines.isEmpty() && isBlank(pieces.getFirst())) {
        pieces.removeFirst();
      }
      Deque<String> line = new ArrayDeque<>();
      int length = 0;
      while (!pieces.isEmpty() && length + PythonText.length(pieces.getFirst()) <= width) {
        length += PythonText.length(pieces.getFirst());
        line.addLast(pieces.removeFirst());
      }
      if (!pieces.isEmpty() && PythonText.length(pieces.getFirst()) > width) {
        cut(pieces, line, length);
      }
      if (!line.isEmpty() && isBlank(line.getLast())) {
        line.removeLast();
      }
      if (!line.isEmpty()) {
        budget.spend(PythonText.PART);
        lines.add(String.join("", line));
      }
    }
    return lines;
  }

  /** Puts as much of a long word on a line as it takes. */
  private void cut(Deque<String> pieces, Deque<String> line, int length) {
    if (!breaksWords) {
      if (line.isEmpty()) {
        line.addLast(pieces.removeFirst());
      }
      return;
    }
    String word = pieces.removeFirst();
    int end = word.offsetByCodePoints(0, Math.min(width - length, PythonText.length(word)));
    if (breaksAtHyphens && end < word.length()) {
      int hyphen = word.lastIndexOf('-', end - 1);
      if (hyphen > 0 && !word.substring(0, hyphen).replace("-", "").isEmpty()) {
        end = hyphen + 1;
      }
    }
    line.addLast(word.substring(0, end));
    pieces.addFirst(word.substring(end));
  }

  private Deque<String> pieces(String paragraph) {
    Deque<String> pieces = new ArrayDeque<>();
    Matcher matcher = (breaksAtHyphens ? PIECES : SPACES).matcher(paragraph);
    int start = 0;
    while (matcher.find()) {
      add(pieces, paragraph.substring(start, matcher.start()));
      add(pieces, matcher.group());
      start = matcher.end();
    }
    add(pieces, paragraph.substring(start));
    return pieces;
  }

  private static void add(Deque<String> pieces, String piece) {
    if (!piece.isEmpty()) {
      pieces.addLast(piece);
    }
  }

  private static boolean isBlank(String piece) {
    return PythonText.stripEnd(piece).isEmpty();
  }
}
