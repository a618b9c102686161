package dev.galen.model.generate;

/**
 * Keeps tokens at least as likely as the lesser of {@code epsilon} and {@code sqrt(epsilon)
 * exp(-H)}, H being the distribution's entropy in nats (Hewitt, Manning, Liang: "Truncation
 * sampling as language model desmoothing", 2022, arXiv 2210.15191).
 *
 * @param epsilon in (0, 1)
 */
public record EtaCutoff(double epsilon) implements LogitsProcessor {
  /** Checks the probability. */
  public EtaCutoff {
    SampleCuts.require(epsilon > 0 && epsilon < 1, "eta_cutoff", epsilon, "(0, 1)");
  }

  @Override
  public float[] apply(float[] logits, int[] ids) {
    double[] probabilities = Logits.softmax(logits);
    double scaled = Math.sqrt(epsilon) * Math.exp(-SampleCuts.entropy(probabilities));
    return SampleCuts.cut(logits, probabilities, Math.min(epsilon, scaled));
  }
}
