package dev.galen.tokenizer;

/**
 * How texts are cut to a length, as HuggingFace's tokenizers does it. What is cut off makes further
 * windows.
 *
 * @param maxLength how many tokens a window has at most, with those that are put around texts; 0
 *     leaves nothing of a text
 * @param strategy which of two texts is cut
 * @param stride how many tokens of a window the next one has again
 * @param side where tokens are cut off; windows go on from the other side
 */
public record Truncation(int maxLength, Strategy strategy, int stride, Side side) {

  /** Which of two texts is cut. */
  public enum Strategy {
    /** The longer one, then both: a window for every pair of their windows. */
    LONGEST_FIRST,
    ONLY_FIRST,
    ONLY_SECOND
  }

  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException if a number is negative
   */
  public Truncation {
    if (maxLength < 0 || stride < 0) {
      throw new IllegalArgumentException(
          "maxLength %d and stride %d: neither may be negative".formatted(maxLength, stride));
    }
  }

  /** Cuts the longer text on the right, with no overlap. */
  public static Truncation to(int maxLength) {
    return new Truncation(maxLength, Strategy.LONGEST_FIRST, 0, Side.RIGHT);
  }

  /** This with windows that overlap. */
  public Truncation withStride(int stride) {
    return new Truncation(maxLength, strategy, stride, side);
  }

  /** This for another text. */
  public Truncation with(Strategy strategy) {
    return new Truncation(maxLength, strategy, stride, side);
  }

  /** This on another side. */
  public Truncation on(Side side) {
    return new Truncation(maxLength, strategy, stride, side);
  }
}
