package dev.galen.tensor.backend.reference;

import java.util.function.ToDoubleFunction;

/** Gradients by central differences: {@code (f(x + h) - f(x - h)) / 2h} for every element of x. */
final class FiniteDifferences {
  private static final double STEP = 1e-5;

  /**
   * The error of the differences is of order STEP^2 and 1e-16 / STEP; this leaves room for both.
   */
  static final double TOLERANCE = 1e-8;

  private FiniteDifferences() {}

  static double[] gradient(ToDoubleFunction<double[]> f, double[] x) {
    var gradient = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      double[] moved = x.clone();
      moved[i] = x[i] + STEP;
      double above = f.applyAsDouble(moved);
      moved[i] = x[i] - STEP;
      double below = f.applyAsDouble(moved);
      gradient[i] = (above - below) / (2 * STEP);
    }
    return gradient;
  }

  static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }
}
