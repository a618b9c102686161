package dev.galen.train.schedule;

import dev.galen.train.values.NamedValues;
import java.util.Map;

/**
 * {@code peak (1 + cos(2 pi cycles x)) / 2} at the part x of the run after the warm-up (Loshchilov
 * and Hutter 2016, arXiv 1608.03983). As in transformers it rises again past the end of the run.
 *
 * @param cycles waves; half of one falls to 0 once
 */
public record Cosine(double cycles) implements Schedule {
  static final double HALF = 0.5;

  /** Checks the number. */
  public Cosine {
    Checks.requirePositive("num_cycles", cycles);
  }

  @Override
  public String name() {
    return "cosine";
  }

  @Override
  public Map<String, String> settings() {
    return NamedValues.text("num_cycles", Checks.unless(HALF, cycles));
  }

  @Override
  public Rates over(double peak, long warmup, long total) {
    double length = Math.max(1, total - warmup);
    return Rates.warmed(
        peak, warmup, step -> Math.max(0, peak * wave(cycles, (step - warmup) / length)));
  }

  /** From 1 down and up again: {@code (1 + cos(2 pi cycles x)) / 2}. */
  static double wave(double cycles, double x) {
    return 0.5 * (1 + Math.cos(Math.PI * cycles * 2 * x));
  }
}
