package dev.galen.train.schedule;

import dev.galen.train.values.NamedValues;
import java.util.Map;

/**
 * Cosines to 0, each of which starts again at the peak (Loshchilov and Hutter 2016, arXiv
 * 1608.03983): {@code peak (1 + cos(pi (cycles x mod 1))) / 2}; 0 from the end of the run on.
 *
 * @param cycles falls to 0, 1 in transformers
 */
public record CosineWithRestarts(long cycles) implements Schedule {
  /** Checks the number. */
  public CosineWithRestarts {
    Checks.require(cycles > 0, "num_cycles", cycles, "at least 1");
  }

  @Override
  public String name() {
    return "cosine_with_restarts";
  }

  @Override
  public Map<String, String> settings() {
    return NamedValues.text("num_cycles", Checks.unless(1L, cycles));
  }

  @Override
  public Rates over(double peak, long warmup, long total) {
    double length = Math.max(1, total - warmup);
    return Rates.warmed(
        peak,
        warmup,
        step -> {
          double x = (step - warmup) / length;
          return x >= 1 ? 0 : peak * Cosine.wave(Cosine.HALF, cycles * x % 1);
        });
  }
}
