package dev.galen.examples.clinical.structure.assertion;

/** The bounds of the sentence around a place; a line of its own ends one, too. */
final class Sentence {
  private Sentence() {}

  static int start(String text, int from) {
    int at = from;
    while (at > 0 && !boundary(text, at - 1)) {
      at--;
    }
    return at;
  }

  static int end(String text, int from) {
    int at = from;
    while (at < text.length() && !boundary(text, at)) {
      at++;
    }
    return at;
  }

  private static boolean boundary(String text, int i) {
    char c = text.charAt(i);
    if (c == '\n') {
      return !wraps(text, i);
    }
    if (c == '!' || c == ';') {
      return true;
    }
    if (c != '.' && c != '?') {
      return false;
    }
    int next = i + 1;
    if (next < text.length() && !Character.isWhitespace(text.charAt(next))) {
      return false;
    }
    if (c == '?') {
      return true;
    }
    int word = i;
    while (word > 0 && Character.isLetter(text.charAt(word - 1))) {
      word--;
    }
    return switch (text.substring(word, i)) {
      case "Dr", "Mr", "Mrs", "Ms", "vs", "approx", "St", "e", "g", "i" -> false;
      default -> true;
    };
  }

  /** Whether a sentence goes on behind a line break: a small letter follows, no stop before. */
  private static boolean wraps(String text, int newline) {
    int next = newline + 1;
    while (next < text.length() && (text.charAt(next) == ' ' || text.charAt(next) == '\t')) {
      next++;
    }
    if (next >= text.length() || !Character.isLowerCase(text.charAt(next)) || newline == 0) {
      return false;
    }
    char before = text.charAt(newline - 1);
    return Character.isLetterOrDigit(before) || before == ',';
  }
}
