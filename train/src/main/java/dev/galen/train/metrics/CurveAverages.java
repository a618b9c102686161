package dev.galen.train.metrics;

import java.util.Arrays;

/**
 * Areas under curves of several classes as one figure, as scikit-learn averages them: each class
 * against the rest, or each label where an example has several. Tables are [examples, classes].
 */
public final class CurveAverages {
  private CurveAverages() {}

  private interface Area {
    double of(boolean[] positive, double[] scores, double[] weights);
  }

  /** The area under each class's ROC curve; NaN where all examples or none have the class. */
  public static double[] rocAreas(boolean[][] truth, double[][] scores, double[] weights) {
    return byClass(truth, scores, weights, CurveAverages::rocArea);
  }

  /** The mean area under ROC curves; NaN where a class that counts has no area. */
  public static double rocArea(
      boolean[][] truth, double[][] scores, double[] weights, Averaging averaging) {
    return average(truth, scores, weights, averaging, CurveAverages::rocArea);
  }

  /** The average precision of each class. */
  public static double[] averagePrecisions(boolean[][] truth, double[][] scores, double[] weights) {
    return byClass(truth, scores, weights, PrecisionRecallCurve::averagePrecision);
  }

  /** The mean average precision. */
  public static double averagePrecision(
      boolean[][] truth, double[][] scores, double[] weights, Averaging averaging) {
    return average(truth, scores, weights, averaging, PrecisionRecallCurve::averagePrecision);
  }

  private static double rocArea(boolean[] positive, double[] scores, double[] weights) {
    return RocCurve.area(positive, scores, weights).orElse(Double.NaN);
  }

  private static double average(
      boolean[][] truth, double[][] scores, double[] weights, Averaging averaging, Area area) {
    requireTables(truth, scores, weights);
    int classes = truth[0].length;
    switch (averaging) {
      case MICRO -> {
        var positive = new boolean[truth.length * classes];
        var flat = new double[positive.length];
        var shares = weights == null ? null : new double[positive.length];
        for (int i = 0; i < positive.length; i++) {
          positive[i] = truth[i / classes][i % classes];
          flat[i] = scores[i / classes][i % classes];
          if (shares != null) {
            shares[i] = weights[i / classes];
          }
        }
        return area.of(positive, flat, shares);
      }
      case SAMPLES -> {
        var values = new double[truth.length];
        for (int i = 0; i < values.length; i++) {
          values[i] = area.of(truth[i], scores[i], null);
        }
        return Weighted.mean(values, weights);
      }
      default -> {
        var values = byClass(truth, scores, weights, area);
        if (averaging == Averaging.MACRO) {
          return Weighted.mean(values, null);
        }
        var occurred = occurrences(truth, weights);
        for (int k = 0; k < classes; k++) {
          values[k] = occurred[k] == 0 ? 0 : values[k];
        }
        return Arrays.stream(occurred).sum() == 0 ? 0 : Weighted.mean(values, occurred);
      }
    }
  }

  private static double[] byClass(
      boolean[][] truth, double[][] scores, double[] weights, Area area) {
    requireTables(truth, scores, weights);
    var values = new double[truth[0].length];
    for (int k = 0; k < values.length; k++) {
      var positive = new boolean[truth.length];
      var column = new double[truth.length];
      for (int i = 0; i < positive.length; i++) {
        positive[i] = truth[i][k];
        column[i] = scores[i][k];
      }
      values[k] = area.of(positive, column, weights);
    }
    return values;
  }

  private static double[] occurrences(boolean[][] truth, double[] weights) {
    var sums = new double[truth[0].length];
    for (int i = 0; i < truth.length; i++) {
      for (int k = 0; k < sums.length; k++) {
        sums[k] += truth[i][k] ? Weighted.of(weights, i) : 0;
      }
    }
    return sums;
  }

  private static void requireTables(boolean[][] truth, double[][] scores, double[] weights) {
    Weighted.requireExamples("An area", truth.length, scores.length, weights);
    for (int i = 0; i < truth.length; i++) {
      if (truth[i].length != truth[0].length) {
        throw new IllegalArgumentException(
            "Example %s has %s labels; the first example has %s"
                .formatted(i, truth[i].length, truth[0].length));
      }
      MultiLabel.requireRow(truth[0].length, scores[i], i);
    }
  }
}
