package dev.galen.examples.clinical.clean;

import dev.galen.examples.clinical.document.Edits;

/**
 * White space: odd spaces become plain ones, several within a line one, a run that holds a tab one
 * tab; there is none at the ends of lines and of the text, and at most one blank line. A line keeps
 * its indentation.
 */
final class Spaces {
  private Spaces() {}

  static Edits edits(String text) {
    var edits = new Edits(text);
    int at = 0;
    while (at < text.length()) {
      if (!isSpace(text.charAt(at))) {
        at++;
        continue;
      }
      int end = at + 1;
      while (end < text.length() && isSpace(text.charAt(end))) {
        end++;
      }
      if (end - at > 1 || text.charAt(at) != ' ' || at == 0 || end == text.length()) {
        boolean edge = at == 0 || end == text.length();
        edits.replace(at, end, edge ? "" : run(text, at, end));
      }
      at = end;
    }
    return edits;
  }

  private static String run(String text, int from, int to) {
    int lines = 0;
    int last = -1;
    boolean tab = false;
    for (int i = from; i < to; i++) {
      tab |= text.charAt(i) == '\t';
      if (text.charAt(i) == '\n') {
        lines++;
        last = i;
      }
    }
    if (lines == 0) {
      return tab ? "\t" : " ";
    }
    var run = new StringBuilder(lines > 1 ? "\n\n" : "\n");
    for (int i = last + 1; i < to; i++) {
      run.append(text.charAt(i) == '\t' ? '\t' : ' ');
    }
    return run.toString();
  }

  private static boolean isSpace(char c) {
    return c == ' ' || c == '\n' || c == '\t' || c >= 0xA0 && isOdd(c);
  }

  /** Spaces other than the plain one. */
  static boolean isOdd(char c) {
    return switch (c) {
      case 0xA0, 0x1680, 0x202F, 0x205F, 0x3000 -> true;
      default -> c >= 0x2000 && c <= 0x200A;
    };
  }
}
