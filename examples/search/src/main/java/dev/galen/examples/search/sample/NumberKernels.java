package dev.galen.examples.search.sample;

import java.util.Arrays;
import java.util.Comparator;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * Normal distributions, cut off at the ends of the range. Around an observation the deviation is
 * the larger distance to its neighbours (of the outermost, to the only one), at least a share of
 * the range and at most all of it; the prior's mean is the middle of the range, its deviation the
 * range (Bergstra, Bardenet, Bengio and Kégl, "Algorithms for Hyper-Parameter Optimization", 2011).
 * A value of a range with steps has the probability of the step around it.
 */
final class NumberKernels implements Kernels {
  private final Scale scale;
  private final double[] means;
  private final double[] deviations;

  /** The logarithm of each kernel's share within the range. */
  private final double[] logMass;

  /** The same with the logarithm of its deviation. */
  private final double[] logPeak;

  private NumberKernels(Scale scale, double[] means, double[] deviations) {
    this.scale = scale;
    this.means = means;
    this.deviations = deviations;
    this.logMass = new double[means.length];
    Arrays.setAll(
        logMass, k -> Math.log(Normal.between(standard(k, scale.from()), standard(k, scale.to()))));
    this.logPeak = new double[means.length];
    Arrays.setAll(logPeak, k -> logMass[k] + Math.log(deviations[k]));
  }

  static NumberKernels of(Scale scale, double[] observed, Bandwidth bandwidth) {
    int n = observed.length;
    double[] means = Arrays.copyOf(observed, n + 1);
    for (int i = 0; i < n; i++) {
      means[i] = scale.place(observed[i]);
    }
    means[n] = (scale.from() + scale.to()) / 2;
    double[] deviations = new double[n + 1];
    deviations[n] = scale.width();
    int[] order =
        IntStream.range(0, n)
            .boxed()
            .sorted(Comparator.comparingDouble(i -> means[i]))
            .mapToInt(i -> i)
            .toArray();
    double least = scale.width() * bandwidth.least(n + 1);
    for (int i = 0; i < n; i++) {
      double mean = means[order[i]];
      double left = mean - (i == 0 ? scale.from() : means[order[i - 1]]);
      double right = (i == n - 1 ? scale.to() : means[order[i + 1]]) - mean;
      double wide = Math.max(left, right);
      if (n > 1 && i == 0) {
        wide = right;
      } else if (n > 1 && i == n - 1) {
        wide = left;
      }
      deviations[order[i]] = Math.clamp(wide, least, scale.width());
    }
    return new NumberKernels(scale, means, deviations);
  }

  private double standard(int k, double place) {
    return (place - means[k]) / deviations[k];
  }

  @Override
  public double sample(int k, RandomGenerator random) {
    double from = Normal.below(standard(k, scale.from()));
    double to = Normal.below(standard(k, scale.to()));
    double z = Normal.quantile(from + random.nextDouble() * (to - from));
    double place = Math.clamp(means[k] + z * deviations[k], scale.from(), scale.to());
    return scale.valueAt(place);
  }

  @Override
  public void addLogDensities(double value, double[] sums) {
    double place = scale.place(value);
    double from = scale.place(value - scale.step() / 2);
    double to = scale.place(value + scale.step() / 2);
    for (int k = 0; k < sums.length; k++) {
      sums[k] +=
          scale.step() > 0
              ? Math.log(Normal.between(standard(k, from), standard(k, to))) - logMass[k]
              : Normal.logDensity(standard(k, place)) - logPeak[k];
    }
  }
}
