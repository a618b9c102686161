package dev.galen.train.schedule;

import dev.galen.train.values.NamedValues;
import java.util.Map;

/**
 * A {@link Cosine} between the peak and a rate above 0: {@code peak (m + (1 - m) (1 + cos(2 pi
 * cycles x)) / 2)}, m the lowest rate's share. As in transformers it rises again past the end.
 *
 * @param cycles waves, half of one in transformers
 * @param floor the lowest rate
 */
public record CosineWithMinRate(double cycles, Floor floor) implements Schedule {
  /** Checks the number. */
  public CosineWithMinRate {
    Checks.requirePositive("num_cycles", cycles);
  }

  @Override
  public String name() {
    return "cosine_with_min_lr";
  }

  @Override
  public Map<String, String> settings() {
    Map<String, String> settings = floor.settings();
    settings.putAll(NamedValues.text("num_cycles", Checks.unless(Cosine.HALF, cycles)));
    return settings;
  }

  @Override
  public Rates over(double peak, long warmup, long total) {
    double share = floor.of(peak);
    double length = Math.max(1, total - warmup);
    return Rates.warmed(
        peak,
        warmup,
        step -> peak * Floor.above(share, Cosine.wave(cycles, (step - warmup) / length)));
  }
}
