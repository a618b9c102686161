package dev.galen.train.metrics;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Counts of n-grams, the common ground of BLEU and ROUGE-N. */
final class NGrams {

  private NGrams() {}

  /** How often each run of {@code n} consecutive tokens occurs; the keys are views of the list. */
  static Map<List<String>, Integer> count(List<String> tokens, int n) {
    var counts = new HashMap<List<String>, Integer>();
    for (int end = n; end <= tokens.size(); end++) {
      counts.merge(tokens.subList(end - n, end), 1, Integer::sum);
    }
    return counts;
  }

  /** The number of n-grams in a sequence of {@code length} tokens: max(0, length - n + 1). */
  static int total(int length, int n) {
    return Math.max(0, length - n + 1);
  }

  /** Sum over the n-grams of both sides of the smaller of the two counts. */
  static int overlap(Map<List<String>, Integer> left, Map<List<String>, Integer> right) {
    int sum = 0;
    for (var entry : left.entrySet()) {
      sum += Math.min(entry.getValue(), right.getOrDefault(entry.getKey(), 0));
    }
    return sum;
  }

  /**
   * BLEU's clipped matches: each n-gram of the hypothesis counts at most as often as it occurs in
   * the one reference that has it most often.
   */
  static int clippedMatches(List<List<String>> references, List<String> hypothesis, int n) {
    var highest = new HashMap<List<String>, Integer>();
    for (var reference : references) {
      count(reference, n).forEach((gram, times) -> highest.merge(gram, times, Math::max));
    }
    return overlap(count(hypothesis, n), highest);
  }

  /** The reference length nearest to {@code length}; of two equally near ones the shorter. */
  static int closestLength(List<List<String>> references, int length) {
    int closest = references.getFirst().size();
    for (var reference : references) {
      int size = reference.size();
      int gain = Math.abs(closest - length) - Math.abs(size - length);
      if (gain > 0 || (gain == 0 && size < closest)) {
        closest = size;
      }
    }
    return closest;
  }
}
