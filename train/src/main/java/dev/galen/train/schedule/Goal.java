package dev.galen.train.schedule;

import dev.galen.train.values.NamedValues;
import java.util.List;
import java.util.Map;

/**
 * When a metric counts as better than the best so far.
 *
 * @param max whether more is better
 * @param threshold how much better it must be
 * @param relative whether the threshold is a part of the best
 */
public record Goal(boolean max, double threshold, boolean relative) {
  static final List<String> MODES = List.of("min", "max");
  static final List<String> THRESHOLDS = List.of("rel", "abs");

  /** Checks the number. */
  public Goal {
    Checks.requireNotNegative("threshold", threshold);
  }

  double worst() {
    return max ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
  }

  boolean isBetter(double metric, double best) {
    if (max) {
      return metric > (relative ? best * (1 + threshold) : best + threshold);
    }
    return metric < (relative ? best * (1 - threshold) : best - threshold);
  }

  Map<String, String> settings(Goal usual) {
    return NamedValues.text(
        "mode",
        max == usual.max ? null : MODES.get(max ? 1 : 0),
        "threshold",
        Checks.unless(usual.threshold, threshold),
        "threshold_mode",
        relative == usual.relative ? null : THRESHOLDS.get(relative ? 0 : 1));
  }
}
