package dev.galen.model.generate;

/**
 * Nucleus sampling: keeps the fewest tokens whose probabilities add up to at least p, the likeliest
 * first, and excludes the rest (Holtzman, Buys, Du, Forbes, Choi: "The curious case of neural text
 * degeneration", 2020, arXiv 1904.09751). One token is always kept. Of equally likely tokens those
 * with lower ids are kept first; HuggingFace leaves that to PyTorch's unstable sort.
 *
 * @param p the probability to keep, in (0, 1]
 */
public record TopP(double p) implements LogitsProcessor {
  /** Checks the probability. */
  public TopP {
    if (!(p > 0 && p <= 1)) {
      throw new IllegalArgumentException("top-p is %s, must be in (0, 1]".formatted(p));
    }
  }

  @Override
  public float[] apply(float[] logits, int[] ids) {
    double[] probabilities = Logits.softmax(logits);
    var processed = logits.clone();
    // From the least likely: a token goes while it and all before it hold at most 1 - p. Sums are
    // rounded to F32 like HuggingFace's, so that a tie at the boundary falls the same way.
    float dispensable = (float) (1 - p);
    double sum = 0;
    // So unlikely that all of them together go whatever their order: most need no sorting.
    double negligible = dispensable / (2.0 * logits.length);
    for (int id = 0; id < logits.length; id++) {
      if (probabilities[id] < negligible) {
        sum += (float) probabilities[id];
        processed[id] = Float.NEGATIVE_INFINITY;
      }
    }
    int[] ascending = Logits.ascending(processed);
    for (int rank = 0; rank < ascending.length - 1; rank++) {
      int id = ascending[rank];
      sum += (float) probabilities[id];
      if ((float) sum > dispensable) {
        break;
      }
      processed[id] = Float.NEGATIVE_INFINITY;
    }
    return processed;
  }
}
