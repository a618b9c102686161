package dev.galen.examples.clinical.trust;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The numbers of a text, however they are written: {@code 1,000}, {@code 1000}, {@code five},
 * {@code twenty-one}, {@code 5-10}, {@code type II}, {@code 2nd}. Digits that belong to a name, as
 * in L4, B12, COVID-19 or IL-6, are none.
 */
final class Quantities {
  /**
   * A number.
   *
   * @param start where it begins in the text
   * @param end where it ends, its unit included
   * @param value the number
   * @param unit its unit; null for none
   * @param stated whether it is a statement of its own: a numbered line or an ordinal is none, and
   *     counts only as what others can rest on
   * @param rounded whether the text says that it is about right
   */
  record Quantity(
      int start, int end, double value, Units.Unit unit, boolean stated, boolean rounded) {}

  private static final Pattern DIGITS =
      Pattern.compile(
          "(?<![\\p{L}\\p{N}.])(\\d{1,3}(?:,\\d{3})+(?:\\.\\d+)?|\\d+(?:\\.\\d+)?|\\.\\d+)(?![\\d])");

  private static final Pattern LIST_ITEM = Pattern.compile("(?m)^\\s*\\d{1,2}[.)](?=\\s)");

  private static final Pattern INLINE_ITEM =
      Pattern.compile("(?:^|[.,;:!?]|\\n)\\s*(\\d{1,2})[.)](?=\\s+\\p{Lu})");

  private static final Pattern ABOUT =
      Pattern.compile(
          "(?:\\b(?:about|approximately|approx\\.?|around|nearly|almost|roughly|some)\\s+|[~≈]\\s?)$",
          Pattern.CASE_INSENSITIVE);

  private static final Pattern ROMAN =
      Pattern.compile(
          "\\b(?:types?|stages?|grades?|class|phases?|levels?|category|factor|nerves?)[ -]"
              + "(VIII|VII|VI|IV|IX|XII|XI|X|V|III|II|I)(?:[ab]|\\b)");

  private static final List<String> ROMAN_NUMBERS =
      List.of("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII");

  private static final Pattern EVERY =
      Pattern.compile("(?i)\\bq\\.?\\s?(\\d{1,2})\\s?h(?:rs?|ours?)?\\b");

  private final String text;
  private final List<Quantity> all = new ArrayList<>();

  private Quantities(String text) {
    this.text = text;
  }

  /** All numbers of a text, in no particular order. */
  static List<Quantity> of(String text) {
    var found = new Quantities(text);
    found.digits();
    found.words();
    found.roman();
    found.doses();
    return found.all;
  }

  private void digits() {
    Set<Integer> items = listItems();
    Matcher number = DIGITS.matcher(text);
    while (number.find()) {
      if (isName(number.start(), number.end())) {
        continue;
      }
      double value = Double.parseDouble(number.group(1).replace(",", ""));
      boolean negative = isNegative(number.start());
      boolean listed = items.contains(number.end());
      Optional<Units.Found> unit = Units.at(text, number.end());
      add(
          number.start(),
          unit.map(Units.Found::end).orElse(number.end()),
          negative ? -value : value,
          unit.map(Units.Found::unit).orElse(null),
          !listed);
      if (negative) {
        // Whether it is a minus sign or a dash is the writer's; a statement may rest on both.
        all.add(new Quantity(number.start(), number.end(), value, null, false, false));
      }
    }
  }

  /** Where the numbers of numbered lines end, and of "1. ... 2. ..." within a line. */
  private Set<Integer> listItems() {
    var items = new HashSet<Integer>();
    Matcher item = LIST_ITEM.matcher(text);
    while (item.find()) {
      items.add(item.end() - 1);
    }
    int next = 1;
    Matcher inline = INLINE_ITEM.matcher(text);
    while (inline.find()) {
      if (Integer.parseInt(inline.group(1)) == next) {
        items.add(inline.end(1));
        next++;
      }
    }
    return items;
  }

  private void add(int start, int end, double value, Units.Unit unit, boolean stated) {
    boolean rounded = ABOUT.matcher(text.substring(Math.max(0, start - 16), start)).find();
    all.add(new Quantity(start, end, value, unit, stated, rounded));
  }

  /** A minus sign stands behind a space, and in front of no space. */
  private boolean isNegative(int start) {
    if (start == 0 || "-−".indexOf(text.charAt(start - 1)) < 0) {
      return false;
    }
    return start == 1 || " (=\n\t".indexOf(text.charAt(start - 2)) >= 0;
  }

  /** Digits of COVID-19, IL-6, L4-5, 5HT and 3D are parts of a name. */
  private boolean isName(int start, int end) {
    int begin = start;
    while (begin > 0 && isNamePart(text.charAt(begin - 1))) {
      begin--;
    }
    String before = text.substring(begin, start);
    if (before.endsWith("-") && before.chars().anyMatch(Character::isUpperCase)) {
      return true;
    }
    // The second half of L4-5.
    if (before.matches(".*\\p{L}\\d+-")) {
      return true;
    }
    int last = end;
    while (last < text.length() && Character.isLetter(text.charAt(last))) {
      last++;
    }
    String behind = text.substring(end, last).toLowerCase(Locale.ROOT);
    return !behind.isEmpty()
        && Units.at(text, end).isEmpty()
        && !behind.matches("st|nd|rd|th|s|x|y|f|c|d|pm|am|yo|m|w|mo|kg|cm");
  }

  private static boolean isNamePart(char c) {
    return Character.isLetterOrDigit(c) || c == '-';
  }

  private void words() {
    for (NumberWords.Number number : NumberWords.of(text)) {
      Optional<Units.Found> unit = Units.at(text, number.end());
      // "No one", "one of them": a number only where a unit follows.
      boolean stated = number.stated() && (number.value() > 1 || unit.isPresent());
      if (number.stated()) {
        add(
            number.start(),
            unit.map(Units.Found::end).orElse(number.end()),
            number.value(),
            unit.map(Units.Found::unit).orElse(null),
            stated);
      } else {
        hint(number.start(), number.end(), number.value());
      }
    }
  }

  /** A number that others can rest on. */
  private void hint(int start, int end, double value) {
    all.add(new Quantity(start, end, value, null, false, false));
  }

  private void roman() {
    Matcher roman = ROMAN.matcher(text);
    while (roman.find()) {
      int value = ROMAN_NUMBERS.indexOf(roman.group(1)) + 1;
      add(roman.start(1), roman.end(1), value, null, true);
    }
  }

  /** q6h is every 6 hours; three times a day is every 8. */
  private void doses() {
    Matcher every = EVERY.matcher(text);
    while (every.find()) {
      int hours = Integer.parseInt(every.group(1));
      all.add(
          new Quantity(
              every.start(),
              every.end(),
              hours,
              Units.at(" hours", 0).orElseThrow().unit(),
              true,
              false));
      if (hours > 0 && 24 % hours == 0) {
        all.add(new Quantity(every.start(), every.end(), 24.0 / hours, null, false, false));
      }
    }
    Matcher times =
        Pattern.compile("(?i)\\b(bid|tid|qid|b\\.i\\.d|t\\.i\\.d|q\\.i\\.d)\\b").matcher(text);
    while (times.find()) {
      String name = times.group(1).toLowerCase(Locale.ROOT);
      int count = name.startsWith("b") ? 2 : name.startsWith("t") ? 3 : 4;
      all.add(new Quantity(times.start(), times.end(), count, null, false, false));
      all.add(new Quantity(times.start(), times.end(), 24.0 / count, null, false, false));
    }
  }
}
