package dev.galen.train.metrics;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.function.ToDoubleBiFunction;

/**
 * Scores of examples that have any number of labels each, as scikit-learn computes them; {@link
 * ClassScores} has precision, recall, F and Jaccard of them. Tables are [examples, classes].
 */
public final class MultiLabel {
  private MultiLabel() {}

  /** All labels that occur, in their order. */
  public static <L extends Comparable<L>> List<L> labels(List<List<L>> sets) {
    var labels = new TreeSet<L>();
    sets.forEach(labels::addAll);
    return new ArrayList<>(labels);
  }

  /** A column for each of {@code labels}: whether an example has it. */
  public static <L> boolean[][] table(List<List<L>> sets, List<L> labels) {
    var table = new boolean[sets.size()][labels.size()];
    for (int i = 0; i < table.length; i++) {
      for (var label : sets.get(i)) {
        int column = labels.indexOf(label);
        if (column < 0) {
          throw new IllegalArgumentException(
              "Example %s has the label %s, which is none of %s".formatted(i, label, labels));
        }
        table[i][column] = true;
      }
    }
    return table;
  }

  /** The share of examples whose labels are all right: subset accuracy. */
  public static double accuracy(boolean[][] truth, boolean[][] predicted, double[] weights) {
    return mean("Accuracy", truth, predicted, weights, (t, p) -> Arrays.equals(t, p) ? 1 : 0);
  }

  /** The share of labels that are wrong. */
  public static double hammingLoss(boolean[][] truth, boolean[][] predicted, double[] weights) {
    return mean(
        "Hamming loss",
        truth,
        predicted,
        weights,
        (t, p) -> {
          double wrong = 0;
          for (int k = 0; k < t.length; k++) {
            wrong += t[k] == p[k] ? 0 : 1;
          }
          return wrong / t.length;
        });
  }

  private static double mean(
      String metric,
      boolean[][] truth,
      boolean[][] predicted,
      double[] weights,
      ToDoubleBiFunction<boolean[], boolean[]> score) {
    Weighted.requireExamples(metric, truth.length, predicted.length, weights);
    var values = new double[truth.length];
    for (int i = 0; i < values.length; i++) {
      if (truth[i].length != predicted[i].length || truth[i].length == 0) {
        throw new IllegalArgumentException(
            "%s: example %s has %s labels and %s predictions"
                .formatted(metric, i, truth[i].length, predicted[i].length));
      }
      values[i] = score.applyAsDouble(truth[i], predicted[i]);
    }
    return Weighted.mean(values, weights);
  }

  /**
   * Label ranking average precision: over the true labels of an example, the share of true labels
   * among those that score at least as much (Tsoumakas, Katakis and Vlahavas, "Mining Multi-label
   * Data", 2010); 1 for an example with no label or all.
   */
  public static double rankingPrecision(boolean[][] truth, double[][] scores, double[] weights) {
    Weighted.requireExamples("Ranking precision", truth.length, scores.length, weights);
    var values = new double[truth.length];
    for (int i = 0; i < values.length; i++) {
      requireRow(truth[i].length, scores[i], i);
      values[i] = rankingPrecision(truth[i], scores[i]);
    }
    return Weighted.mean(values, weights);
  }

  private static double rankingPrecision(boolean[] truth, double[] scores) {
    double sum = 0;
    int labels = 0;
    for (int k = 0; k < truth.length; k++) {
      if (truth[k]) {
        int above = 0;
        int trueAbove = 0;
        for (int other = 0; other < truth.length; other++) {
          if (scores[other] >= scores[k]) {
            above++;
            trueAbove += truth[other] ? 1 : 0;
          }
        }
        sum += (double) trueAbove / above;
        labels++;
      }
    }
    return labels == 0 || labels == truth.length ? 1 : sum / labels;
  }

  /**
   * The share of examples whose class is among the {@code k} that score highest; of equal scores
   * the class with the higher number comes first, as in scikit-learn.
   *
   * @param truth the class of each example, from 0
   * @param scores [examples, classes]
   */
  public static double topK(int[] truth, double[][] scores, int k, double[] weights) {
    Weighted.requireExamples("Top-k accuracy", truth.length, scores.length, weights);
    if (k < 1) {
      throw new IllegalArgumentException("k must be at least 1, got " + k);
    }
    var hits = new double[truth.length];
    for (int i = 0; i < hits.length; i++) {
      requireRow(scores[0].length, scores[i], i);
      if (truth[i] < 0 || truth[i] >= scores[i].length) {
        throw new IllegalArgumentException(
            "Example %s has class %s, and there are scores of %s classes"
                .formatted(i, truth[i], scores[i].length));
      }
      int before = 0;
      for (int other = 0; other < scores[i].length; other++) {
        double ahead = scores[i][other] - scores[i][truth[i]];
        before += ahead > 0 || (ahead == 0 && other > truth[i]) ? 1 : 0;
      }
      hits[i] = before < k ? 1 : 0;
    }
    return Weighted.mean(hits, weights);
  }

  static void requireRow(int classes, double[] scores, int example) {
    if (scores.length != classes || classes == 0) {
      throw new IllegalArgumentException(
          "Example %s has %s scores; there are %s classes"
              .formatted(example, scores.length, classes));
    }
    for (double score : scores) {
      if (Double.isNaN(score)) {
        throw new IllegalArgumentException("A score of example " + example + " is NaN");
      }
    }
  }
}
