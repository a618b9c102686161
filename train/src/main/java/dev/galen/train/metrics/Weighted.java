package dev.galen.train.metrics;

/** Means of numbers with weights, and their checks. */
final class Weighted {
  private Weighted() {}

  /** The weight of example {@code i}: 1 where there are none. */
  static double of(double[] weights, int i) {
    return weights == null ? 1 : weights[i];
  }

  /** Σ w x / Σ w, or NaN for weights that sum to 0. */
  static double mean(double[] values, double[] weights) {
    double sum = 0;
    double whole = 0;
    for (int i = 0; i < values.length; i++) {
      sum += of(weights, i) * values[i];
      whole += of(weights, i);
    }
    return whole == 0 ? Double.NaN : sum / whole;
  }

  /** The same without values that are NaN, and with equal weights where all left are 0. */
  static double meanOfNumbers(double[] values, double[] weights) {
    double sum = 0;
    double whole = 0;
    double plain = 0;
    int count = 0;
    for (int i = 0; i < values.length; i++) {
      if (!Double.isNaN(values[i])) {
        sum += of(weights, i) * values[i];
        whole += of(weights, i);
        plain += values[i];
        count++;
      }
    }
    return count == 0 ? Double.NaN : whole == 0 ? plain / count : sum / whole;
  }

  /** Refuses lists of different sizes, empty ones, and weights that do not fit. */
  static void requireExamples(String metric, int truth, int predicted, double[] weights) {
    if (truth != predicted || truth == 0 || (weights != null && weights.length != truth)) {
      throw new IllegalArgumentException(
          ("%s needs a prediction for each example, and at least one, but got %s examples, %s"
                  + " predictions and %s weights")
              .formatted(metric, truth, predicted, weights == null ? "no" : weights.length));
    }
    for (int i = 0; weights != null && i < weights.length; i++) {
      if (!(weights[i] >= 0) || Double.isInfinite(weights[i])) {
        throw new IllegalArgumentException(
            "The weight of example " + i + " is " + weights[i] + "; it must be at least 0");
      }
    }
  }
}
