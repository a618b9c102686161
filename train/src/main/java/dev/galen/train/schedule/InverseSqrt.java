package dev.galen.train.schedule;

import dev.galen.train.values.NamedValues;
import java.util.Map;

/**
 * {@code peak / sqrt((step + timescale - warmup) / timescale)} (Vaswani et al. 2017, arXiv
 * 1706.03762). It does not know how long a run is.
 *
 * @param timescale updates; null for the warm-up's, or 10,000 without one
 */
public record InverseSqrt(Long timescale) implements Schedule {
  private static final long WITHOUT_WARMUP = 10_000;

  /** Checks the number. */
  public InverseSqrt {
    Checks.require(timescale == null || timescale > 0, "timescale", timescale, "at least 1");
  }

  @Override
  public String name() {
    return "inverse_sqrt";
  }

  @Override
  public Map<String, String> settings() {
    return NamedValues.text("timescale", timescale);
  }

  @Override
  public Rates over(double peak, long warmup, long total) {
    long usual = warmup > 0 ? warmup : WITHOUT_WARMUP;
    double scale = timescale == null ? usual : timescale;
    double shift = scale - warmup;
    return Rates.warmed(peak, warmup, step -> peak / Math.sqrt((step + shift) / scale));
  }
}
