package dev.galen.examples.clinical.trust;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Numbers in words: {@code five}, {@code twenty-one}, {@code two hundred and five}, and as they are
 * spoken, {@code one twenty two}. Words that say a number by the way, such as ordinals, months,
 * {@code twice} and {@code both}, are what others can rest on and state none themselves.
 */
final class NumberWords {
  /**
   * A number.
   *
   * @param start where its words begin
   * @param end where they end
   * @param value the number
   * @param stated whether it is stated, and not said by the way
   */
  record Number(int start, int end, double value, boolean stated) {}

  private static final Map<String, Integer> ONES =
      counted(
          0,
          "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen"
              + " fifteen sixteen seventeen eighteen nineteen");

  private static final Map<String, Integer> TENS = new HashMap<>();

  private static final Map<String, Integer> LARGE =
      Map.of("hundred", 100, "thousand", 1000, "million", 1_000_000);

  private static final Map<String, Double> HINTS = new HashMap<>();

  static {
    counted(2, "twenty thirty forty fifty sixty seventy eighty ninety")
        .forEach(
            (name, tens) -> {
              TENS.put(name, 10 * tens);
              HINTS.put(name.replaceAll("y$", "ies"), 10.0 * tens);
              HINTS.put(name.replaceAll("y$", "ieth"), 10.0 * tens);
            });
    counted(
            1,
            "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth"
                + " thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth")
        .forEach((name, value) -> HINTS.put(name, (double) value));
    counted(
            1,
            "january february march april may june july august september october november december")
        .forEach((name, value) -> HINTS.put(name, (double) value));
    HINTS.remove("may"); // it mostly is a verb
    hints(0, "no none never");
    hints(1, "a an once single individual daily each");
    hints(2, "twice double both pair couple bilateral bilaterally either bid");
    hints(3, "thrice triple tid");
    hints(4, "qid quadruple");
    hints(12, "dozen");
  }

  private static final Pattern WORD = Pattern.compile("\\p{L}+");
  private static final Pattern NEXT = Pattern.compile("[ -]?(?:and )?(\\p{L}+)");
  private static final Pattern ORDINAL = Pattern.compile("[ -](\\p{L}+)");

  private final String text;
  private final List<Number> all = new ArrayList<>();

  private NumberWords(String text) {
    this.text = text;
  }

  private static Map<String, Integer> counted(int first, String names) {
    var map = new HashMap<String, Integer>();
    int value = first;
    for (String name : names.split(" ")) {
      map.put(name, value++);
    }
    return map;
  }

  private static void hints(double value, String names) {
    for (String name : names.split(" ")) {
      HINTS.put(name, value);
    }
  }

  /** All numbers of a text in words. */
  static List<Number> of(String text) {
    var found = new NumberWords(text);
    found.find();
    return found.all;
  }

  private void find() {
    Matcher word = WORD.matcher(text);
    int spoken = -1;
    while (word.find()) {
      String name = word.group().toLowerCase(Locale.ROOT);
      if (ONES.containsKey(name) || TENS.containsKey(name)) {
        spoken = number(word.start(), spoken);
        word.region(all.get(spoken).end(), text.length());
      } else if (HINTS.containsKey(name)) {
        hint(word.start(), word.end(), HINTS.get(name));
      } else if (name.equals("half") || name.equals("quarter")) {
        double share = name.equals("half") ? 0.5 : 0.25;
        hint(word.start(), word.end(), share);
        hint(word.start(), word.end(), 100 * share);
      }
    }
  }

  private void hint(int start, int end, double value) {
    all.add(new Number(start, end, value, false));
  }

  /**
   * Adds the number whose words begin at a place.
   *
   * @param spoken the last number in words, or -1
   * @return its place in the list
   */
  private int number(int start, int spoken) {
    double sum = 0;
    double part = 0;
    int end = start;
    boolean first = true;
    Matcher word = NEXT.matcher(text);
    while (end < text.length() && word.region(end, text.length()).lookingAt()) {
      String name = word.group(1).toLowerCase(Locale.ROOT);
      if (ONES.containsKey(name) && (first || part % 10 == 0 && part != 10)) {
        part += ONES.get(name);
      } else if (TENS.containsKey(name) && (first || part % 100 == 0)) {
        part += TENS.get(name);
      } else if (LARGE.containsKey(name) && !first) {
        int factor = LARGE.get(name);
        sum += factor == 100 ? 0 : part * factor;
        part = factor == 100 ? 100 * part : 0;
      } else {
        break;
      }
      first = false;
      end = word.end();
    }
    all.add(new Number(start, end, sum + part, true));
    int place = all.size() - 1;
    // "One twenty two" is 122 where it is spoken.
    if (spoken >= 0 && start - all.get(spoken).end() == 1 && sum + part >= 10 && sum + part < 100) {
      double before = all.get(spoken).value();
      hint(all.get(spoken).start(), end, 100 * before + sum + part);
    }
    // "Twenty first".
    Matcher ordinal = ORDINAL.matcher(text).region(end, text.length());
    if (part >= 20 && part % 10 == 0 && ordinal.lookingAt()) {
      Double more = HINTS.get(ordinal.group(1).toLowerCase(Locale.ROOT));
      if (more != null && more >= 1 && more <= 9) {
        hint(start, ordinal.end(), sum + part + more);
      }
    }
    return place;
  }
}
