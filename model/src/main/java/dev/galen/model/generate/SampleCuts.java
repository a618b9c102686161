package dev.galen.model.generate;

/** Processors that take the unlikely tokens out of a draw, as HuggingFace's warpers do. */
final class SampleCuts {
  private SampleCuts() {}

  /** {@code logits} without the tokens whose {@code keep} is false; the likeliest always stays. */
  static float[] cut(float[] logits, boolean[] keep) {
    var processed = logits.clone();
    int best = 0;
    for (int id = 1; id < logits.length; id++) {
      best = logits[id] > logits[best] ? id : best;
    }
    for (int id = 0; id < logits.length; id++) {
      if (!keep[id] && logits[id] < logits[best]) {
        processed[id] = Float.NEGATIVE_INFINITY;
      }
    }
    return processed;
  }

  /** Without those less likely than {@code least}. */
  static float[] cut(float[] logits, double[] probabilities, double least) {
    var keep = new boolean[logits.length];
    for (int id = 0; id < logits.length; id++) {
      keep[id] = (float) probabilities[id] >= (float) least;
    }
    return cut(logits, keep);
  }

  /** {@code -sum p ln p}, in nats. */
  static double entropy(double[] probabilities) {
    double entropy = 0;
    for (double p : probabilities) {
      entropy -= p > 0 ? p * Math.log(p) : 0;
    }
    return entropy;
  }

  static void require(boolean holds, String name, double value, String wanted) {
    if (!holds) {
      throw new IllegalArgumentException("%s is %s, must be in %s".formatted(name, value, wanted));
    }
  }
}
