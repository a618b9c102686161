package dev.galen.train.metrics;

import java.util.stream.IntStream;

/**
 * How many negatives and positives score at least each threshold that makes a difference, with
 * weights: what curves of classifiers are drawn from.
 *
 * @param values thresholds, falling
 * @param falsePositives the negatives that score at least as much, in the sum of weights
 * @param truePositives the positives that do
 */
@SuppressWarnings("ArrayRecordComponent") // Carried, never compared.
record Thresholds(double[] values, double[] falsePositives, double[] truePositives) {

  /**
   * @param weights of the examples, or null for 1 each
   */
  static Thresholds of(boolean[] positive, double[] scores, double[] weights) {
    Weighted.requireExamples("A curve", positive.length, scores.length, weights);
    for (int i = 0; i < scores.length; i++) {
      if (Double.isNaN(scores[i])) {
        throw new IllegalArgumentException("The score of example " + i + " is NaN");
      }
    }
    int[] order =
        IntStream.range(0, scores.length)
            .boxed()
            .sorted((a, b) -> scores[a] > scores[b] ? -1 : scores[a] < scores[b] ? 1 : 0)
            .mapToInt(Integer::intValue)
            .toArray();
    int[] last =
        IntStream.range(0, order.length)
            .filter(i -> i + 1 == order.length || scores[order[i]] != scores[order[i + 1]])
            .toArray();
    var thresholds =
        new Thresholds(new double[last.length], new double[last.length], new double[last.length]);
    double hits = 0;
    double misses = 0;
    int at = 0;
    for (int i = 0; i < order.length; i++) {
      double weight = Weighted.of(weights, order[i]);
      hits += positive[order[i]] ? weight : 0;
      misses += positive[order[i]] ? 0 : weight;
      if (last[at] == i) {
        thresholds.values[at] = scores[order[i]];
        thresholds.falsePositives[at] = misses;
        thresholds.truePositives[at] = hits;
        at++;
      }
    }
    return thresholds;
  }

  double positives() {
    return truePositives[truePositives.length - 1];
  }

  double negatives() {
    return falsePositives[falsePositives.length - 1];
  }

  /**
   * Those between the first and the last where the counts' growth changes: scikit-learn's {@code
   * drop_intermediate}, which leaves the curve and its area as they are.
   */
  Thresholds corners() {
    int n = values.length;
    int[] kept =
        IntStream.range(0, n)
            .filter(
                i -> i == 0 || i == n - 1 || bends(falsePositives, i) || bends(truePositives, i))
            .toArray();
    return n <= 2
        ? this
        : new Thresholds(pick(values, kept), pick(falsePositives, kept), pick(truePositives, kept));
  }

  private static boolean bends(double[] counts, int i) {
    return (counts[i + 1] - counts[i]) - (counts[i] - counts[i - 1]) != 0;
  }

  /** Those between the first and the last where hits differ from the one before or behind. */
  Thresholds withoutVerticals() {
    int n = values.length;
    int[] kept =
        IntStream.range(0, n)
            .filter(
                i ->
                    i == 0
                        || i == n - 1
                        || truePositives[i] != truePositives[i - 1]
                        || truePositives[i + 1] != truePositives[i])
            .toArray();
    return n <= 2
        ? this
        : new Thresholds(pick(values, kept), pick(falsePositives, kept), pick(truePositives, kept));
  }

  private static double[] pick(double[] values, int[] places) {
    return IntStream.of(places).mapToDouble(i -> values[i]).toArray();
  }
}
