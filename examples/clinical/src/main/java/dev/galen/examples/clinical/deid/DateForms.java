package dev.galen.examples.clinical.deid;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * The written forms of dates. The named groups of a form say where its parts stand: {@code y},
 * {@code m} (a number), {@code M} (a month's name), {@code d} (a number), {@code D} (a number in
 * words), {@code a} and {@code b} (month and day in either order), {@code Y} (a year in words).
 */
final class DateForms {
  static final String MONTH =
      "(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
          + "|nov(?:ember)?|dec(?:ember)?)";

  static final List<String> ORDINALS =
      List.of(
          ("first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth"
                  + " fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth twenty-first"
                  + " twenty-second twenty-third twenty-fourth twenty-fifth twenty-sixth twenty-seventh"
                  + " twenty-eighth twenty-ninth thirtieth thirty-first")
              .split(" "));

  private static final String ORDINAL =
      "(?:(?:twenty|thirty)[- ](?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth)"
          + "|first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth|thirteenth|fourteenth"
          + "|fifteenth|sixteenth|seventeenth|eighteenth|nineteenth|twentieth|thirtieth)";
  private static final String NUMBER =
      "(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen"
          + "|eighteen|nineteen|(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)(?:[- ](?:one|two|three|four|five"
          + "|six|seven|eight|nine))?)";
  private static final String SPOKEN_YEAR =
      "(?<Y>(?:two thousand|nineteen hundred)(?: and)?(?: "
          + NUMBER
          + ")?|(?:nineteen|twenty) "
          + NUMBER
          + ")";
  private static final String YEAR = "(?<y>(?:1[89]|20)\\d{2}|['’]?\\d{2})";
  private static final String YEAR4 = "(?<y>(?:1[89]|20)\\d{2})";
  private static final String DAY = "(?<d>0?[1-9]|[12]\\d|3[01])";
  private static final String TH = "(?:st|nd|rd|th)?";
  private static final String WEEKDAY =
      "(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\\.?,? (?:the )?)?";

  /** A form by name, and whether a date of it needs something around it that makes it a date. */
  record Form(String name, Pattern pattern, boolean context, boolean named) {}

