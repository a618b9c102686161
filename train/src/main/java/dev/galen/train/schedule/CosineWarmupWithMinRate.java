package dev.galen.train.schedule;

import dev.galen.train.values.NamedValues;
import java.util.Map;

/**
 * {@link CosineWithMinRate} one update earlier, so that the first update has a rate and the last
 * one the lowest: in the warm-up {@code peak (step + 1) / warmup}, or a line from a share s of the
 * peak, {@code peak (s + (1 - s) step / (warmup - 1))}.
 *
 * @param cycles waves, half of one in transformers
 * @param floor the lowest rate
 * @param warmupShare of the peak at the first update, or null
 */
public record CosineWarmupWithMinRate(double cycles, Floor floor, Double warmupShare)
    implements Schedule {
  /** Checks the numbers. */
  public CosineWarmupWithMinRate {
    Checks.requirePositive("num_cycles", cycles);
    Checks.requireShare("warmup_lr_rate", warmupShare == null ? 0 : warmupShare);
  }

  @Override
  public String name() {
    return "cosine_warmup_with_min_lr";
  }

  @Override
  public Map<String, String> settings() {
    Map<String, String> settings = floor.settings();
    settings.putAll(
        NamedValues.text(
            "num_cycles", Checks.unless(Cosine.HALF, cycles), "warmup_lr_rate", warmupShare));
    return settings;
  }

  @Override
  public Rates over(double peak, long warmup, long total) {
    double share = floor.of(peak);
    double length = Math.max(1, total - warmup);
    return step ->
        step < warmup
            ? peak * rise(step, warmup)
            : peak * Floor.above(share, Cosine.wave(cycles, (step - warmup + 1) / length));
  }

  private double rise(long step, double warmup) {
    return warmupShare == null
        ? (step + 1) / warmup
        : warmupShare + (1 - warmupShare) * step / Math.max(1, warmup - 1);
  }
}
