package dev.galen.examples.search.sample;

import dev.galen.examples.search.space.Range;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * A density over several parameters: p(x) = Σ_k w_k Π_d p_kd(x_d), with a kernel k for each
 * observation and the prior as the last.
 */
final class Mixture {
  /** The newest observations have the weight 1. */
  private static final int FULL = 25;

  /** A term so much below the largest in logarithms adds nothing to a sum of doubles. */
  private static final double NOTHING = -45;

  private final double[] weights;
  private final double[] logWeights;
  private final List<Kernels> dimensions = new ArrayList<>();

  /**
   * The density of some observations.
   *
   * @param observed a row for each, from the oldest to the newest, with a value for each range
   */
  Mixture(List<Range> ranges, List<double[]> observed, Bandwidth bandwidth) {
    this.weights = weights(observed.size());
    this.logWeights = Arrays.stream(weights).map(Math::log).toArray();
    for (int d = 0; d < ranges.size(); d++) {
      int at = d;
      double[] values = observed.stream().mapToDouble(row -> row[at]).toArray();
      dimensions.add(Kernels.of(ranges.get(d), values, bandwidth));
    }
  }

  /**
   * Of n observations the newest 25 weigh 1, those before them from 1/n at the oldest to 1 in equal
   * steps, the prior 1; divided by their sum.
   */
  static double[] weights(int n) {
    var weights = new double[n + 1];
    int ramp = Math.max(0, n - FULL);
    double sum = 0;
    for (int i = 0; i <= n; i++) {
      double first = 1.0 / n;
      weights[i] = i >= ramp ? 1 : ramp == 1 ? first : first + (1 - first) * i / (ramp - 1);
      sum += weights[i];
    }
    for (int i = 0; i <= n; i++) {
      weights[i] /= sum;
    }
    return weights;
  }

  /** A point, with a value for each range. */
  double[] sample(RandomGenerator random) {
    double left = random.nextDouble();
    int k = 0;
    while (k < weights.length - 1 && left >= weights[k]) {
      left -= weights[k];
      k++;
    }
    var point = new double[dimensions.size()];
    for (int d = 0; d < point.length; d++) {
      point[d] = dimensions.get(d).sample(k, random);
    }
    return point;
  }

  /** ln p of a point, by the largest term first so that none overflows. */
  double logDensity(double[] point) {
    double[] terms = logWeights.clone();
    for (int d = 0; d < point.length; d++) {
      dimensions.get(d).addLogDensities(point[d], terms);
    }
    double largest = Arrays.stream(terms).max().orElseThrow();
    if (largest == Double.NEGATIVE_INFINITY) {
      return largest;
    }
    double sum = 0;
    for (double term : terms) {
      sum += term - largest < NOTHING ? 0 : Math.exp(term - largest);
    }
    return largest + Math.log(sum);
  }
}
