package dev.galen.examples.search.space;

/**
 * Whole numbers between two ends, which belong to it.
 *
 * @param low the least
 * @param high the greatest; with steps it is moved down to the last one
 * @param log whether each factor is as likely as the same factor elsewhere
 * @param step between values, counted from {@code low}; at least 1
 */
public record IntRange(long low, long high, boolean log, long step) implements Range {
  /** Numbers beyond it are not all doubles. */
  private static final long LARGEST = 1L << 53;

  /** Checks the ends. */
  public IntRange {
    if (low > high) {
      throw new IllegalArgumentException("low is " + low + ", must be at most high, " + high);
    }
    if (low < -LARGEST || high > LARGEST) {
      throw new IllegalArgumentException(
          "the range is " + low + " to " + high + ", must lie between -2^53 and 2^53");
    }
    if (log && low < 1) {
      throw new IllegalArgumentException("low is " + low + ", must be at least 1 with log");
    }
    if (step < 1) {
      throw new IllegalArgumentException("step is " + step + ", must be at least 1");
    }
    if (log && step > 1) {
      throw new IllegalArgumentException("step is " + step + ", cannot be given with log");
    }
    high = low + (high - low) / step * step;
  }

  /** Every number alike. */
  public IntRange(long low, long high) {
    this(low, high, false, 1);
  }

  /** Every order of magnitude alike. */
  public static IntRange log(long low, long high) {
    return new IntRange(low, high, true, 1);
  }

  @Override
  public long size() {
    return (high - low) / step + 1;
  }

  @Override
  public boolean contains(double number) {
    return number >= low && number <= high && number == Math.rint(number);
  }

  @Override
  public double at(long i) {
    return low + i * step;
  }

  @Override
  public String text(double number) {
    return Long.toString((long) number);
  }

  @Override
  public String text() {
    String ends = "int:" + low + ":" + high;
    return log ? ends + ":log" : step > 1 ? ends + ":step=" + step : ends;
  }
}
