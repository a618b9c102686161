package dev.galen.train.metrics;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/**
 * The receiver operating characteristic: what share of the positives and of the negatives score at
 * least a threshold, for every threshold that makes a difference (Fawcett, "An introduction to ROC
 * analysis", 2006). Feed it probabilities or logits, not decisions: of hard decisions the area is
 * nothing but the mean of both classes' recalls.
 *
 * <p>Points with equal scores share one threshold, so ties count one half in the area, as in
 * scikit-learn; its {@code drop_intermediate} is off unless asked for.
 *
 * @param points from (0, 0) to (1, 1), thresholds falling
 */
public record RocCurve(List<Point> points) {

  /**
   * One threshold.
   *
   * @param threshold examples that score this or more are called positive
   * @param falsePositiveRate share of the negatives called positive
   * @param truePositiveRate share of the positives called positive
   */
  public record Point(double threshold, double falsePositiveRate, double truePositiveRate) {}

  /** How the areas of several classes become one. */
  public enum Average {
    /** Every class, or pair of classes, weighs the same. */
    MACRO,
    /** Every class, or pair of classes, weighs as many examples as it has. */
    WEIGHTED
  }

  /** Copies the list. */
  public RocCurve {
    points = List.copyOf(points);
  }

  /**
   * The curve of a binary classifier.
   *
   * @param positive whether each example is positive; there must be positives and negatives
   * @param scores how positive the classifier takes each example to be
   */
  public static RocCurve of(boolean[] positive, double[] scores) {
    return of(positive, scores, null, false);
  }

  /**
   * The curve of a binary classifier.
   *
   * @param weights of the examples, or null for 1 each
   * @param dropIntermediate leaves out points on a straight line between others, as scikit-learn
   *     does by default
   */
  public static RocCurve of(
      boolean[] positive, double[] scores, double[] weights, boolean dropIntermediate) {
    requireScores(positive.length, scores);
    int positives = count(positive);
    if (positives == 0 || positives == positive.length) {
      throw new IllegalArgumentException(
          "A ROC curve needs both classes, but there are %s positives and %s negatives"
              .formatted(positives, positive.length - positives));
    }
    var all = Thresholds.of(positive, scores, weights);
    var thresholds = dropIntermediate ? all.corners() : all;
    var points = new ArrayList<Point>();
    points.add(new Point(Double.POSITIVE_INFINITY, 0, 0));
    for (int i = 0; i < thresholds.values().length; i++) {
      points.add(
          new Point(
              thresholds.values()[i],
              thresholds.falsePositives()[i] / thresholds.negatives(),
              thresholds.truePositives()[i] / thresholds.positives()));
    }
    return new RocCurve(points);
  }

  /**
   * The area under the curve, by trapezoids: the probability that a random positive scores higher
   * than a random negative, a tie counting one half.
   */
  public double area() {
    double area = 0;
    for (int i = 1; i < points.size(); i++) {
      var from = points.get(i - 1);
      var to = points.get(i);
      area +=
          (to.falsePositiveRate - from.falsePositiveRate)
              * (to.truePositiveRate + from.truePositiveRate)
              / 2;
    }
    return area;
  }

  /**
   * The area up to a false positive rate, brought to 0.5 for guessing and 1 for perfection
   * (McClish, "Analyzing a Portion of the ROC Curve", 1989): scikit-learn's {@code max_fpr}.
   *
   * @param largest above 0, at most 1, which gives {@link #area()}
   */
  public double area(double largest) {
    if (!(largest > 0 && largest <= 1)) {
      throw new IllegalArgumentException(
          "the largest false positive rate must be above 0 and at most 1, got " + largest);
    }
    if (largest == 1) {
      return area();
    }
    double area = 0;
    for (int i = 1; i < points.size() && points.get(i - 1).falsePositiveRate < largest; i++) {
      var from = points.get(i - 1);
      var to = points.get(i);
      double width = to.falsePositiveRate - from.falsePositiveRate;
      double share = Math.min(1, (largest - from.falsePositiveRate) / width);
      double end = from.truePositiveRate + share * (to.truePositiveRate - from.truePositiveRate);
      area += width == 0 ? 0 : share * width * (from.truePositiveRate + end) / 2;
    }
    double least = largest * largest / 2;
    return (1 + (area - least) / (largest - least)) / 2;
  }

  /**
   * The area under a binary classifier's curve, or nothing where it is undefined because all
   * examples are of one class.
   */
  public static OptionalDouble area(boolean[] positive, double[] scores) {
    return area(positive, scores, null);
  }

