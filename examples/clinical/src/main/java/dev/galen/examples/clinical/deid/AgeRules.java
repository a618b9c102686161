package dev.galen.examples.clinical.deid;

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
          "\\b(?:aged?|age is|age of|turned|turns|turning|age at \\w+|age:|is now|died at|lived to(?: be)?)[ :=]{1,3}(?:is |was |of |just )?"
              + OLD
              + "(?![\\w%/]|[.,]\\d| ?(?:mg|kg|lb|percent|mmhg|pounds|bpm|days|weeks|months|hours|minutes))",
          Pattern.CASE_INSENSITIVE);
  private static final Pattern SEX =
      Pattern.compile(
          "(?<![\\w.,/-])(9\\d|10\\d)(?:[MF]\\b|(?<=\\b[aA]n? \\d{2,3}|[:,] \\d{2,3})[ -](?:[MF]|(?i:male|female|man|woman|gentleman|lady))\\b)");
  private static final Pattern DECADE =
      Pattern.compile(
          "\\b(?:his|her|their)[- ](?:mid[- ]?|late[- ]?|early[- ]?)?(90'?s|100s|nineties|hundreds)\\b",
          Pattern.CASE_INSENSITIVE);

  /** Between commas or in brackets behind a relative: her mother, 97, lives with him. */
  private static final Pattern APPOSED =
      Pattern.compile(
          "\\b(?:(?:grand|step|great[- ])*(?:mother|father|mom|dad|aunt|uncle|ma|pa|parent)s?|wife|husband|spouse|sister"
              + "|brother|widow|widower|neighbou?r|roommate|partner|patient|pt|woman|man|lady|gentleman|female|male)"
              + "(?:, | \\(|, age |, aged )(9\\d|1[01]\\d)(?=[,;)]|\\.(?!\\d))",
          Pattern.CASE_INSENSITIVE);

  private AgeRules() {}

  static void find(Tokens tokens, Found found) {
    String text = tokens.text;
    var unit = new Probe(BEFORE_UNIT, text);
    var word = new Probe(BEHIND_WORD, text);
    var sex = new Probe(SEX, text);
    var decade = new Probe(DECADE, text);
    var apposed = new Probe(APPOSED, text);
    for (int i = 0; i < tokens.count; i++) {
      int start = tokens.starts[i];
      String lower = tokens.lower(i);
      if (tokens.hasDigit(i)
          || lower.equals("ninety")
          || lower.equals("hundred")
          || lower.equals("one")
          || lower.equals("a")) {
        add(unit.at(start), found, "age");
        add(sex.at(start), found, "age-sex");
      }
      switch (lower) {
        case "age", "aged", "turned", "turns", "turning", "is", "died", "lived" ->
            add(word.at(start), found, "age-word");
        case "his", "her", "their" -> add(decade.at(start), found, "age-decade");
        default -> {
          if (tokens.word(i) && (tokens.sign(i + 1, ',') || tokens.sign(i + 1, '('))) {
            add(apposed.at(start), found, "age-apposed");
          }
        }
      }
    }
  }

  private static void add(Matcher match, Found found, String rule) {
    if (match != null) {
      found.add(match.start(1), match.end(1), Category.AGE, rule, 0.9);
    }
  }
}
