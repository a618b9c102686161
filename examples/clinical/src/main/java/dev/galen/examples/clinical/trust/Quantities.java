package dev.galen.examples.clinical.trust;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
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

  private static final Pattern ABOUT =
      Pattern.compile(
          "(?:\\b(?:about|approximately|approx\\.?|around|nearly|almost|roughly|some)\\s+|[~≈]\\s?)$",
          Pattern.CASE_INSENSITIVE);

  private static final Map<String, Integer> ONES =
      Map.ofEntries(
          Map.entry("zero", 0),
          Map.entry("one", 1),
          Map.entry("two", 2),
          Map.entry("three", 3),
          Map.entry("four", 4),
          Map.entry("five", 5),
          Map.entry("six", 6),
          Map.entry("seven", 7),
          Map.entry("eight", 8),
          Map.entry("nine", 9),
          Map.entry("ten", 10),
          Map.entry("eleven", 11),
          Map.entry("twelve", 12),
          Map.entry("thirteen", 13),
          Map.entry("fourteen", 14),
          Map.entry("fifteen", 15),
          Map.entry("sixteen", 16),
          Map.entry("seventeen", 17),
          Map.entry("eighteen", 18),
          Map.entry("nineteen", 19));

  private static final Map<String, Integer> TENS =
      Map.of(
          "twenty", 20, "thirty", 30, "forty", 40, "fifty", 50, "sixty", 60, "seventy", 70,
          "eighty", 80, "ninety", 90);

  private static final Map<String, Integer> LARGE =
      Map.of("hundred", 100, "thousand", 1000, "million", 1_000_000);

  /** Words that others can rest on, and that state no number of their own. */
  private static final Map<String, Double> HINTS =
      Map.ofEntries(
          Map.entry("once", 1.0),
          Map.entry("single", 1.0),
          Map.entry("first", 1.0),
          Map.entry("daily", 1.0),
          Map.entry("twice", 2.0),
          Map.entry("double", 2.0),
          Map.entry("both", 2.0),
          Map.entry("pair", 2.0),
          Map.entry("couple", 2.0),
          Map.entry("bilateral", 2.0),
          Map.entry("bilaterally", 2.0),
          Map.entry("either", 2.0),
          Map.entry("second", 2.0),
          Map.entry("bid", 2.0),
          Map.entry("thrice", 3.0),
          Map.entry("third", 3.0),
          Map.entry("tid", 3.0),
          Map.entry("triple", 3.0),
          Map.entry("fourth", 4.0),
          Map.entry("qid", 4.0),
          Map.entry("fifth", 5.0),
          Map.entry("sixth", 6.0),
          Map.entry("seventh", 7.0),
          Map.entry("eighth", 8.0),
          Map.entry("ninth", 9.0),
          Map.entry("tenth", 10.0),
          Map.entry("dozen", 12.0),
          Map.entry("half", 50.0),
          Map.entry("quarter", 25.0),
          Map.entry("january", 1.0),
          Map.entry("february", 2.0),
          Map.entry("march", 3.0),
          Map.entry("april", 4.0),
          Map.entry("june", 6.0),
          Map.entry("july", 7.0),
          Map.entry("august", 8.0),
          Map.entry("september", 9.0),
          Map.entry("october", 10.0),
          Map.entry("november", 11.0),
          Map.entry("december", 12.0),
          Map.entry("no", 0.0),
          Map.entry("none", 0.0),
          Map.entry("a", 1.0),
          Map.entry("an", 1.0),
          Map.entry("individual", 1.0));

  private static final Pattern WORDS = Pattern.compile("\\p{L}+");

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
    var items = new ArrayList<Integer>();
    Matcher item = LIST_ITEM.matcher(text);
    while (item.find()) {
      items.add(item.end() - 1);
    }
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
    Matcher word = WORDS.matcher(text);
    while (word.find()) {
      String name = word.group().toLowerCase(Locale.ROOT);
      if (ONES.containsKey(name) || TENS.containsKey(name)) {
        int end = number(word.start());
        word.region(end, text.length());
      } else if (HINTS.containsKey(name)) {
        double value = HINTS.get(name);
        all.add(new Quantity(word.start(), word.end(), value, null, false, false));
        if (value == 50 || value == 25) { // half, quarter
          all.add(new Quantity(word.start(), word.end(), value / 100, null, false, false));
        }
        if (name.equals("second")) {
          continue;
        }
      }
    }
  }

  /** The number whose words begin at a place; returns where they end. */
  private int number(int start) {
    double sum = 0;
    double part = 0;
    int end = start;
    Matcher word = Pattern.compile("[ -]?(?:and )?(\\p{L}+)").matcher(text);
    int at = start;
    boolean first = true;
    while (at < text.length() && word.region(at, text.length()).lookingAt()) {
      String name = word.group(1).toLowerCase(Locale.ROOT);
      if (ONES.containsKey(name) && (first || part % 10 == 0)) {
        part += ONES.get(name);
      } else if (TENS.containsKey(name) && (first || part % 100 == 0)) {
        part += TENS.get(name);
      } else if (LARGE.containsKey(name) && !first) {
        int factor = LARGE.get(name);
        if (factor == 100) {
          part *= 100;
        } else {
          sum += part * factor;
          part = 0;
        }
      } else {
        break;
      }
      first = false;
      end = word.end();
      at = end;
    }
    Optional<Units.Found> unit = Units.at(text, end);
    double value = sum + part;
    // "No one", "one of them": a number only where a unit follows.
    boolean stated = value > 1 || unit.isPresent();
    add(
        start,
        unit.map(Units.Found::end).orElse(end),
        value,
        unit.map(Units.Found::unit).orElse(null),
        stated);
    return Math.max(end, start + 1);
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
