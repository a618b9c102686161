package dev.galen.examples.search.sample;

import org.apache.commons.numbers.gamma.Erfc;
import org.apache.commons.numbers.gamma.InverseErfc;

/** The standard normal distribution. */
final class Normal {
  private static final double SQRT_2 = Math.sqrt(2);
  private static final double LOG_SQRT_2PI = 0.5 * Math.log(2 * Math.PI);

  private Normal() {}

  /** ln of the density: -z²/2 - ln √(2π). */
  static double logDensity(double z) {
    return -0.5 * z * z - LOG_SQRT_2PI;
  }

  /** Φ(z) = erfc(-z/√2) / 2. */
  static double below(double z) {
    return 0.5 * Erfc.value(-z / SQRT_2);
  }

  /** Φ(b) - Φ(a), from the tail that both are nearer to, where the difference keeps its digits. */
  static double between(double a, double b) {
    return a > 0 ? below(-a) - below(-b) : below(b) - below(a);
  }

  /** The z with Φ(z) = {@code probability}. */
  static double quantile(double probability) {
    return -SQRT_2 * InverseErfc.value(2 * probability);
  }
}
