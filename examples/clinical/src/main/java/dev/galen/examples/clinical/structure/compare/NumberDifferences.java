package dev.galen.examples.clinical.structure.compare;

import dev.galen.examples.clinical.document.Annotation;
import dev.galen.examples.clinical.structure.compare.Difference.Kind;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Numbers that are no values: sizes, ages, dates, scores, levels of the spine. */
final class NumberDifferences {
  private static final String MONTHS =
      "(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\\.?";

  private static final Pattern NUMBER =
      Pattern.compile(
          "(?i)\\b"
              + MONTHS
              + " +(\\d{1,2})(?:st|nd|rd|th)?,? +(\\d{4})\\b"
              + "|(\\d{1,2})[/.-](\\d{1,2})[/.-](\\d{4}|\\d{2})\\b"
              + "|(\\d{4})-(\\d{2})-(\\d{2})\\b"
              + "|\\b([a-z]?\\d+(?:,\\d{3})*(?:\\.\\d+)?(?:[/-]\\d+(?:\\.\\d+)?)*)( ?(?:mm|cm)\\b)?"
              + "|\\b(two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twice)\\b");

  private static final List<String> WORDS =
      List.of(
          "", "", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
          "twelve");

  private NumberDifferences() {}

  /**
   * The differences with those of the other numbers. A value that one report writes so that it is
   * not taken for one is a number there; such pairs are no difference.
   */
  static List<Difference> join(
      List<Difference> differences,
      String left,
      List<Annotation> leftValues,
      String right,
      List<Annotation> rightValues) {
    Map<String, Annotation> a = numbers(left, leftValues);
    Map<String, Annotation> b = numbers(right, rightValues);
    Map<String, Annotation> missing = new LinkedHashMap<>(a);
    missing.keySet().removeAll(b.keySet());
    Map<String, Annotation> added = new LinkedHashMap<>(b);
    added.keySet().removeAll(a.keySet());
    // A number may be a value in the other report.
    missing.keySet().removeIf(number -> isValue(number, rightValues));
    added.keySet().removeIf(number -> isValue(number, leftValues));
    List<Difference> joined = new ArrayList<>();
    for (Difference difference : differences) {
      boolean elsewhere =
          difference.kind() == Kind.VALUE_MISSING
                  && b.containsKey(plain(difference.leftPlace().attributes().get("value")))
              || difference.kind() == Kind.VALUE_ADDED
                  && a.containsKey(plain(difference.rightPlace().attributes().get("value")));
      if (!elsewhere) {
        joined.add(difference);
      }
    }
    var ones = new ArrayList<>(missing.entrySet());
    var others = new ArrayList<>(added.entrySet());
    int pairs = Math.min(ones.size(), others.size());
    for (int i = 0; i < pairs; i++) {
      joined.add(
          new Difference(
              Kind.NUMBER_CHANGED,
              "number",
              ones.get(i).getKey(),
              others.get(i).getKey(),
              ones.get(i).getValue(),
              others.get(i).getValue()));
    }
    for (var one : ones.subList(pairs, ones.size())) {
      joined.add(
          new Difference(Kind.NUMBER_MISSING, "number", one.getKey(), "", one.getValue(), null));
    }
    for (var other : others.subList(pairs, others.size())) {
      joined.add(
          new Difference(Kind.NUMBER_ADDED, "number", "", other.getKey(), null, other.getValue()));
    }
    return joined;
  }

  private static boolean isValue(String number, List<Annotation> values) {
    for (Annotation value : values) {
      if (plain(value.attributes().get("value")).equals(number)) {
        return true;
      }
    }
    return false;
  }

  private static Map<String, Annotation> numbers(String text, List<Annotation> values) {
    Map<String, Annotation> numbers = new LinkedHashMap<>();
    Matcher matcher = NUMBER.matcher(text);
    int next = 0;
    while (matcher.find()) {
      while (next < values.size() && values.get(next).end() <= matcher.start()) {
        next++;
      }
      boolean value =
          next < values.size()
              && values.get(next).start() < matcher.end()
              && matcher.start() < values.get(next).end();
      if (!value && !told(text, matcher, values) && !listMark(text, matcher)) {
        numbers.putIfAbsent(
            normal(matcher), new Annotation(matcher.start(), matcher.end(), "number"));
      }
    }
    return numbers;
  }

  /** Whether it stands in the time or reference range of a value. */
  private static boolean told(String text, Matcher matcher, List<Annotation> values) {
    String number = matcher.group();
    for (Annotation value : values) {
      boolean near = matcher.start() >= value.end() && matcher.start() - value.end() < 40;
      String range = value.attributes().get("range");
      if (near && range != null && range.contains(number.strip())) {
        return true;
      }
    }
    return false;
  }

  private static boolean listMark(String text, Matcher matcher) {
    int line = text.lastIndexOf('\n', matcher.start()) + 1;
    int end = matcher.end();
    return text.substring(line, matcher.start()).isBlank()
        && end + 1 < text.length()
        && (text.charAt(end) == '.' || text.charAt(end) == ')')
        && text.charAt(end + 1) == ' ';
  }

  private static String normal(Matcher m) {
    if (m.group(1) != null) {
      int month = (MONTHS.indexOf(m.group(1).toLowerCase(Locale.ROOT)) - 1) / 4 + 1;
      return date(m.group(3), month, Integer.parseInt(m.group(2)));
    }
    if (m.group(4) != null) {
      return date(m.group(6), Integer.parseInt(m.group(4)), Integer.parseInt(m.group(5)));
    }
    if (m.group(7) != null) {
      return date(m.group(7), Integer.parseInt(m.group(8)), Integer.parseInt(m.group(9)));
    }
    if (m.group(12) != null) {
      String word = m.group(12).toLowerCase(Locale.ROOT);
      return word.equals("twice") ? "2" : Integer.toString(WORDS.indexOf(word));
    }
    String number = plain(m.group(10).toLowerCase(Locale.ROOT));
    if (m.group(11) == null) {
      return number;
    }
    boolean centimetres = m.group(11).strip().equalsIgnoreCase("cm");
    try {
      BigDecimal size = new BigDecimal(number);
      return plain((centimetres ? size.movePointRight(1) : size).toPlainString()) + " mm";
    } catch (NumberFormatException e) {
      return number + m.group(11).strip();
    }
  }

  private static String date(String year, int month, int day) {
    String full = year.length() == 2 ? "20" + year : year;
    return "%s-%02d-%02d".formatted(full, month, day);
  }

  /** Without commas and without zeros behind the point that say nothing. */
  private static String plain(String number) {
    String plain = number.replace(",", "");
    if (plain.indexOf('.') > 0 && plain.matches("\\d+\\.\\d*0+")) {
      plain = plain.replaceAll("0+$", "").replaceAll("\\.$", "");
    }
    return plain;
  }
}