  /** The same with weights of the examples, or null for 1 each. */
  public static OptionalDouble area(boolean[] positive, double[] scores, double[] weights) {
    requireScores(positive.length, scores);
    int positives = count(positive);
    return positives == 0 || positives == positive.length
        ? OptionalDouble.empty()
        : OptionalDouble.of(of(positive, scores, weights, false).area());
  }

  /**
   * The average over classes of the area with that class positive and all others negative (Provost
   * and Domingos, 2000); nothing if a class has no example or all of them.
   *
   * @param truth the class of each example, from 0
   * @param scores for each example a score for each class
   */
  public static OptionalDouble oneVersusRest(int[] truth, double[][] scores, Average average) {
    int classes = requireScores(truth, scores);
    double sum = 0;
    long weights = 0;
    for (int k = 0; k < classes; k++) {
      int positives = occurrences(truth, k);
      if (positives == 0 || positives == truth.length) {
        return OptionalDouble.empty();
      }
      int weight = average == Average.MACRO ? 1 : positives;
      sum += weight * areaOf(k, truth, scores, IntStream.range(0, truth.length).toArray());
      weights += weight;
    }
    return OptionalDouble.of(sum / weights);
  }

  /**
   * The average over pairs of classes, among the examples of the two, of the mean of the area with
   * the first positive and that with the second positive (Hand and Till, 2001); nothing if a class
   * has no example.
   *
   * @param truth the class of each example, from 0
   * @param scores for each example a score for each class
   */
  public static OptionalDouble oneVersusOne(int[] truth, double[][] scores, Average average) {
    int classes = requireScores(truth, scores);
    double sum = 0;
    long weights = 0;
    for (int a = 0; a < classes; a++) {
      for (int b = a + 1; b < classes; b++) {
        if (occurrences(truth, a) == 0 || occurrences(truth, b) == 0) {
          return OptionalDouble.empty();
        }
        int first = a;
        int second = b;
        var pair =
            IntStream.range(0, truth.length)
                .filter(i -> truth[i] == first || truth[i] == second)
                .toArray();
        int weight = average == Average.MACRO ? 1 : pair.length;
        double mean = (areaOf(a, truth, scores, pair) + areaOf(b, truth, scores, pair)) / 2;
        sum += weight * mean;
        weights += weight;
      }
    }
    return OptionalDouble.of(sum / weights);
  }

  /** The area with class {@code k} positive, among the given examples. */
  private static double areaOf(int k, int[] truth, double[][] scores, int[] examples) {
    var positive = new boolean[examples.length];
    var column = new double[examples.length];
    for (int i = 0; i < examples.length; i++) {
      positive[i] = truth[examples[i]] == k;
      column[i] = scores[examples[i]][k];
    }
    return of(positive, column).area();
  }

  private static int count(boolean[] positive) {
    int positives = 0;
    for (boolean is : positive) {
      positives += is ? 1 : 0;
    }
    return positives;
  }

  private static int occurrences(int[] truth, int k) {
    return (int) Arrays.stream(truth).filter(t -> t == k).count();
  }

  private static void requireScores(int examples, double[] scores) {
    if (examples != scores.length) {
      throw new IllegalArgumentException(
          "There must be a score for each example, but there are %s examples and %s scores"
              .formatted(examples, scores.length));
    }
    for (int i = 0; i < scores.length; i++) {
      requireNumber(scores[i], i);
    }
  }

  private static void requireNumber(double score, int example) {
    if (Double.isNaN(score)) {
      throw new IllegalArgumentException("The score of example " + example + " is NaN");
    }
  }

  /** The number of classes, which is that of the first row's scores. */
  private static int requireScores(int[] truth, double[][] scores) {
    if (truth.length != scores.length || truth.length == 0 || scores[0].length < 2) {
      throw new IllegalArgumentException(
          ("Areas of several classes need a row of scores for each example, and two classes,"
                  + " but there are %s examples and %s rows of %s scores")
              .formatted(truth.length, scores.length, scores.length == 0 ? 0 : scores[0].length));
    }
    int classes = scores[0].length;
    for (int i = 0; i < truth.length; i++) {
      if (scores[i].length != classes || truth[i] < 0 || truth[i] >= classes) {
        throw new IllegalArgumentException(
            ("Example %s has class %s and %s scores, but the first example has scores for %s"
                    + " classes")
                .formatted(i, truth[i], scores[i].length, classes));
      }
      for (double score : scores[i]) {
        requireNumber(score, i); // before a pair of classes numbers its examples anew
      }
    }
    return classes;
  }
}
