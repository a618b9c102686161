package dev.galen.train.metrics;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.TreeSet;

/**
 * Precision, recall, F and Jaccard of classes, as scikit-learn's {@code
 * precision_recall_fscore_support} and {@code jaccard_score} compute them, of one label an example
 * or of several: by class, and averaged in four ways (van Rijsbergen, "Information Retrieval",
 * 1979).
 *
 * <p>With tp examples of a class found, P = tp / predicted, R = tp / occurred, F<sub>β</sub> = (1 +
 * β²) tp / (β² occurred + predicted), J = tp / (predicted + occurred - tp). What is 0 / 0 is the
 * {@code zeroDivision} that the caller names: 0, 1, or NaN, which averages leave out. F is 0 / 0
 * only where a class neither occurs nor is predicted, so that with 1 a class that is never
 * predicted has precision 1 and F 0.
 *
 * <p>A class may be left out of the labels: what is predicted for its examples still counts against
 * the others, and {@link Averaging#MICRO} is then no accuracy.
 */
public final class ClassScores {
  private final double[] hits;
  private final double[] predicted;
  private final double[] occurred;
  private final double[] weights; // of examples, where each row is one

  /**
   * Scores of one class, or an average.
   *
   * @param precision tp / predicted
   * @param recall tp / occurred
   * @param fscore F<sub>β</sub>
   * @param support how often the class occurred, in the sum of weights; NaN for an average
   */
  public record Scores(double precision, double recall, double fscore, double support) {}

  private ClassScores(double[] hits, double[] predicted, double[] occurred, double[] weights) {
    this.hits = hits;
    this.predicted = predicted;
    this.occurred = occurred;
    this.weights = weights;
  }

  /** All labels that occur on either side, in their order: what scikit-learn infers. */
  public static <L extends Comparable<L>> List<L> labels(List<L> truth, List<L> predicted) {
    var labels = new TreeSet<L>(truth);
    labels.addAll(predicted);
    return new ArrayList<>(labels);
  }

  /**
   * Counts one label an example.
   *
   * @param truth the label of each example, at least one
   * @param predicted the label predicted for each example
   * @param labels those to score, in the order of the results
   * @param weights of the examples, or null for 1 each
   */
  public static <L> ClassScores of(
      List<L> truth, List<L> predicted, List<L> labels, double[] weights) {
    Weighted.requireExamples("A score of classes", truth.size(), predicted.size(), weights);
    var numbers = new HashMap<L, Integer>();
    labels.forEach(label -> numbers.put(label, numbers.size()));
    if (numbers.size() != labels.size() || labels.isEmpty()) {
      throw new IllegalArgumentException(
          "the labels must be different and at least one, got " + labels);
    }
    int n = labels.size();
    var scores = new ClassScores(new double[n], new double[n], new double[n], null);
    for (int i = 0; i < truth.size(); i++) {
      double weight = Weighted.of(weights, i);
      Integer is = numbers.get(truth.get(i));
      Integer said = numbers.get(predicted.get(i));
      if (is != null) {
        scores.occurred[is] += weight;
        scores.hits[is] += is.equals(said) ? weight : 0;
      }
      if (said != null) {
        scores.predicted[said] += weight;
      }
    }
    return scores;
  }

  /** Counts by class where each example has any number of labels, [examples, classes]. */
  public static ClassScores ofLabels(boolean[][] truth, boolean[][] predicted, double[] weights) {
    int classes = requireTables(truth, predicted, weights);
    var scores =
        new ClassScores(new double[classes], new double[classes], new double[classes], null);
    for (int i = 0; i < truth.length; i++) {
      for (int k = 0; k < classes; k++) {
        scores.add(k, truth[i][k], predicted[i][k], Weighted.of(weights, i));
      }
    }
    return scores;
  }

  /** Counts by example where each has any number of labels, for {@link Averaging#SAMPLES}. */
  public static ClassScores ofSamples(boolean[][] truth, boolean[][] predicted, double[] weights) {
    int classes = requireTables(truth, predicted, weights);
    int n = truth.length;
    var scores = new ClassScores(new double[n], new double[n], new double[n], weights);
    for (int i = 0; i < n; i++) {
      for (int k = 0; k < classes; k++) {
        scores.add(i, truth[i][k], predicted[i][k], 1);
      }
    }
    return scores;
  }

