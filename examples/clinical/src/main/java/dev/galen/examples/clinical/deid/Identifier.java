package dev.galen.examples.clinical.deid;

/**
 * A place of a text that tells whom it is about.
 *
 * @param start its first character, an index of the Java string
 * @param end the index behind its last character
 * @param category what it is
 * @param rule the rule that found it
 * @param confidence how sure the rule is, above 0 and at most 1; not a probability
 */
public record Identifier(int start, int end, Category category, String rule, double confidence) {
  /** Checks that the place has a character. */
  public Identifier {
    if (start < 0 || end <= start) {
      throw new IllegalArgumentException(
          "identifier from " + start + " to " + end + "; expected 0 <= start < end");
    }
  }

  /** Whether the two have a character in common. */
  public boolean overlaps(Identifier other) {
    return start < other.end && other.start < end;
  }
}
