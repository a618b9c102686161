package dev.galen.model.generate;

/**
 * Keeps the likeliest tokens while their part of the entropy stays within {@code h} of the whole,
 * all of it among the hundred likeliest: HuggingFace's {@code TopHLogitsWarper}.
 *
 * @param h in (0, 1]
 */
public record TopH(double h) implements LogitsProcessor {
  private static final int LOOKED_AT = 100;

  /** Checks the share. */
  public TopH {
    SampleCuts.require(h > 0 && h <= 1, "top_h", h, "(0, 1]");
  }

  @Override
  public float[] apply(float[] logits, int[] ids) {
    int[] ascending = Logits.ascending(logits);
    int count = Math.min(LOOKED_AT, ascending.length);
    var likeliest = new float[count];
    for (int rank = 0; rank < count; rank++) {
      likeliest[rank] = logits[ascending[ascending.length - 1 - rank]];
    }
    double[] probabilities = Logits.softmax(likeliest);
    double budget = h * SampleCuts.entropy(probabilities);
    var keep = new boolean[logits.length];
    double spent = 0;
    for (int rank = 0; rank < count; rank++) {
      double p = probabilities[rank];
      spent -= p > 0 ? p * Math.log(p) : 0;
      keep[ascending[ascending.length - 1 - rank]] =
          rank == 0 || (p > 0 && (float) spent <= (float) budget);
    }
    return SampleCuts.cut(logits, keep);
  }
}
