package dev.galen.model.generate;

import java.util.PriorityQueue;

/**
 * Keeps the k highest scores and excludes the rest (Fan, Lewis, Dauphin: "Hierarchical neural story
 * generation", 2018, arXiv 1805.04833). Scores equal to the lowest kept one are kept too.
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
  public float[] apply(float[] scores, int[] ids) {
    if (k >= scores.length) {
      return scores;
    }
    float lowest = lowestKept(scores);
    var processed = scores.clone();
    for (int i = 0; i < scores.length; i++) {
      if (scores[i] < lowest) {
        processed[i] = Float.NEGATIVE_INFINITY;
      }
    }
    return processed;
  }

  /** The k-th highest score, through a heap of k: k is small where the vocabulary is large. */
  private float lowestKept(float[] scores) {
    var highest = new PriorityQueue<Float>(k);
    for (float score : scores) {
      if (highest.size() < k) {
        highest.add(score);
      } else if (score > highest.element()) {
        highest.remove();
        highest.add(score);
      }
    }
    return highest.element();
  }
}
