package dev.galen.examples.search.space;

/**
 * Numbers between two ends, which belong to it.
 *
 * @param low the least
 * @param high the greatest; with steps it is moved down to the last one
 * @param log whether each factor is as likely as the same factor elsewhere, as for rates
 * @param step between values, counted from {@code low}; 0 for none
 */
public record FloatRange(double low, double high, boolean log, double step) implements Range {
  /** A rounding error of a step that still counts as its end. */
  private static final double ROUNDING = 1e-9;

  /** Checks the ends. */
  public FloatRange {
    if (!Double.isFinite(low) || !Double.isFinite(high)) {
      throw new IllegalArgumentException(
          "the range is " + low + " to " + high + ", both ends must be finite");
    }
    if (low > high) {
      throw new IllegalArgumentException("low is " + low + ", must be at most high, " + high);
    }
    if (log && !(low > 0)) {
      throw new IllegalArgumentException("low is " + low + ", must be above 0 with log");
    }
    if (!(step >= 0 && Double.isFinite(step))) {
      throw new IllegalArgumentException("step is " + step + ", must be above 0");
    }
    if (log && step > 0) {
      throw new IllegalArgumentException("step is " + step + ", cannot be given with log");
    }
    if (step > 0) {
      high = low + Math.floor((high - low) / step + ROUNDING) * step;
    }
  }

  /** Every number alike. */
  public FloatRange(double low, double high) {
    this(low, high, false, 0);
  }

  /** Every order of magnitude alike. */
  public static FloatRange log(double low, double high) {
    return new FloatRange(low, high, true, 0);
  }

  /** {@code low}, {@code low + step} and so on to {@code high}. */
  public static FloatRange stepped(double low, double high, double step) {
    if (!(step > 0)) {
      throw new IllegalArgumentException("step is " + step + ", must be above 0");
    }
    return new FloatRange(low, high, false, step);
  }

  @Override
  public long size() {
    if (low == high) {
      return 1;
    }
    return step > 0 ? Math.round((high - low) / step) + 1 : Long.MAX_VALUE;
  }

  @Override
  public boolean contains(double number) {
    return number >= low && number <= high;
  }

  @Override
  public double at(long i) {
    return step > 0 ? Math.min(high, low + i * step) : i == 0 ? low : high;
  }

  @Override
  public String text(double number) {
    return Double.toString(number);
  }

  @Override
  public String text() {
    String ends = "float:" + low + ":" + high;
    return log ? ends + ":log" : step > 0 ? ends + ":step=" + step : ends;
  }
}
