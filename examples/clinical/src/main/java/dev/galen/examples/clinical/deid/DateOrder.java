package dev.galen.examples.clinical.deid;

import java.util.List;
import java.util.regex.Matcher;

/**
 * Whether the day or the month comes first where a text writes both as numbers. A date that can be
 * read in one way alone tells it for the others of the same separator: beside 25/03/2020 the date
 * 04/05/2020 is the 4th of May. Where none tells it, dots have the day first, as in Europe, slashes
 * and hyphens the month, as in the United States.
 */
final class DateOrder {
  /** Of a text that tells nothing. */
  static final DateOrder DEFAULT = of(List.of());

  private static final String SEPARATORS = "./-";

  private final boolean[] isDayFirst = {true, false, false};

  private DateOrder() {}

  /** What the dates of a text tell. */
  static DateOrder of(List<String> dates) {
    var order = new DateOrder();
    var days = new boolean[SEPARATORS.length()];
    var months = new boolean[SEPARATORS.length()];
    for (String date : dates) {
      Matcher match = ShiftedDates.match(date);
      if (match != null && ShiftedDates.group(match, "a") != null) {
        int place = place(match);
        days[place] |= Integer.parseInt(match.group("a")) > 12;
        months[place] |= Integer.parseInt(match.group("b")) > 12;
      }
    }
    for (int i = 0; i < days.length; i++) {
      if (days[i] != months[i]) {
        order.isDayFirst[i] = days[i];
      }
    }
    return order;
  }

  private static int place(Matcher match) {
    return Math.max(0, SEPARATORS.indexOf(match.group("s").charAt(0)));
  }

  /** Whether the first of a date's two numbers is the day. */
  boolean isDayFirst(Matcher match) {
    boolean day = Integer.parseInt(match.group("a")) > 12;
    boolean month = Integer.parseInt(match.group("b")) > 12;
    return day != month ? day : isDayFirst[place(match)];
  }
}
