package dev.galen.examples.clinical.deid;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.format.TextStyle;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Moves a written date by days and writes it in the same form. A month without a day moves as its
 * 15th; a date without a year is taken for one of the year given; which of two numbers is the day
 * says a {@link DateOrder}.
 */
final class ShiftedDates {
  private static final Pattern SHORT = Pattern.compile("(?<a>\\d{1,2})(?<s>[/-])(?<b>\\d{1,2})");
  private static final Pattern MONTH =
      Pattern.compile("(?<M>" + DateForms.MONTH + ")\\.?", Pattern.CASE_INSENSITIVE);
  private static final Pattern WEEKDAY =
      Pattern.compile(
          "^(mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(day)?", Pattern.CASE_INSENSITIVE);
  private static final List<String> TENS =
      List.of("", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety");
  private static final List<String> UNITS =
      List.of(
          ("zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen"
                  + " seventeen eighteen nineteen")
              .split(" "));

  /** The middle of a month stands for it. */
  private static final int MIDDLE = 15;

  private ShiftedDates() {}

  /** The year of a written date, or -1 if it has none in figures. */
  static int year(String date) {
    Matcher match = match(date);
    String year = match == null ? null : group(match, "y");
    return year == null ? -1 : DateForms.year(year);
  }

  /** The date moved by {@code days}; null if it is in no form that can be. */
  static String shift(String date, int days, int otherwise) {
    return shift(date, days, otherwise, DateOrder.DEFAULT);
  }

  /** The same of a date of a text whose numbers stand in an order. */
  static String shift(String date, int days, int otherwise, DateOrder order) {
    Matcher match = match(date);
    if (match == null) {
      return null;
    }
    LocalDate day = parse(match, otherwise, order);
    if (day == null) {
      return null;
    }
    return write(date, match, day.plusDays(days), order);
  }

  /** A date in one of its written forms; null if it is in none. */
  static Matcher match(String date) {
    for (DateForms.Form form : DateForms.ALL) {
      Matcher matcher = form.pattern().matcher(date);
      if (matcher.matches()) {
        return matcher;
      }
    }
    for (Pattern pattern : List.of(SHORT, MONTH)) {
      Matcher matcher = pattern.matcher(date);
      if (matcher.matches()) {
        return matcher;
      }
    }
    return null;
  }

  /** What a form has by a name; null if it has no such part. */
  static String group(Matcher match, String name) {
    return match.pattern().namedGroups().containsKey(name) ? match.group(name) : null;
  }

  private static LocalDate parse(Matcher match, int otherwise, DateOrder order) {
    String digits = group(match, "y");
    String words = group(match, "Y");
    int year =
        digits != null ? DateForms.year(digits) : words != null ? spokenYear(words) : otherwise;
    int month;
    int day = MIDDLE;
    if (group(match, "a") != null) {
      boolean dayFirst = order.isDayFirst(match);
      month = Integer.parseInt(match.group(dayFirst ? "b" : "a"));
      day = Integer.parseInt(match.group(dayFirst ? "a" : "b"));
    } else {
      String name = group(match, "M");
      month = name != null ? DateForms.month(name) : Integer.parseInt(match.group("m"));
      String number = group(match, "d");
      String ordinal = group(match, "D");
      day =
          number != null
              ? Integer.parseInt(number)
              : ordinal != null ? DateForms.ordinal(ordinal) : MIDDLE;
    }
    try {
      return LocalDate.of(year, month, day);
    } catch (DateTimeException e) {
      boolean leap = month == 2 && day == 29 && digits == null && words == null;
      return leap ? LocalDate.of(2000, 2, 29) : null;
    }
  }

  private static String write(String date, Matcher match, LocalDate day, DateOrder order) {
    var parts = new TreeMap<Integer, Map.Entry<Integer, String>>();
    boolean padded = padded(match);
    boolean dayFirst = group(match, "a") != null && order.isDayFirst(match);
    put(parts, match, "a", number(dayFirst ? day.getDayOfMonth() : day.getMonthValue(), padded));
    put(parts, match, "b", number(dayFirst ? day.getMonthValue() : day.getDayOfMonth(), padded));
    put(parts, match, "m", number(day.getMonthValue(), padded));
    put(parts, match, "d", number(day.getDayOfMonth(), padded));
    String month = group(match, "M");
    if (month != null) {
      // "May" is whole and short at once: between blanks it is taken for whole.
      int behind = match.end("M");
      boolean blanks =
          behind < date.length() && date.charAt(behind) == ' '
              || match.start("M") > 0 && date.charAt(match.start("M") - 1) == ' ';
      put(parts, match, "M", month(month, blanks, day));
    }
    String ordinal = group(match, "D");
    if (ordinal != null) {
      put(
          parts,
          match,
          "D",
          cased(ordinal, spaced(ordinal, DateForms.ORDINALS.get(day.getDayOfMonth() - 1))));
    }
    String year = group(match, "y");
    if (year != null) {
      String digits = String.valueOf(day.getYear());
      boolean mark = !Character.isDigit(year.charAt(0));
      boolean four = year.length() == 4;
      put(
          parts,
          match,
          "y",
          four ? digits : (mark ? year.substring(0, 1) : "") + digits.substring(2));
    }
    String words = group(match, "Y");
    if (words != null) {
      put(parts, match, "Y", cased(words, spokenYear(day.getYear())));
    }
    ending(parts, match, date, day);
    weekday(parts, date, day);
    var out = new StringBuilder();
    int at = 0;
    for (Map.Entry<Integer, Map.Entry<Integer, String>> part : parts.entrySet()) {
      out.append(date, at, part.getKey()).append(part.getValue().getValue());
      at = part.getValue().getKey();
    }
    return out + date.substring(at);
  }

  private static void put(
      Map<Integer, Map.Entry<Integer, String>> parts, Matcher match, String name, String value) {
    if (group(match, name) != null) {
      parts.put(match.start(name), Map.entry(match.end(name), value));
    }
  }

  /** The 3 of 3rd becomes 4, the rd th. */
  private static void ending(
      Map<Integer, Map.Entry<Integer, String>> parts, Matcher match, String date, LocalDate day) {
    if (group(match, "d") == null) {
      return;
    }
    int at = match.end("d");
    if (at + 2 <= date.length()
        && List.of("st", "nd", "rd", "th")
            .contains(date.substring(at, at + 2).toLowerCase(Locale.ROOT))) {
      int number = day.getDayOfMonth();
      String ending =
          number / 10 == 1
              ? "th"
              : switch (number % 10) {
                case 1 -> "st";
                case 2 -> "nd";
                case 3 -> "rd";
                default -> "th";
              };
      parts.put(at, Map.entry(at + 2, cased(date.substring(at, at + 2), ending)));
    }
  }

  private static void weekday(
      Map<Integer, Map.Entry<Integer, String>> parts, String date, LocalDate day) {
    Matcher match = WEEKDAY.matcher(date);
    if (match.find()
        && (match.end() == date.length() || !Character.isLetter(date.charAt(match.end())))) {
      var style = match.group(2) == null ? TextStyle.SHORT : TextStyle.FULL;
      String name = day.getDayOfWeek().getDisplayName(style, Locale.ROOT);
      name =
          style == TextStyle.FULL
              ? day.getDayOfWeek().name().toLowerCase(Locale.ROOT)
              : name.toLowerCase(Locale.ROOT);
      parts.put(0, Map.entry(match.end(), cased(match.group(), name)));
    }
  }

  /** Whether numbers below 10 have a zero before them: no number of the date has a single digit. */
  private static boolean padded(Matcher match) {
    for (String name : List.of("a", "b", "m", "d")) {
      String digits = group(match, name);
      if (digits != null && digits.length() == 1) {
        return false;
      }
    }
    return group(match, "M") == null
        || group(match, "d") != null
            && (match.group("d").startsWith("0") || match.end("d") == match.start("M"));
  }

  private static String number(int number, boolean padded) {
    return padded && number < 10 ? "0" + number : String.valueOf(number);
  }

  private static String month(String written, boolean blanks, LocalDate day) {
    String name = day.getMonth().name().toLowerCase(Locale.ROOT);
    boolean may = blanks && written.equalsIgnoreCase("may");
    boolean whole =
        written.length() > 4
            || List.of("june", "july").contains(written.toLowerCase(Locale.ROOT))
            || may;
    return cased(written, whole ? name : name.substring(0, 3));
  }

  private static String spaced(String written, String ordinal) {
    return written.indexOf(' ') >= 0 || written.indexOf('-') < 0
        ? ordinal.replace('-', ' ')
        : ordinal;
  }

  private static String cased(String like, String lower) {
    if (like.equals(like.toUpperCase(Locale.ROOT)) && like.length() > 1) {
      return lower.toUpperCase(Locale.ROOT);
    }
    return Character.isUpperCase(like.charAt(0))
        ? Character.toUpperCase(lower.charAt(0)) + lower.substring(1)
        : lower;
  }

  private static int spokenYear(String words) {
    String[] parts = words.toLowerCase(Locale.ROOT).split("[ -]+");
    int first = UNITS.indexOf(parts[0]);
    int century = first >= 0 ? first : 10 * TENS.indexOf(parts[0]);
    int from = 1;
    int base = century * 100;
    if (parts.length > 1 && parts[1].equals("thousand")) {
      base = century * 1000;
      from = 2;
    } else if (parts.length > 1 && parts[1].equals("hundred")) {
      from = 2;
    }
    int rest = 0;
    for (int i = from; i < parts.length; i++) {
      int unit = UNITS.indexOf(parts[i]);
      int ten = TENS.indexOf(parts[i]);
      rest += unit >= 0 ? unit : ten > 0 ? 10 * ten : 0;
    }
    return base + rest;
  }

  private static String spokenYear(int year) {
    int rest = year % 100;
    String tail =
        rest < 20
            ? rest == 0 ? "" : UNITS.get(rest)
            : TENS.get(rest / 10) + (rest % 10 == 0 ? "" : " " + UNITS.get(rest % 10));
    if (year >= 2000 && year < 2010) {
      return ("two thousand " + tail).strip();
    }
    String head = year / 100 == 20 ? "twenty" : UNITS.get(year / 100);
    return rest == 0
        ? head + " hundred"
        : rest < 10 ? head + " hundred " + tail : head + " " + tail;
  }
}
