package dev.galen.tensor.testing;

import dev.galen.tensor.Tensor;

/** Comparisons of tensors that say where and by how much they differ. */
public final class TensorAssert {
  private TensorAssert() {}

  /** Fails unless shapes are equal and every element is near enough. */
  public static void assertClose(String what, Tensor expected, Tensor actual, Tolerance tolerance) {
    if (!expected.shape().equals(actual.shape())) {
      throw new AssertionError(
          "%s: expected shape %s, got %s".formatted(what, expected.shape(), actual.shape()));
    }
    assertClose(what, expected.toDoubles(), actual.toDoubles(), tolerance);
  }

  /** Fails unless lengths are equal and every element is near enough. */
  public static void assertClose(
      String what, double[] expected, double[] actual, Tolerance tolerance) {
    if (expected.length != actual.length) {
      throw new AssertionError(
          "%s: expected %d values, got %d".formatted(what, expected.length, actual.length));
    }
    int wrong = 0;
    int worst = -1;
    double worstError = -1;
    for (int i = 0; i < expected.length; i++) {
      if (!tolerance.accepts(expected[i], actual[i])) {
        wrong++;
        double error = Math.abs(actual[i] - expected[i]);
        if (Double.isNaN(error) || error > worstError) {
          worst = i;
          worstError = Double.isNaN(error) ? Double.POSITIVE_INFINITY : error;
        }
      }
    }
    if (wrong > 0) {
      throw new AssertionError(
          "%s: %d of %d values differ; worst at %d: expected %s, got %s (tolerance %s)"
              .formatted(
                  what, wrong, expected.length, worst, expected[worst], actual[worst], tolerance));
    }
  }
}
