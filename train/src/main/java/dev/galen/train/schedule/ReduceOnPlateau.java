package dev.galen.train.schedule;

import dev.galen.train.values.NamedValues;
import java.util.List;
import java.util.Map;

/**
 * PyTorch's {@code ReduceLROnPlateau}: the rate is multiplied by a factor when a metric has not
 * become better for more than some measurements.
 *
 * @param goal when it is better
 * @param factor below 1
 * @param patience measurements that may be no better
 * @param cooldown measurements after a change that are not counted
 * @param min the lowest rate
 * @param epsilon the smallest change that is made
 */
public record ReduceOnPlateau(
    Goal goal, double factor, long patience, long cooldown, double min, double epsilon)
    implements Schedule {
  /** PyTorch's defaults. */
  public static final ReduceOnPlateau DEFAULTS =
      new ReduceOnPlateau(new Goal(false, 1e-4, true), 0.1, 10, 0, 0, 1e-8);

  /** Checks the numbers. */
  public ReduceOnPlateau {
    Checks.require(factor > 0 && factor < 1, "factor", factor, "above 0 and below 1");
    Checks.require(patience >= 0, "patience", patience, "at least 0");
    Checks.require(cooldown >= 0, "cooldown", cooldown, "at least 0");
    Checks.requireNotNegative("min_lr", min);
    Checks.requireNotNegative("eps", epsilon);
  }

  @Override
  public String name() {
    return "reduce_lr_on_plateau";
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
            "min_lr",
            Checks.unless(DEFAULTS.min, min),
            "eps",
            Checks.unless(DEFAULTS.epsilon, epsilon)));
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
    return new Plateau(peak);
  }

  private final class Plateau implements Rates {
    private double rate;
    private double best = goal.worst();
    private long bad;
    private long cooling;

    Plateau(double peak) {
      rate = peak;
    }

    @Override
    public double at(long step) {
      return rate;
    }

    @Override
    public void measured(double metric) {
      if (goal.isBetter(metric, best)) {
        best = metric;
        bad = 0;
      } else {
        bad++;
      }
      if (cooling > 0) {
        cooling--;
        bad = 0;
      }
      if (bad > patience) {
        double reduced = Math.max(rate * factor, min);
        rate = rate - reduced > epsilon ? reduced : rate;
        cooling = cooldown;
        bad = 0;
      }
    }

    @Override
    public List<Double> state() {
      return List.of(rate, best, (double) bad, (double) cooling);
    }

    @Override
    public void resumeAt(List<Double> state) {
      Checks.require(state.size() == 4, "the state of " + name(), state, "four numbers");
      rate = state.get(0);
      best = state.get(1);
      bad = state.get(2).longValue();
      cooling = state.get(3).longValue();
    }
  }
}
