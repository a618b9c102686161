package dev.galen.examples.search.sample;

import dev.galen.examples.search.space.Choices;
import dev.galen.examples.search.space.Range;
import java.util.random.RandomGenerator;

/**
 * One parameter's part of a mixture: a distribution around each observation, and the prior last.
 */
sealed interface Kernels permits ChoiceKernels, NumberKernels {
  /**
   * The kernels of some observations.
   *
   * @param observed values, as {@link Range} numbers them
   */
  static Kernels of(Range range, double[] observed, Bandwidth bandwidth) {
    return range instanceof Choices choices
        ? new ChoiceKernels(choices.labels().size(), observed)
        : NumberKernels.of(Scale.of(range), observed, bandwidth);
  }

  /** A value from kernel {@code k}. */
  double sample(int k, RandomGenerator random);

  /** Adds to each kernel's sum the logarithm of its density at a value, or of its probability. */
  void addLogDensities(double value, double[] sums);
}
