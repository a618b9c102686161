package dev.galen.train.metrics;

/**
 * How good probabilities of classes are: Brier's score and log loss, as scikit-learn computes them.
 * Tables are [examples, classes]; classes are numbered from 0.
 */
public final class ProbabilityScores {
  private static final double EPSILON = Math.ulp(1.0); // 2^-52, numpy's eps of doubles

  private ProbabilityScores() {}

  /** A row (1 - p, p) for each probability of the positive class. */
  public static double[][] ofBinary(double[] positive) {
    var rows = new double[positive.length][];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = new double[] {1 - positive[i], positive[i]};
    }
    return rows;
  }

  /**
   * Brier's score: the mean over examples of Σ<sub>k</sub> (p<sub>k</sub> - [class is k])² (Brier,
   * "Verification of Forecasts Expressed in Terms of Probability", 1950), 0 to 2.
   *
   * @param weights of the examples, or null for 1 each
   * @param half whether it is halved, as is usual for two classes and scikit-learn's default there
   */
  public static double brier(
      int[] truth, double[][] probabilities, double[] weights, boolean half) {
    requireProbabilities(truth, probabilities, weights);
    var values = new double[truth.length];
    for (int i = 0; i < values.length; i++) {
      for (int k = 0; k < probabilities[i].length; k++) {
        double error = (k == truth[i] ? 1 : 0) - probabilities[i][k];
        values[i] += error * error;
      }
    }
    return Weighted.mean(values, weights) * (half ? 0.5 : 1);
  }

  /**
   * Log loss: the mean of -ln p of the true class, in nats; p is kept from 0 and 1 by
   * 2<sup>-52</sup>.
   *
   * @param sum whether the losses are added instead of their mean being taken
   */
  public static double logLoss(
      int[] truth, double[][] probabilities, double[] weights, boolean sum) {
    requireProbabilities(truth, probabilities, weights);
    var losses = new double[truth.length];
    double all = 0;
    for (int i = 0; i < losses.length; i++) {
      double p = probabilities[i][truth[i]];
      losses[i] = -Math.log(Math.min(Math.max(p, EPSILON), 1 - EPSILON));
      all += Weighted.of(weights, i) * losses[i];
    }
    return sum ? all : Weighted.mean(losses, weights);
  }

  static void requireProbabilities(int[] truth, double[][] probabilities, double[] weights) {
    Weighted.requireExamples(
        "A score of probabilities", truth.length, probabilities.length, weights);
    for (int i = 0; i < truth.length; i++) {
      MultiLabel.requireRow(probabilities[0].length, probabilities[i], i);
      if (truth[i] < 0 || truth[i] >= probabilities[i].length) {
        throw new IllegalArgumentException(
            "Example %s has class %s, and there are probabilities of %s classes"
                .formatted(i, truth[i], probabilities[i].length));
      }
      for (double p : probabilities[i]) {
        if (p < 0 || p > 1) {
          throw new IllegalArgumentException(
              "A probability of example " + i + " is " + p + ", must be 0 to 1");
        }
      }
    }
  }
}
