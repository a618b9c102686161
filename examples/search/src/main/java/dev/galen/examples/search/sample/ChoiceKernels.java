package dev.galen.examples.search.sample;

import java.util.random.RandomGenerator;

/**
 * Kernels of a choice among C: around the observation j of n, with K = n + 1 kernels, p(c) = (1/K +
 * [c = j]) / (C/K + 1); of the prior, 1/C.
 */
final class ChoiceKernels implements Kernels {
  private final int choices;
  private final double[] observed;
  private final double one;
  private final double other;

  ChoiceKernels(int choices, double[] observed) {
    this.choices = choices;
    this.observed = observed;
    double share = 1.0 / (observed.length + 1);
    double sum = choices * share + 1;
    this.one = (share + 1) / sum;
    this.other = share / sum;
  }

  private double probability(int k, int choice) {
    return k == observed.length ? 1.0 / choices : choice == (int) observed[k] ? one : other;
  }

  @Override
  public double sample(int k, RandomGenerator random) {
    double left = random.nextDouble();
    for (int c = 0; c < choices - 1; c++) {
      left -= probability(k, c);
      if (left < 0) {
        return c;
      }
    }
    return choices - 1;
  }

  @Override
  public void addLogDensities(double value, double[] sums) {
    for (int k = 0; k < sums.length; k++) {
      sums[k] += Math.log(probability(k, (int) value));
    }
  }
}
