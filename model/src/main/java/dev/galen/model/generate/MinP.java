package dev.galen.model.generate;

import java.util.Arrays;

/**
 * Keeps tokens at least {@code p} times as likely as the likeliest (Nguyen et al.: "Turning up the
 * heat", 2024, arXiv 2407.01082).
 *
 * @param p in [0, 1]
 */
public record MinP(double p) implements LogitsProcessor {
  /** Checks the share. */
  public MinP {
    SampleCuts.require(p >= 0 && p <= 1, "min_p", p, "[0, 1]");
  }

  @Override
  public float[] apply(float[] logits, int[] ids) {
    double[] probabilities = Logits.softmax(logits);
    double most = Arrays.stream(probabilities).max().orElse(0);
    return SampleCuts.cut(logits, probabilities, p * most);
  }
}
