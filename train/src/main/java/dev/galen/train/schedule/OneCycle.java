package dev.galen.train.schedule;

import dev.galen.train.values.NamedValues;
import java.util.List;
import java.util.Map;

/**
 * PyTorch's {@code OneCycleLR} (Smith and Topin 2017, arXiv 1708.07120): from the first rate up to
 * the peak and down to the last one; of three phases the second falls to the first rate as fast as
 * the first one rises. Momentum stays as it is, as with {@code cycle_momentum=False}. Past the end
 * of the run, where PyTorch throws, it stays at the last rate.
 *
 * @param start the part of the run that rises
 * @param cosine whether it goes by cosines; else in straight lines
 * @param first the peak over the first rate
 * @param last the first rate over the last one
 * @param threePhases whether there are three
 */
public record OneCycle(double start, boolean cosine, double first, double last, boolean threePhases)
    implements Schedule {
  /** PyTorch's defaults. */
  public static final OneCycle DEFAULTS = new OneCycle(0.3, true, 25, 1e4, false);

  static final List<String> WAYS = List.of("cos", "linear");

  /** Checks the numbers. */
  public OneCycle {
    Checks.requireShare("pct_start", start);
    Checks.requirePositive("div_factor", first);
    Checks.requirePositive("final_div_factor", last);
  }

  @Override
  public String name() {
    return "one_cycle";
  }

  @Override
  public Map<String, String> settings() {
    return NamedValues.text(
        "pct_start",
        Checks.unless(DEFAULTS.start, start),
        "anneal_strategy",
        cosine ? null : "linear",
        "div_factor",
        Checks.unless(DEFAULTS.first, first),
        "final_div_factor",
        Checks.unless(DEFAULTS.last, last),
        "three_phase",
        Checks.unless(false, threePhases));
  }

  @Override
  public boolean warms() {
    return false;
  }

  @Override
  public Rates over(double peak, long warmup, long total) {
    double low = peak / first;
    double end = low / last;
    double rise = start * total - 1;
    double fall = 2 * start * total - 2;
    double all = total - 1;
    return step -> {
      double at = Math.min(step, all);
      if (at <= rise) {
        return between(low, peak, 0, rise, at);
      }
      if (!threePhases) {
        return between(peak, end, rise, all, at);
      }
      return at <= fall ? between(peak, low, rise, fall, at) : between(low, end, fall, all, at);
    };
  }

  private double between(double from, double to, double begin, double end, double at) {
    double x = end > begin ? (at - begin) / (end - begin) : 1;
    return cosine ? to + (from - to) / 2 * (Math.cos(Math.PI * x) + 1) : (to - from) * x + from;
  }
}
