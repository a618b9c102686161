package dev.galen.examples.search.sample;

import dev.galen.examples.search.space.Choices;
import dev.galen.examples.search.space.FloatRange;
import dev.galen.examples.search.space.IntRange;
import dev.galen.examples.search.space.Range;

/**
 * A range of numbers as a stretch of the real line: its logarithm where it is logarithmic, and half
 * a step wider on both sides where it has steps, so that the ends are as likely as the rest.
 *
 * @param from where the stretch begins
 * @param to where it ends
 * @param low the least value
 * @param high the greatest
 * @param log whether places are logarithms
 * @param step between values, 0 for none
 */
record Scale(double from, double to, double low, double high, boolean log, double step) {
  static Scale of(Range range) {
    return switch (range) {
      case FloatRange f -> of(f.low(), f.high(), f.log(), f.step());
      case IntRange i -> of(i.low(), i.high(), i.log(), i.step());
      case Choices c -> throw new IllegalArgumentException(c.text() + " is no range of numbers");
    };
  }

  private static Scale of(double low, double high, boolean log, double step) {
    double from = low - step / 2;
    double to = high + step / 2;
    return log
        ? new Scale(Math.log(from), Math.log(to), low, high, true, step)
        : new Scale(from, to, low, high, false, step);
  }

  double width() {
    return to - from;
  }

  /** Where a value lies. */
  double place(double value) {
    return log ? Math.log(value) : value;
  }

  /** The value at a share of the stretch, from 0 to 1. */
  double value(double share) {
    return valueAt(from + share * (to - from));
  }

  /** The value whose piece of the stretch a place lies in. */
  double valueAt(double place) {
    double value = log ? Math.exp(place) : place;
    if (step > 0) {
      value = low + Math.rint((value - low) / step) * step;
    }
    return Math.clamp(value, low, high);
  }
}
