package dev.galen.examples.clinical.deid;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Ages over 89, in figures and words; younger ones stay. */
final class AgeRules {
  private static final String OLD_WORDS =
      "(?:ninety(?:[- ](?:one|two|three|four|five|six|seven|eight|nine))?"
          + "|(?:a |one )?hundred(?:[- ](?:and )?(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve))?)";
  private static final String OLD = "(9\\d|1[0-2]\\d|" + OLD_WORDS + ")";

  private static final Pattern BEFORE_UNIT =
      Pattern.compile(
          "(?<![\\w.,/-])"
              + OLD
              + "[- ]?(?:\\+[- ]?)?(?:(?:years?|yrs?|y)[-. ]{0,2}(?:old|of age|o\\b|young)|y/?o\\b|yo[mfg]?\\b"
              + "|y\\.o\\.|(?:year|yr)s?[- ]?old)",
          Pattern.CASE_INSENSITIVE);
  private static final Pattern BEHIND_WORD =
      Pattern.compile(
          "\\b(?:aged?|age is|age of|turned|turns|turning|age at \\w+|age:|is now)[ :=]{1,3}(?:is |was |of |just )?"
              + OLD
              + "(?![\\w%/]|[.,]\\d| ?(?:mg|kg|lb|percent|mmhg|pounds|bpm))",
          Pattern.CASE_INSENSITIVE);
  private static final Pattern SEX =
      Pattern.compile(
          "(?<![\\w.,/-])" + OLD + "[ -]?(?:[MF]\\b|(?i:male|female|man|woman|gentleman|lady)\\b)");
  private static final Pattern DECADE =
      Pattern.compile(
          "\\b(?:his|her|their|the|mid|late|early|in)[- ](?:mid[- ]?|late[- ]?|early[- ]?)?(90'?s|100s|nineties|hundreds)\\b",
          Pattern.CASE_INSENSITIVE);

  private AgeRules() {}

  static void find(String text, Found found) {
    each(BEFORE_UNIT, text, found, "age");
    each(BEHIND_WORD, text, found, "age-word");
    each(SEX, text, found, "age-sex");
    Matcher matcher = DECADE.matcher(text);
    while (matcher.find()) {
      String before =
          text.substring(Math.max(0, matcher.start() - 4), matcher.start(1))
              .toLowerCase(Locale.ROOT);
      if (before.contains("his") || before.contains("her") || before.contains("their")) {
        found.add(matcher.start(1), matcher.end(1), Category.AGE, "age-decade", 0.85);
      }
    }
  }

  private static void each(Pattern pattern, String text, Found found, String rule) {
    Matcher matcher = pattern.matcher(text);
    while (matcher.find()) {
      found.add(matcher.start(1), matcher.end(1), Category.AGE, rule, 0.9);
    }
  }
}
