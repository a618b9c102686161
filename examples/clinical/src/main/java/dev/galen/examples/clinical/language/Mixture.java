package dev.galen.examples.clinical.language;

import java.util.Arrays;
import java.util.List;

/**
 * A linear mixture of language models over the same tokens, {@code p = sum_k w_k p_k}, whose
 * weights are fitted by expectation maximisation on texts that no model has learned (Jelinek and
 * Mercer, "Interpolated estimation of Markov source parameters from sparse data", 1980).
 */
final class Mixture {
  private static final int ROUNDS = 50;

  private final double[] weights;

  private Mixture(double[] weights) {
    this.weights = weights;
  }

  /**
   * Fits the weights.
   *
   * @param texts of each text and each of its tokens what every model gives it, {@code [tokens,
   *     models]}
   */
  static Mixture fit(List<double[][]> texts) {
    int models = texts.getFirst()[0].length;
    var weights = new double[models];
    Arrays.fill(weights, 1.0 / models);
    for (int round = 0; round < ROUNDS; round++) {
      var shares = new double[models];
      long tokens = 0;
      for (double[][] text : texts) {
        for (double[] p : text) {
          double all = mixed(weights, p);
          for (int k = 0; k < models; k++) {
            shares[k] += weights[k] * p[k] / all;
          }
        }
        tokens += text.length;
      }
      for (int k = 0; k < models; k++) {
        weights[k] = shares[k] / tokens;
      }
    }
    return new Mixture(weights);
  }

  private static double mixed(double[] weights, double[] p) {
    double sum = 0;
    for (int k = 0; k < weights.length; k++) {
      sum += weights[k] * p[k];
    }
    return sum;
  }

  /** The models' weights, which sum to 1. */
  double[] weights() {
    return weights.clone();
  }

  /** -ln p of a text of {@code [tokens, models]}. */
  double nats(double[][] text) {
    double nats = 0;
    for (double[] p : text) {
      nats -= Math.log(mixed(weights, p));
    }
    return nats;
  }

  /** -ln p of a text by one of the models. */
  static double nats(double[][] text, int model) {
    double nats = 0;
    for (double[] p : text) {
      nats -= Math.log(p[model]);
    }
    return nats;
  }
}
