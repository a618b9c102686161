package dev.galen.examples.search.trial;

import java.util.Locale;

/** Which values are better. */
public enum Direction {
  /** Lower ones, as of a loss. */
  MINIMIZE,
  /** Higher ones, as of an accuracy. */
  MAXIMIZE;

  /** A number that is lower where {@code value} is better; NaN is worse than every number. */
  public double cost(double value) {
    if (Double.isNaN(value)) {
      return Double.POSITIVE_INFINITY;
    }
    return this == MINIMIZE ? value : -value;
  }

  /** Whether {@code value} is better than {@code other}. */
  public boolean isBetter(double value, double other) {
    return cost(value) < cost(other);
  }

  /** Its name on the command line. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
