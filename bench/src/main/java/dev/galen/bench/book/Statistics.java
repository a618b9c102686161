package dev.galen.bench.book;

import java.util.Arrays;
import java.util.stream.DoubleStream;

/** Figures of a handful of samples. */
public final class Statistics {
  private Statistics() {}

  /** The value in the middle. */
  public static double median(double... samples) {
    return quantile(samples, 0.5);
  }

  /** The distance between the quartiles over the median: how far samples lie apart. */
  public static double spread(double... samples) {
    return (quantile(samples, 0.75) - quantile(samples, 0.25)) / median(samples);
  }

  /** Between the two nearest samples by a straight line, as numpy does by default. */
  private static double quantile(double[] samples, double q) {
    if (samples.length == 0) {
      throw new IllegalArgumentException("no samples");
    }
    double[] sorted = samples.clone();
    Arrays.sort(sorted);
    double at = q * (sorted.length - 1);
    int below = (int) at;
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
  }

  /** The n-th root of the product of n positive values. */
  static double geometricMean(double... values) {
    return Math.exp(DoubleStream.of(values).map(Math::log).average().orElseThrow());
  }
}