  /** Counts that were made elsewhere: found, predicted and occurring of each class. */
  static ClassScores ofCounts(double[] hits, double[] predicted, double[] occurred) {
    return new ClassScores(hits, predicted, occurred, null);
  }

  private void add(int row, boolean is, boolean said, double weight) {
    hits[row] += is && said ? weight : 0;
    predicted[row] += said ? weight : 0;
    occurred[row] += is ? weight : 0;
  }

  /** The number of classes, or of examples of {@link #ofSamples}. */
  public int size() {
    return hits.length;
  }

  /** The scores of the class with that place in the labels. */
  public Scores of(int label, double beta, double zeroDivision) {
    requireSettings(beta, zeroDivision);
    return scores(hits[label], predicted[label], occurred[label], beta, zeroDivision);
  }

  /** An average of precision, recall and F. */
  public Scores average(Averaging averaging, double beta, double zeroDivision) {
    requireSettings(beta, zeroDivision);
    if (averaging == Averaging.MICRO) {
      var all = scores(sum(hits), sum(predicted), sum(occurred), beta, zeroDivision);
      return new Scores(all.precision, all.recall, all.fscore, Double.NaN);
    }
    var precision = new double[hits.length];
    var recall = new double[hits.length];
    var fscore = new double[hits.length];
    for (int k = 0; k < hits.length; k++) {
      var one = of(k, beta, zeroDivision);
      precision[k] = one.precision;
      recall[k] = one.recall;
      fscore[k] = one.fscore;
    }
    var shares = averaging == Averaging.WEIGHTED ? occurred : weights;
    return new Scores(
        Weighted.meanOfNumbers(precision, shares),
        Weighted.meanOfNumbers(recall, shares),
        Weighted.meanOfNumbers(fscore, shares),
        Double.NaN);
  }

  /** Jaccard's index of the class with that place in the labels. */
  public double jaccard(int label, double zeroDivision) {
    requireSettings(1, zeroDivision);
    return ratio(hits[label], predicted[label] + occurred[label] - hits[label], zeroDivision);
  }

  /** An average of Jaccard's index. */
  public double jaccard(Averaging averaging, double zeroDivision) {
    requireSettings(1, zeroDivision);
    if (averaging == Averaging.MICRO) {
      double hit = sum(hits);
      return ratio(hit, sum(predicted) + sum(occurred) - hit, zeroDivision);
    }
    var values = new double[hits.length];
    for (int k = 0; k < values.length; k++) {
      values[k] = jaccard(k, zeroDivision);
    }
    boolean byOccurrence = averaging == Averaging.WEIGHTED && sum(occurred) > 0;
    return Weighted.mean(values, byOccurrence ? occurred : weights);
  }

  private static Scores scores(
      double hits, double predicted, double occurred, double beta, double zeroDivision) {
    double precision = ratio(hits, predicted, zeroDivision);
    double recall = ratio(hits, occurred, zeroDivision);
    double square = beta * beta;
    double fscore =
        Double.isInfinite(beta)
            ? recall
            : beta == 0
                ? precision
                : ratio((1 + square) * hits, square * occurred + predicted, zeroDivision);
    return new Scores(precision, recall, fscore, occurred);
  }

  private static double ratio(double part, double whole, double zeroDivision) {
    return whole == 0 ? zeroDivision : part / whole;
  }

  private static double sum(double[] values) {
    return Arrays.stream(values).sum();
  }

  private static void requireSettings(double beta, double zeroDivision) {
    if (!(beta >= 0)) {
      throw new IllegalArgumentException("beta must be at least 0, got " + beta);
    }
    if (zeroDivision != 0 && zeroDivision != 1 && !Double.isNaN(zeroDivision)) {
      throw new IllegalArgumentException("zeroDivision must be 0, 1 or NaN, got " + zeroDivision);
    }
  }

  private static int requireTables(boolean[][] truth, boolean[][] predicted, double[] weights) {
    Weighted.requireExamples("A score of labels", truth.length, predicted.length, weights);
    int classes = truth[0].length;
    for (int i = 0; i < truth.length; i++) {
      if (truth[i].length != classes || predicted[i].length != classes) {
        throw new IllegalArgumentException(
            "Example %s has %s labels and %s predictions; the first example has %s"
                .formatted(i, truth[i].length, predicted[i].length, classes));
      }
    }
    return classes;
  }
}
