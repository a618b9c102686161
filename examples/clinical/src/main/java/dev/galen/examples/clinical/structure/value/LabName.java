package dev.galen.examples.clinical.structure.value;

import dev.galen.examples.clinical.structure.scan.PhraseTrie;
import java.util.Locale;

/** The words before a number with a unit of concentration, where the list has no name for it. */
final class LabName {
  private static final int MOST = 3;

  private LabName() {}

  /** Up to three words, in lower case; null if none stands there. */
  static String before(String text, int number) {
    int at = back(text, number);
    // Over "was", "of" and their like.
    for (int filler = 0; filler < 4; filler++) {
      int from = wordStart(text, at);
      if (from == at || !filling(text, from, at)) {
        break;
      }
      at = back(text, from);
    }
    int end = at;
    int start = at;
    for (int words = 0; words < MOST; words++) {
      int from = wordStart(text, at);
      if (from == at || filling(text, from, at) || !Character.isLetter(text.charAt(from))) {
        break;
      }
      start = from;
      if (from == 0 || text.charAt(from - 1) != ' ') {
        break;
      }
      at = from - 1;
    }
    return start == end ? null : text.substring(start, end).toLowerCase(Locale.ROOT);
  }

  private static int back(String text, int from) {
    int at = from;
    while (at > 0 && " :=|\t-<>~(".indexOf(text.charAt(at - 1)) >= 0) {
      at--;
    }
    return at;
  }

  private static int wordStart(String text, int end) {
    int at = end;
    while (at > 0
        && (Character.isLetterOrDigit(text.charAt(at - 1))
            || "-()/'".indexOf(text.charAt(at - 1)) >= 0)) {
      at--;
    }
    return at;
  }

  private static boolean filling(String text, int from, int to) {
    long match = Lexicon.INSTANCE.match(text, from);
    if (match == PhraseTrie.NONE || PhraseTrie.end(match) < to) {
      return false;
    }
    return switch (Lexicon.INSTANCE.concept(match).type()) {
      case FILLER, COMPARE, TIME, BLOCK, THRESHOLD -> true;
      default -> false;
    };
  }
}
