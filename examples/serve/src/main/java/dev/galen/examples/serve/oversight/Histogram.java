package dev.galen.examples.serve.oversight;

import java.util.Arrays;

/**
 * Counts of values between edges.
 *
 * @param edges ascending; bin i has the values v with {@code edges[i-1] <= v < edges[i]}
 * @param counts one more than edges
 */
record Histogram(double[] edges, long[] counts) {
  // A bin that is empty on one side would make the index infinite.
  private static final double SMOOTHING = 0.5;

  /** Without values. */
  static Histogram empty(double[] edges) {
    return new Histogram(edges, new long[edges.length + 1]);
  }

  /**
   * The values in bins that have about as many of them each, {@code bins} at most, and one below
   * and one above all of them.
   */
  static Histogram of(double[] values, int bins) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    double[] edges = new double[bins + 1];
    for (int i = 0; i < bins; i++) {
      edges[i] = sorted[(int) ((long) i * sorted.length / bins)];
    }
    edges[bins] = Math.nextUp(sorted[sorted.length - 1]);
    return of(values, Arrays.stream(edges).distinct().toArray());
  }

  /** The values in bins between {@code edges}. */
  static Histogram of(double[] values, double[] edges) {
    Histogram histogram = empty(edges);
    for (double value : values) {
      histogram.add(value, 1);
    }
    return histogram;
  }

  /** Counts {@code value}, or takes it out again with -1. */
  void add(double value, long times) {
    counts[bin(value)] += times;
  }

  int bin(double value) {
    int bin = 0;
    while (bin < edges.length && value >= edges[bin]) {
      bin++;
    }
    return bin;
  }

  /** {@link #psi(long[], long[])} of this as what is expected, and {@code live}. */
  double psi(Histogram live) {
    return psi(counts, live.counts);
  }

  /**
   * Population stability index, sum over bins of (q - p) ln(q / p), of the shares p expected and q
   * seen, each with half a count added to every bin. Kullback and Leibler's divergence both ways; 0
   * where nothing moved, above 0.1 some, above 0.25 much, by custom.
   */
  static double psi(long[] expected, long[] seen) {
    double expectedSum = Arrays.stream(expected).sum() + SMOOTHING * expected.length;
    double seenSum = Arrays.stream(seen).sum() + SMOOTHING * seen.length;
    double sum = 0;
    for (int i = 0; i < expected.length; i++) {
      double p = (expected[i] + SMOOTHING) / expectedSum;
      double q = (seen[i] + SMOOTHING) / seenSum;
      sum += (q - p) * Math.log(q / p);
    }
    return sum;
  }
}
