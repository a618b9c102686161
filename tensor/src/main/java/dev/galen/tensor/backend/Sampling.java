package dev.galen.tensor.backend;

/**
 * What the settings of {@link RandomKernels#sample} mean, the same for every backend.
 *
 * <p>A backend may count probability in whole numbers, {@code 2^bits e^(logit - max)} cut off: then
 * sums are exact in any order, and a draw depends on no grid, no width and no number of threads.
 */
public final class Sampling {
  private Sampling() {}

  /**
   * Throws where no draw is possible.
   *
   * @param temperature must be positive and finite
   * @param topK must be at least 1
   * @param topP must be in (0, 1]
   */
  public static void require(int rows, int cols, double temperature, int topK, double topP) {
    if (cols == 0 && rows > 0) {
      throw new IllegalArgumentException("a draw from " + rows + " rows without logits");
    }
    if (!(temperature > 0 && temperature < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "temperature is %s, must be a positive number; for no randomness take argmax"
              .formatted(temperature));
    }
    if (topK < 1) {
      throw new IllegalArgumentException("top-k is %d, must be at least 1".formatted(topK));
    }
    if (!(topP > 0 && topP <= 1)) {
      throw new IllegalArgumentException("top-p is %s, must be in (0, 1]".formatted(topP));
    }
  }

  /**
   * The largest probability that top-p leaves out; 0 keeps all. HuggingFace compares F32: a sum is
   * left out while it rounds to at most {@code 1 - topP}, rounded too, which is up to half way to
   * the next F32. (Its terms are rounded as well, which may decide where a sum is {@code 1 - topP}
   * by chance.)
   */
  public static double dispensable(double topP) {
    float rest = (float) (1 - topP);
    return rest == 0 ? 0 : (rest + (double) Math.nextUp(rest)) / 2;
  }

  /** Bits of the largest logit's whole number: a row of {@code cols} adds up to less than 2^63. */
  public static int bits(int cols) {
    return 62 - (Integer.SIZE - Integer.numberOfLeadingZeros(cols - 1));
  }
}
