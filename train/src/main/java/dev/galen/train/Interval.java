package dev.galen.train;

import static dev.galen.train.TrainingConfig.require;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How often something is done while a model trains. As text {@code 100} or {@code 100 updates},
 * {@code 1 epoch} or {@code 0.5 epochs}, {@code 10 minutes}; the unit may be shortened to {@code
 * epoch}, {@code e}, {@code min}, {@code m} or {@code steps}, and a unit alone means one of it.
 *
 * @param number of the unit; 0 for never
 * @param unit what is counted
 */
public record Interval(double number, Unit unit) {
  /** Never. */
  public static final Interval NEVER = updates(0);

  private static final Pattern TEXT =
      Pattern.compile("([-+]?[0-9.]+(?:[eE][-+]?[0-9]+)?)?[ _]?([a-zA-Z]*)");

  /** What is counted. */
  public enum Unit {
    /** Updates of the weights. */
    UPDATES("updates?|steps?|u|s"),
    /** Passes over the data, or parts of one. */
    EPOCHS("epochs?|e"),
    /** Minutes on the clock since it was done last. */
    MINUTES("minutes?|mins?|m");

    private final Pattern words;

    Unit(String words) {
      this.words = Pattern.compile(words);
    }

    private static Unit of(String word, String text) {
      for (Unit unit : values()) {
        if (word.isEmpty() || unit.words.matcher(word.toLowerCase(Locale.ROOT)).matches()) {
          return unit;
        }
      }
      throw unreadable(text);
    }
  }

  /** Checks that updates are whole. */
  public Interval {
    require(
        Double.isFinite(number)
            && (unit != Unit.UPDATES || number == Math.rint(number) && number < 1L << 53),
        "an interval",
        number,
        unit == Unit.UPDATES ? "a whole number of updates" : "a number");
  }

  /** So many updates. */
  public static Interval updates(long number) {
    return new Interval(number, Unit.UPDATES);
  }

  /** So many passes over the data. */
  public static Interval epochs(double number) {
    return new Interval(number, Unit.EPOCHS);
  }

  /** So many minutes. */
  public static Interval minutes(double number) {
    return new Interval(number, Unit.MINUTES);
  }

  /**
   * Reads one.
   *
   * @throws IllegalArgumentException if {@code text} is none
   */
  public static Interval parse(String text) {
    Matcher parts = TEXT.matcher(text.strip());
    if (!parts.matches() || parts.group(1) == null && parts.group(2).isEmpty()) {
      throw unreadable(text);
    }
    Unit unit = Unit.of(parts.group(2), text);
    if (parts.group(1) == null) {
      return new Interval(1, unit);
    }
    try {
      return new Interval(Double.parseDouble(parts.group(1)), unit);
    } catch (NumberFormatException e) {
      throw unreadable(text);
    }
  }

  private static IllegalArgumentException unreadable(String text) {
    return new IllegalArgumentException(
        "an interval is '%s', must be a number of updates, such as 100, or of epochs or minutes: 1 epoch, 0.5 epochs, 10 minutes"
            .formatted(text));
  }

  /** Whether it never comes. */
  public boolean isNever() {
    return number == 0;
  }

  /** Whether it comes after the same updates wherever a run is repeated. */
  public boolean isExact() {
    return unit != Unit.MINUTES || isNever();
  }

  /** As {@link #parse} reads it; of updates the number alone. */
  public String text() {
    String amount =
        number == Math.rint(number) && Math.abs(number) < 1L << 53
            ? Long.toString((long) number)
            : Double.toString(number);
    return switch (unit) {
      case UPDATES -> amount;
      case EPOCHS -> amount + (number == 1 ? " epoch" : " epochs");
      case MINUTES -> amount + (number == 1 ? " minute" : " minutes");
    };
  }
}
