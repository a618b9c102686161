package dev.galen.tensor.backend.reference;

/**
 * The error function in double precision, by the formulas of the NIST Digital Library of
 * Mathematical Functions, chapter 7 (Olver et al., dlmf.nist.gov/7). The error stays below 1e-15.
 */
final class Erf {
  /** Below it the series converges quickly, above it the continued fraction does. */
  private static final double CROSSOVER = 2;

  /** Above it erf(x) is 1 in double precision. */
  private static final double SATURATION = 6;

  private static final int FRACTION_TERMS = 80;

  private Erf() {}

  /** {@code 2/sqrt(pi)} times the integral of {@code e^(-t^2)} from 0 to x. */
  static double erf(double x) {
    double z = Math.abs(x);
    if (z < CROSSOVER) {
      return series(x);
    }
    if (z >= SATURATION) {
      return Math.signum(x);
    }
    return Double.isNaN(x) ? x : Math.signum(x) * (1 - complement(z));
  }

  /**
   * DLMF 7.6.2: {@code 2/sqrt(pi) e^(-x^2) sum_n 2^n x^(2n+1) / (1 3 ... (2n+1))}; no cancellation.
   */
  private static double series(double x) {
    double term = x;
    double sum = x;
    for (int n = 1; Math.abs(term) > 1e-17 * Math.abs(sum); n++) {
      term *= 2 * x * x / (2 * n + 1);
      sum += term;
    }
    return 2 / Math.sqrt(Math.PI) * Math.exp(-x * x) * sum;
  }

  /**
   * 1 - erf(x) by DLMF 7.9.4: {@code e^(-x^2)/sqrt(pi) 1/(x + (1/2)/(x + 1/(x + (3/2)/(x + ...})).
   */
  private static double complement(double x) {
    double denominator = x;
    for (int n = FRACTION_TERMS; n >= 1; n--) {
      denominator = x + n / 2.0 / denominator;
    }
    return Math.exp(-x * x) / (Math.sqrt(Math.PI) * denominator);
  }
}
