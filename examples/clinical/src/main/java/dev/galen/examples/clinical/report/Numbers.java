package dev.galen.examples.clinical.report;

import java.util.Locale;

/** Figures as people read them. */
public final class Numbers {
  private Numbers() {}

  /**
   * A figure: whole numbers with commas, others with three places, less where they are large and
   * more where they are small; what is no number says that it is not defined.
   */
  public static String text(Number value) {
    if (value instanceof Integer || value instanceof Long || value instanceof Short) {
      return String.format(Locale.ROOT, "%,d", value.longValue());
    }
    double number = value.doubleValue();
    double size = Math.abs(number);
    if (Double.isNaN(number)) {
      return "not defined";
    }
    if (number == 0 || Double.isInfinite(number)) {
      return number == 0 ? "0" : number > 0 ? "infinite" : "minus infinite";
    }
    String form =
        size >= 1e6
            ? "%.3e"
            : size >= 100 ? "%,.1f" : size >= 10 ? "%.2f" : size >= 0.001 ? "%.3f" : "%.1e";
    return String.format(Locale.ROOT, form, number);
  }
}
