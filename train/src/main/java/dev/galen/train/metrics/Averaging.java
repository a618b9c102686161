package dev.galen.train.metrics;

import java.util.Locale;

/** How the scores of several classes or examples become one; the names are scikit-learn's. */
public enum Averaging {
  /** All decisions are counted together. */
  MICRO,
  /** Every class weighs the same. */
  MACRO,
  /** Every class weighs as many examples as it has. */
  WEIGHTED,
  /** The mean over examples that have several labels each. */
  SAMPLES;

  /** The averaging of that name. */
  public static Averaging named(String name) {
    for (var averaging : values()) {
      if (averaging.name().equals(name.toUpperCase(Locale.ROOT))) {
        return averaging;
      }
    }
    throw new IllegalArgumentException(
        "there is no average \"" + name + "\"; there are micro, macro, weighted and samples");
  }
}
