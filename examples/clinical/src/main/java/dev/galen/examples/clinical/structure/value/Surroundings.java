package dev.galen.examples.clinical.structure.value;

import dev.galen.examples.clinical.structure.scan.Tokens;
import dev.galen.examples.clinical.structure.value.NumberText.Shape;

/** What stands around numbers and signs: marks of lists, points of abbreviations, dashes. */
final class Surroundings {
  private final String text;
  private final Tokens tokens;

  Surroundings(String text, Tokens tokens) {
    this.text = text;
    this.tokens = tokens;
  }

  /** Whether a sentence goes on behind the line break {@code i}: a small letter follows. */
  boolean wraps(int i) {
    return i > 0
        && i + 1 < tokens.count()
        && tokens.type(i + 1) == Tokens.WORD
        && Character.isLowerCase(text.charAt(tokens.start(i + 1)));
  }

  /** Whether the point belongs to a letter that stands alone, as in "p.o. " or "T. bili". */
  boolean initial(int i) {
    return i > 0
        && tokens.type(i - 1) == Tokens.WORD
        && tokens.end(i - 1) == tokens.start(i)
        && tokens.end(i - 1) - tokens.start(i - 1) == 1
        && "CFL".indexOf(text.charAt(tokens.start(i - 1))) < 0;
  }

  /**
   * Whether the number stands for itself: no letter, sign of money or the like before it.
   *
   * @param nameEnd where the name ends that it may be the value of; -1 for none
   */
  boolean standsAlone(NumberText number, int nameEnd) {
    if (number.start == 0) {
      return true;
    }
    char before = text.charAt(number.start - 1);
    if ("#$@/_".indexOf(before) >= 0) {
      return false;
    }
    if ((before == '-' || before == '\u2013') && number.start > 1) {
      return nameEnd == number.start - 1 || Character.isWhitespace(text.charAt(number.start - 2));
    }
    return true;
  }

  /** Whether it counts the items of a list: "1. " or "2) " at the beginning of a line. */
  boolean listMark(NumberText number, int i) {
    boolean first = i == 0 || tokens.type(i - 1) == Tokens.LINE;
    if (!first || number.shape != Shape.SINGLE || number.end + 1 >= text.length()) {
      return false;
    }
    char c = text.charAt(number.end);
    return (c == '.' || c == ')')
        && Character.isWhitespace(text.charAt(number.end + 1))
        && number.first < 100;
  }
}
