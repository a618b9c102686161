package dev.galen.examples.clinical.baseline;

import java.util.Arrays;
import java.util.List;

/**
 * Multinomial logistic regression: p(k | x) = softmax(W x + b)_k with W and b at the least of Σ -ln
 * p(y_i | x_i) + ‖W‖² / (2C), b not counted in the norm (Cox, "The regression analysis of binary
 * sequences", 1958; as scikit-learn's {@code LogisticRegression} with its L2 penalty). Of two
 * classes one has a row of W and the other zeros, as there. Found by {@link Lbfgs} from zeros.
 */
public final class LogisticRegression {
  /** Of the gradient of the mean loss; predictions have long settled there. */
  private static final double TOLERANCE = 1e-6;

  private static final int STEPS = 1000;

  private final int classes;
  private final int outputs;
  private final int features;

  /** Feature by feature the weights of all outputs, then the biases. */
  private final double[] weights;

  private LogisticRegression(int classes, int features) {
    this.classes = classes;
    this.outputs = classes == 2 ? 1 : classes;
    this.features = features;
    this.weights = new double[(features + 1) * outputs];
  }

  /**
   * Fits the weights.
   *
   * @param vectors one a text
   * @param truth the class of each, 0 to {@code classes - 1}
   * @param features the length of the vectors
   * @param c C: the larger, the closer the fit
   */
  public static LogisticRegression fit(
      List<SparseVector> vectors, int[] truth, int classes, int features, double c) {
    if (vectors.size() != truth.length || truth.length == 0 || classes < 2) {
      throw new IllegalArgumentException(
          "%d vectors with %d labels of %d classes; expected as many labels as vectors, at least"
                  .formatted(vectors.size(), truth.length, classes)
              + " one, of two classes or more");
    }
    if (!(c > 0)) {
      throw new IllegalArgumentException("C is " + c + ", must be above 0");
    }
    var model = new LogisticRegression(classes, features);
    var logits = new double[model.outputs];
    double mean = 1.0 / truth.length;
    double penalty = mean / c;
    int weighted = features * model.outputs;
    Lbfgs.minimise(
        (point, gradient) -> {
          double loss = 0;
          Arrays.fill(gradient, 0);
          for (int i = 0; i < truth.length; i++) {
            loss += model.accumulate(vectors.get(i), truth[i], point, gradient, logits, mean);
          }
          double squares = 0;
          for (int j = 0; j < weighted; j++) {
            squares += point[j] * point[j];
            gradient[j] += penalty * point[j];
          }
          return loss + penalty * squares / 2;
        },
        model.weights,
        TOLERANCE,
        STEPS);
    return model;
  }

  /** Adds a text's part of the gradient, and returns its part of the loss. */
  private double accumulate(
      SparseVector x, int label, double[] point, double[] gradient, double[] logits, double mean) {
    logits(x, point, logits);
    double logSum;
    double own;
    if (outputs == 1) {
      logSum = logits[0] > 0 ? logits[0] + Math.log1p(Math.exp(-logits[0])) : log1pExp(logits[0]);
      own = label == 1 ? logits[0] : 0;
    } else {
      logSum = logSum(logits);
      own = logits[label];
    }
    for (int k = 0; k < outputs; k++) {
      double hit = label == (outputs == 1 ? 1 : k) ? 1 : 0;
      logits[k] = mean * (Math.exp(logits[k] - logSum) - hit);
    }
    for (int i = 0; i < x.indices().length; i++) {
      int from = x.indices()[i] * outputs;
      for (int k = 0; k < outputs; k++) {
        gradient[from + k] += x.values()[i] * logits[k];
      }
    }
    for (int k = 0; k < outputs; k++) {
      gradient[features * outputs + k] += logits[k];
    }
    return mean * (logSum - own);
  }

  private static double log1pExp(double x) {
    return Math.log1p(Math.exp(x));
  }

  private static double logSum(double[] logits) {
    double largest = Double.NEGATIVE_INFINITY;
    for (double logit : logits) {
      largest = Math.max(largest, logit);
    }
    double sum = 0;
    for (double logit : logits) {
      sum += Math.exp(logit - largest);
    }
    return largest + Math.log(sum);
  }

  private void logits(SparseVector x, double[] point, double[] logits) {
    System.arraycopy(point, features * outputs, logits, 0, outputs);
    for (int i = 0; i < x.indices().length; i++) {
      int from = x.indices()[i] * outputs;
      for (int k = 0; k < outputs; k++) {
        logits[k] += x.values()[i] * point[from + k];
      }
    }
  }

  /** The probability of each class. */
  public double[] probabilities(SparseVector x) {
    var logits = new double[outputs];
    logits(x, weights, logits);
    if (outputs == 1) {
      double p = 1 / (1 + Math.exp(-logits[0]));
      return new double[] {1 - p, p};
    }
    double logSum = logSum(logits);
    for (int k = 0; k < classes; k++) {
      logits[k] = Math.exp(logits[k] - logSum);
    }
    return logits;
  }

  /** The likeliest class, the first of several. */
  public int predict(SparseVector x) {
    return likeliest(probabilities(x));
  }

  static int likeliest(double[] probabilities) {
    int best = 0;
    for (int k = 1; k < probabilities.length; k++) {
      best = probabilities[k] > probabilities[best] ? k : best;
    }
    return best;
  }
}