  static final List<Form> ALL =
      List.of(
          form(
              "iso",
              "(?<![\\w./-])"
                  + YEAR4
                  + "(?<s>[-/.])(?<m>0?[1-9]|1[0-2])\\k<s>"
                  + DAY
                  + "(?![\\d/-]|\\.\\d)",
              false),
          form(
              "numeric",
              "(?<![\\w./-])(?<a>\\d{1,2})(?<s>[-/.])(?<b>\\d{1,2})\\k<s>(?<y>(?:1[89]|20)\\d{2}|\\d{2})(?![\\w/-]|\\.\\d)",
              false),
          form(
              "spaced",
              "(?<![\\w./-])(?<a>\\d{2}) ?(?<s>[-/.]) ?(?<b>\\d{2}) ?\\k<s> ?"
                  + YEAR4
                  + "(?![\\w/-]|\\.\\d)",
              false),
          form(
              "compact",
              "(?<![\\w./,-])"
                  + YEAR4
                  + "(?<m>0[1-9]|1[0-2])(?<d>0[1-9]|[12]\\d|3[01])(?!(?!T\\d{4})\\w|[.,]\\d)",
              false),
          form(
              "day-month-year",
              "(?<![\\w./-])"
                  + WEEKDAY
                  + DAY
                  + TH
                  + "[ ./-]{0,2}(?:(?:day )?of )?(?<M>"
                  + MONTH
                  + ")(?:[ .,/-]{1,3}|,? of )?"
                  + YEAR
                  + "(?![\\w]|[/:]\\d)",
              false),
          form(
              "month-day-year",
              "(?<![\\w./-])"
                  + WEEKDAY
                  + "(?<M>"
                  + MONTH
                  + ")[ ./-]{0,2}(?:the )?"
                  + DAY
                  + TH
                  + "(?:[ .,/-]{1,3}|,? of )(?<y>(?:1[89]|20)\\d{2}|['’]\\d{2})(?![\\w]|[/:]\\d)",
              false),
          form(
              "month-day-yy",
              "(?<![\\w./-])(?<M>" + MONTH + ")[./-]" + DAY + "[./-]" + YEAR + "(?![\\w]|[/:]\\d)",
              false),
          form(
              "year-month-day",
              "(?<![\\w./-])"
                  + YEAR4
                  + "[ ,./-]{1,2}(?<M>"
                  + MONTH
                  + ")[ .,/-]{1,2}"
                  + DAY
                  + TH
                  + "(?![\\w/])",
              false),
          form(
              "day-month",
              "(?<![\\w./-])"
                  + WEEKDAY
                  + DAY
                  + TH
                  + "[ /-]{0,2}(?:(?:day )?of )?(?<M>"
                  + MONTH
                  + ")(?![\\w])",
              true),
          form(
              "month-day",
              "(?<![\\w./-])"
                  + WEEKDAY
                  + "(?<M>"
                  + MONTH
                  + ")\\.?[ /-]{1,2}(?:the )?"
                  + DAY
                  + TH
                  + "(?![\\w%/:]|[.,]\\d| ?(?:mg|ml|mcg|cm|mm|percent|patients))",
              true),
          form(
              "spoken",
              "(?<![\\w-])(?<M>"
                  + MONTH
                  + ")(?: the)? (?<D>"
                  + ORDINAL
                  + ")(?:,? "
                  + SPOKEN_YEAR
                  + ")?(?![\\w-])",
              true),
          form(
              "spoken-day",
              "(?<![\\w-])(?<D>"
                  + ORDINAL
                  + ") (?:day )?of (?<M>"
                  + MONTH
                  + ")(?:,? "
                  + SPOKEN_YEAR
                  + ")?(?![\\w-])",
              false),
          form(
              "month-year",
              "(?<![\\w./-])(?<M>"
                  + MONTH
                  + ")(?:[ .,/-]{1,2}|,? of )(?<y>(?:1[89]|20)\\d{2}|['’]\\d{2})(?![\\w]|[/:-]\\d)",
              false),
          form(
              "spoken-month",
              "(?<![\\w-])(?<M>" + MONTH + ")(?: of)? " + SPOKEN_YEAR + "(?![\\w-])",
              false),
          form("numeric-month", "(?<![\\w./-])(?<m>0?[1-9]|1[0-2])/" + YEAR4 + "(?![\\w/])", false),
          form(
              "year-month",
              "(?<![\\w./-])" + YEAR4 + "-(?<m>0[1-9]|1[0-2])(?![\\w/-]|[.,]\\d)",
              false));

  private DateForms() {}

  private static Form form(String name, String regex, boolean context) {
    return new Form(
        name, Pattern.compile(regex, Pattern.CASE_INSENSITIVE), context, regex.contains("(?<M>"));
  }

  /** The month of a name or its beginning, 1 to 12. */
  static int month(String name) {
    return "janfebmaraprmayjunjulaugsepoctnovdec"
                .indexOf(name.substring(0, 3).toLowerCase(Locale.ROOT))
            / 3
        + 1;
  }

  /** The year of its digits: two of them are of the hundred years up to 2035. */
  static int year(String digits) {
    String bare = digits.replaceAll("['’]", "");
    int year = Integer.parseInt(bare);
    return bare.length() > 2 ? year : year > 35 ? 1900 + year : 2000 + year;
  }

  /** Whether an ordinal in words begins with the word. */
  static boolean ordinalWord(String word) {
    return word.equals("twenty") || word.equals("thirty") || ORDINALS.contains(word);
  }

  /** The number of an ordinal in words, 1 to 31. */
  static int ordinal(String words) {
    return ORDINALS.indexOf(words.toLowerCase(Locale.ROOT).replace(' ', '-')) + 1;
  }
}
