package dev.galen.train.metrics;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Errors and correlations of predicted numbers, as scikit-learn and scipy compute them. Weights may
 * be null for 1 each.
 */
public final class Regression {
  private Regression() {}

  /** The mean of (t - p)². */
  public static double meanSquaredError(double[] truth, double[] predicted, double[] weights) {
    return Weighted.mean(errors(truth, predicted, weights, (t, p) -> (t - p) * (t - p)), weights);
  }

  /** Its root. */
  public static double rootMeanSquaredError(double[] truth, double[] predicted, double[] weights) {
    return Math.sqrt(meanSquaredError(truth, predicted, weights));
  }

  /** The mean of |t - p|. */
  public static double meanAbsoluteError(double[] truth, double[] predicted, double[] weights) {
    return Weighted.mean(errors(truth, predicted, weights, (t, p) -> Math.abs(t - p)), weights);
  }

  /** The middle of |t - p|, of an even number the mean of the two in the middle. */
  public static double medianAbsoluteError(double[] truth, double[] predicted) {
    double[] errors = errors(truth, predicted, null, (t, p) -> Math.abs(t - p));
    Arrays.sort(errors);
    int n = errors.length;
    return (errors[(n - 1) / 2] + errors[n / 2]) / 2;
  }

  /** The largest |t - p|. */
  public static double maximumError(double[] truth, double[] predicted) {
    return Arrays.stream(errors(truth, predicted, null, (t, p) -> Math.abs(t - p))).max().orElse(0);
  }

  /**
   * R² = 1 - Σ (t - p)² / Σ (t - mean t)²: 1 for a perfect prediction, 0 for one that is wrong
   * where the truth is constant, NaN for a single example.
   */
  public static double r2(double[] truth, double[] predicted, double[] weights) {
    double[] squares = errors(truth, predicted, weights, (t, p) -> (t - p) * (t - p));
    return truth.length < 2 ? Double.NaN : explained(sum(squares, weights), spread(truth, weights));
  }

  /** 1 - Var(t - p) / Var(t), with the same values at the edges as {@link #r2}. */
  public static double explainedVariance(double[] truth, double[] predicted, double[] weights) {
    double[] errors = errors(truth, predicted, weights, (t, p) -> t - p);
    return explained(spread(errors, weights), spread(truth, weights));
  }

  private static double explained(double left, double whole) {
    return left == 0 ? 1 : whole == 0 ? 0 : 1 - left / whole;
  }

  /** Pearson's correlation, -1 to 1; NaN where one side is constant. */
  public static double pearson(double[] truth, double[] predicted) {
    errors(truth, predicted, null, (t, p) -> 0);
    double meanT = Weighted.mean(truth, null);
    double meanP = Weighted.mean(predicted, null);
    double both = 0;
    double squaresT = 0;
    double squaresP = 0;
    for (int i = 0; i < truth.length; i++) {
      both += (truth[i] - meanT) * (predicted[i] - meanP);
      squaresT += (truth[i] - meanT) * (truth[i] - meanT);
      squaresP += (predicted[i] - meanP) * (predicted[i] - meanP);
    }
    if (isConstant(truth) || isConstant(predicted)) {
      return Double.NaN;
    }
    return Math.clamp(both / (Math.sqrt(squaresT) * Math.sqrt(squaresP)), -1, 1);
  }

  /** Spearman's correlation: Pearson's of the ranks, equal numbers having their mean rank. */
  public static double spearman(double[] truth, double[] predicted) {
    errors(truth, predicted, null, (t, p) -> 0);
    return pearson(ranks(truth), ranks(predicted));
  }

  private static double[] ranks(double[] values) {
    int[] order =
        IntStream.range(0, values.length)
            .boxed()
            .sorted((a, b) -> Double.compare(values[a] + 0.0, values[b] + 0.0))
            .mapToInt(Integer::intValue)
            .toArray();
    var ranks = new double[values.length];
    for (int from = 0; from < order.length; ) {
      int to = from;
      while (to + 1 < order.length && values[order[to + 1]] == values[order[from]]) {
        to++;
      }
      for (int i = from; i <= to; i++) {
        ranks[order[i]] = (from + to) / 2.0 + 1;
      }
      from = to + 1;
    }
    return ranks;
  }

  private interface Error {
    double of(double truth, double predicted);
  }

  private static double[] errors(
      double[] truth, double[] predicted, double[] weights, Error error) {
    Weighted.requireExamples("A regression score", truth.length, predicted.length, weights);
    var errors = new double[truth.length];
    for (int i = 0; i < errors.length; i++) {
      if (!Double.isFinite(truth[i]) || !Double.isFinite(predicted[i])) {
        throw new IllegalArgumentException(
            "Example %s has the value %s and the prediction %s; both must be finite numbers"
                .formatted(i, truth[i], predicted[i]));
      }
      errors[i] = error.of(truth[i], predicted[i]);
    }
    return errors;
  }

  private static boolean isConstant(double[] values) {
    return Arrays.stream(values).allMatch(value -> value == values[0]);
  }

  private static double spread(double[] values, double[] weights) {
    double mean = Weighted.mean(values, weights);
    return sum(
        Arrays.stream(values).map(value -> (value - mean) * (value - mean)).toArray(), weights);
  }

  private static double sum(double[] values, double[] weights) {
    double sum = 0;
    for (int i = 0; i < values.length; i++) {
      sum += Weighted.of(weights, i) * values[i];
    }
    return sum;
  }
}
