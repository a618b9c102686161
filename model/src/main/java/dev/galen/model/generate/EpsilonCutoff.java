package dev.galen.model.generate;

/**
 * Keeps tokens at least this likely (Hewitt, Manning, Liang: "Truncation sampling as language model
 * desmoothing", 2022, arXiv 2210.15191).
 *
 * @param epsilon in (0, 1)
 */
public record EpsilonCutoff(double epsilon) implements LogitsProcessor {
  /** Checks the probability. */
  public EpsilonCutoff {
    SampleCuts.require(epsilon > 0 && epsilon < 1, "epsilon_cutoff", epsilon, "(0, 1)");
  }

  @Override
  public float[] apply(float[] logits, int[] ids) {
    return SampleCuts.cut(logits, Logits.softmax(logits), epsilon);
  }
}
