package dev.galen.model.generate;

import java.util.PriorityQueue;

/**
 * Keeps the k highest logits and excludes the rest (Fan, Lewis, Dauphin: "Hierarchical neural story
 * generation", 2018, arXiv 1805.04833). Logits equal to the lowest kept one are kept too.
 *
 * @param k how many, at least 1; more than there are tokens keeps all
 */
public record TopK(int k) implements LogitsProcessor {
  /** Checks the number. */
  public TopK {
    if (k < 1) {
      throw new IllegalArgumentException("top-k is %d, must be at least 1".formatted(k));
    }
  }

  @Override
  public float[] apply(float[] logits, int[] ids) {
    if (k >= logits.length) {
      return logits;
    }
    float lowest = lowestKept(logits);
    var processed = logits.clone();
    for (int i = 0; i < logits.length; i++) {
      if (logits[i] < lowest) {
        processed[i] = Float.NEGATIVE_INFINITY;
      }
    }
    return processed;
  }

  /** The k-th highest logit, through a heap of k: k is small where the vocabulary is large. */
  private float lowestKept(float[] logits) {
    var highest = new PriorityQueue<Float>(k);
    for (float logit : logits) {
      if (highest.size() < k) {
        highest.add(logit);
      } else if (logit > highest.element()) {
        highest.remove();
        highest.add(logit);
      }
    }
    return highest.element();
  }
}
