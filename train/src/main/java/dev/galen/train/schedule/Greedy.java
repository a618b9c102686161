package dev.galen.train.schedule;

import dev.galen.train.values.NamedValues;
import java.util.Map;

/**
 * transformers' {@code GreedyLR} (arXiv 2512.14527): the rate is divided by a factor when a metric
 * has become better for more than some measurements in a row, and multiplied by it when it has not.
 *
 * @param goal when it is better
 * @param factor below 1
 * @param patience measurements in a row that change nothing
 * @param cooldown measurements after a lower rate that are not counted
 * @param warmup measurements after a higher rate that are not counted
 * @param min the lowest rate
 * @param max the highest rate
 * @param epsilon the smallest change that is made
 * @param window measurements whose mean is taken; 0 for each by itself
 * @param resetStart reductions at the lowest rate after which all begins anew
 */
public record Greedy(
    Goal goal,
    double factor,
    long patience,
    long cooldown,
    long warmup,
    double min,
    double max,
    double epsilon,
    long window,
    long resetStart)
    implements Schedule {
  static final long USUAL_WINDOW = 50;

  /** transformers' defaults. */
  public static final Greedy DEFAULTS =
      new Greedy(new Goal(false, 1e-6, false), 0.95, 10, 0, 0, 1e-3, 1, 1e-8, 0, 500);

  /** Checks the numbers. */
  public Greedy {
    Checks.require(factor > 0 && factor < 1, "factor", factor, "above 0 and below 1");
    Checks.require(patience >= 0, "patience", patience, "at least 0");
    Checks.require(cooldown >= 0, "cooldown", cooldown, "at least 0");
    Checks.require(warmup >= 0, "warmup", warmup, "at least 0");
    Checks.requireNotNegative("min_lr", min);
    Checks.require(max >= min, "max_lr", max, "at least min_lr, " + min);
    Checks.requireNotNegative("eps", epsilon);
    Checks.require(window >= 0, "window_size", window, "at least 1");
  }

  @Override
  public String name() {
    return "greedy";
  }

  @Override
  public Map<String, String> settings() {
    Map<String, String> settings = goal.settings(DEFAULTS.goal);
    settings.putAll(
        NamedValues.text(
            "factor",
            Checks.unless(DEFAULTS.factor, factor),
            "patience",
            Checks.unless(DEFAULTS.patience, patience),
            "cooldown",
            Checks.unless(DEFAULTS.cooldown, cooldown),
            "warmup",
            Checks.unless(DEFAULTS.warmup, warmup),
            "min_lr",
            Checks.unless(DEFAULTS.min, min),
            "max_lr",
            Checks.unless(DEFAULTS.max, max),
            "eps",
            Checks.unless(DEFAULTS.epsilon, epsilon),
            "smooth",
            window > 0 ? true : null,
            "window_size",
            window == 0 || window == USUAL_WINDOW ? null : window,
            "reset_start",
            Checks.unless(DEFAULTS.resetStart, resetStart)));
    return settings;
  }

  @Override
  public boolean warms() {
    return false;
  }

  @Override
  public boolean measures() {
    return true;
  }

  @Override
  public Rates over(double peak, long warmup, long total) {
    return new GreedyRates(this, peak);
  }
}
