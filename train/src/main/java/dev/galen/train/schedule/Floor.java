package dev.galen.train.schedule;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Where a cosine ends above 0: one of both.
 *
 * @param rate a learning rate, transformers' {@code min_lr}, or null
 * @param share of the peak, transformers' {@code min_lr_rate}, or null
 */
public record Floor(Double rate, Double share) {
  /** Refuses both at once, and neither. */
  public Floor {
    if ((rate == null) == (share == null)) {
      throw new IllegalArgumentException(
          rate == null
              ? "neither min_lr nor min_lr_rate is given; give one of them"
              : "min_lr is %s and min_lr_rate is %s; give one of them".formatted(rate, share));
    }
    Checks.requireNotNegative("min_lr", rate == null ? 0 : rate);
    Checks.requireShare("min_lr_rate", share == null ? 0 : share);
  }

  /** As a share of {@code peak}; a rate above the peak is refused. */
  double of(double peak) {
    if (rate != null) {
      Checks.require(rate <= peak, "min_lr", rate, "at most the learning rate, " + peak);
    }
    return share != null ? share : peak > 0 ? rate / peak : 0;
  }

  /** {@code factor (1 - share) + share}, from 0 on. */
  static double above(double share, double factor) {
    return Math.max(0, factor * (1 - share) + share);
  }

  Map<String, String> settings() {
    var settings = new LinkedHashMap<String, String>();
    settings.put(rate == null ? "min_lr_rate" : "min_lr", (rate == null ? share : rate).toString());
    return settings;
  }
}
