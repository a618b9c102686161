package dev.galen.examples.clinical.document;

/** Turns indices of a Java string into offsets in code points and back, in ascending order fast. */
public final class CodePoints {
  private final String text;
  private int index;
  private int offset;

  /** Begins at the first character of {@code text}. */
  public CodePoints(String text) {
    this.text = text;
  }

  /** The code points before {@code target}, an index of the string. */
  public int offset(int target) {
    if (target < index) {
      index = 0;
      offset = 0;
    }
    offset += text.codePointCount(index, target);
    index = target;
    return offset;
  }

  /**
   * The index of the string before which {@code target} code points lie.
   *
   * @throws IndexOutOfBoundsException if the text has fewer
   */
  public int index(int target) {
    if (target < offset) {
      index = 0;
      offset = 0;
    }
    index = text.offsetByCodePoints(index, target - offset);
    offset = target;
    return index;
  }
}
