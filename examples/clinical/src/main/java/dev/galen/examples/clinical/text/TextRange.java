package dev.galen.examples.clinical.text;

/**
 * A stretch of a text.
 *
 * @param start its first character, an index of the Java string
 * @param end the index behind its last character
 */
public record TextRange(int start, int end) {
  /** Checks the bounds. */
  public TextRange {
    if (start < 0 || end < start) {
      throw new IllegalArgumentException(
          "range from " + start + " to " + end + "; expected 0 <= start <= end");
    }
  }

  /** What stands there. */
  public String in(String text) {
    return text.substring(start, end);
  }

  /** How many characters it has. */
  public int length() {
    return end - start;
  }
}
