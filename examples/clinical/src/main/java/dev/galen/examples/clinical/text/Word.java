package dev.galen.examples.clinical.text;

/**
 * A word, number or sign of a text.
 *
 * @param start its first character, an index of the Java string
 * @param end the index behind its last character
 */
public record Word(int start, int end, Kind kind) {
  /** What a word is made of. */
  public enum Kind {
    /**
     * Begins with a letter: {@code pain}, {@code patient's}, {@code B12}, {@code q.d.}, {@code Dr.}
     */
    WORD,
    /** Begins with a digit: {@code 38.2}, {@code 140/90}, {@code 5mg}, {@code 2-year-old}. */
    NUMBER,
    /** One character that is neither, or an ellipsis. */
    SIGN
  }

  /** What stands there. */
  public String in(String text) {
    return text.substring(start, end);
  }
}
