package dev.galen.train.chart;

import java.util.Locale;
import java.util.stream.DoubleStream;

/**
 * One axis: a range, and round places on it, multiples of 1, 2 or 5 times a power of ten.
 *
 * @param low where it begins
 * @param high where it ends, above {@code low}
 * @param step between ticks
 */
record Axis(double low, double high, double step) {
  private static final int TICKS = 6;

  /** Values beyond this are left out: their differences would overflow. */
  static final double LARGEST = 1e300;

  private static final double SMALLEST = 1e-290;
  private static final double SCIENTIFIC_FROM = 1e7;
  private static final double SCIENTIFIC_BELOW = 1e-4;

  /** Whether a value has a place on an axis. */
  static boolean isDrawn(double value) {
    return Math.abs(value) <= LARGEST; // and so neither NaN nor infinite
  }

  /** An axis from {@code low} to {@code high} exactly, or a wider one where they are equal. */
  static Axis exactly(double low, double high) {
    double span = high - low;
    if (!(span > 1e-9 * Math.max(Math.abs(low), Math.abs(high)) && span > SMALLEST)) {
      double middle = low / 2 + high / 2;
      double margin = 0.1 * Math.abs(middle);
      margin = margin > SMALLEST ? margin : 1;
      return exactly(middle - margin, middle + margin);
    }
    return new Axis(low, high, round(span / TICKS));
  }

  /** An axis that begins and ends at a tick and holds all values that can be drawn. */
  static Axis around(DoubleStream values) {
    var all = values.filter(Axis::isDrawn).summaryStatistics();
    Axis exact = all.getCount() == 0 ? exactly(0, 1) : exactly(all.getMin(), all.getMax());
    double step = exact.step;
    // A value a rounding error beyond a tick needs no further one.
    return new Axis(
        step * Math.floor(exact.low / step + 1e-9),
        step * Math.ceil(exact.high / step - 1e-9),
        step);
  }

  /** The smallest of 1, 2, 5 and 10 times a power of ten that is not below {@code raw}. */
  private static double round(double raw) {
    double power = Math.pow(10, Math.floor(Math.log10(raw)));
    double digit = raw / power;
    return power * (digit <= 1 ? 1 : digit <= 2 ? 2 : digit <= 5 ? 5 : 10);
  }

  /** Whole numbers only, for what is counted. */
  Axis whole() {
    return new Axis(low, high, Math.max(1, step));
  }

  /** How far along a value lies: 0 at {@code low}, 1 at {@code high}. */
  double at(double value) {
    return (value - low) / (high - low);
  }

  /** The ticks from low to high. */
  double[] ticks() {
    double first = Math.ceil(low / step - 1e-9);
    double last = Math.floor(high / step + 1e-9);
    return DoubleStream.iterate(first, k -> k <= last, k -> k + 1).map(k -> k * step).toArray();
  }

  /** A tick in as many digits as tell it from the next. */
  String label(double tick) {
    double largest = Math.max(Math.abs(low), Math.abs(high));
    if (tick == 0 || Math.abs(tick) < step / 2) {
      return "0";
    }
    if (largest >= SCIENTIFIC_FROM || step < SCIENTIFIC_BELOW) {
      int digits = (int) Math.round(Math.log10(largest) - Math.log10(step));
      String text = String.format(Locale.ROOT, "%." + Math.clamp(digits, 0, 9) + "e", tick);
      return text.replaceFirst("\\.?0*e", "e")
          .replace("e+0", "e")
          .replace("e+", "e")
          .replace("e-0", "e-");
    }
    int decimals = (int) Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
    return String.format(Locale.ROOT, "%,." + decimals + "f", tick);
  }
}
