package dev.galen.train.schedule;

import dev.galen.train.values.NamedValues;
import java.util.Map;

/**
 * {@code (peak - end) (1 - x)^power + end} at the part x of the run after the warm-up, and the end
 * past it.
 *
 * @param end the last rate, 1e-7 in transformers
 * @param power of what is left of the run, 1 in transformers
 */
public record Polynomial(double end, double power) implements Schedule {
  static final double END = 1e-7;

  /** Checks the numbers. */
  public Polynomial {
    Checks.requireNotNegative("lr_end", end);
    Checks.requirePositive("power", power);
  }

  @Override
  public String name() {
    return "polynomial";
  }

  @Override
  public Map<String, String> settings() {
    return NamedValues.text("lr_end", Checks.unless(END, end), "power", Checks.unless(1.0, power));
  }

  @Override
  public Rates over(double peak, long warmup, long total) {
    Checks.require(end < peak, "lr_end", end, "below the learning rate, " + peak);
    double length = Math.max(1, total - warmup);
    return Rates.warmed(
        peak,
        warmup,
        step -> {
          double left = Math.max(0, 1 - (step - warmup) / length);
          return step > total ? end : (peak - end) * Math.pow(left, power) + end;
        });
  }
}
