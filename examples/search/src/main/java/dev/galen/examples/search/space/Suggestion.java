package dev.galen.examples.search.space;

/**
 * A value that a trial was given.
 *
 * @param range what it was chosen from
 * @param number the value, as {@link Range} numbers it
 */
public record Suggestion(Range range, double number) {
  /** Checks that it is one. */
  public Suggestion {
    if (!range.contains(number)) {
      throw new IllegalArgumentException(number + " is not in " + range.text());
    }
  }

  /** The value, as text. */
  public String text() {
    return range.text(number);
  }
}
