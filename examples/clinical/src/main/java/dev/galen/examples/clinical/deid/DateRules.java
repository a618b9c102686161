package dev.galen.examples.clinical.deid;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Dates but for years alone: all written forms, months, weekdays and holidays used as dates. */
final class DateRules {
  private static final Set<String> MONTHS =
      Words.set(
          """
          january february march april may june july august september october november december jan feb mar apr jun
          jul aug sep sept oct nov dec
          """);
  private static final Set<String> WEEKDAYS =
      Words.set(
          "monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thurs fri sat sun");
  private static final Set<String> SEASONS = Words.set("spring summer fall autumn winter");

  /** Words before a month or weekday that make it a date. */
  private static final Set<String> BEFORE =
      Words.set(
          """
          in since of during until till last this next early late mid from to between through by before after and for
          every beginning end begin starting around or on past
          """);

  /** Month and day without a year, with a slash or hyphen. */
  private static final Pattern SHORT =
      Pattern.compile("(?<![\\w./,-])(?<a>\\d{1,2})(?<s>[/-])(?<b>\\d{1,2})(?![\\w/%-]|[.,]\\d)");

  private static final Pattern BEFORE_SHORT =
      Pattern.compile(
          "(?:^|[^\\p{L}])(?:on|since|until|till|by|from|dated?|through|thru|before|after|visit|seen|admitted|discharged?"
              + "|admit|to|and|scheduled|for|last|of|starting|began|started|around|as of|between|post|due|drawn"
              + "|labs?|culture|surgery|appt|appointment|follow-?up|returned?|ending|beginning|effective|d/?c(?:['’]?d)?|dob|ct|mri|xray"
              + "|echo|ekg|cxr|(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?,?)[ :(]{1,2}(?:\\d{1,2}[/-]\\d{1,2} ?(?:and|to|-|–|,|through|until|&) ?)?$",
          Pattern.CASE_INSENSITIVE);
  private static final Pattern MEASURED =
      Pattern.compile(
          "(?:strength|power|pain|murmur|score|scale|rated|reflexes|pulses|gcs|apgars?|motor|grade|out|rating|severity"
              + "|vision)\\b[^.\\n]{0,24}$",
          Pattern.CASE_INSENSITIVE);
  private static final Pattern SEASON =
      Pattern.compile(
          "(?:spring|summer|fall|autumn|winter)(?: of)?,? (?:19|20)\\d{2}\\b",
          Pattern.CASE_INSENSITIVE);

  /** A quarter of a year: Q1 2021, third quarter of 2020. */
  private static final Pattern QUARTER =
      Pattern.compile(
          "(?<![\\w./-])(?:Q ?[1-4]|(?:first|second|third|fourth|1st|2nd|3rd|4th) quarter)(?: of|,)?[ /'’-]{0,2}(?:19|20)\\d{2}(?![\\w])",
          Pattern.CASE_INSENSITIVE);

  /** Words before 14.3.21 that make a date of it and no number of a section or version. */
  private static final Pattern BEFORE_DOTTED =
      Pattern.compile(
          "(?:^|[^\\p{L}])(?:on|since|until|till|by|from|dated?|before|after|visit(?:ed)?|seen|admitted|discharged|born|dob"
              + "|given|taken|done|started|began|stopped|ended|received|performed|repeated|placed|removed|implanted|signed"
              + "|obtained|collected|resulted|reported|due|expires|expired|died|surgery|last|of|scheduled|appointment|follow-?up|due|drawn|the|am|vom|seit|bis)[ :(]{1,2}$",
          Pattern.CASE_INSENSITIVE);

  /** A further day behind a month and day: March 3 and 5. */
  private static final Pattern MORE_DAYS =
      Pattern.compile(
          "(?:, ?(?:and )?| and | or | & |, & | ?[-–] ?| to | through )(?<d>\\d{1,2})(?:st|nd|rd|th)?"
              + "(?=[.;:)\\n]|$|, ?(?!\\d{4})|, ?(?:19|20)\\d{2}\\b| and \\d| or \\d| & \\d"
              + "| (?:were|was|are|is|for|in|at|with|of|as|by|when|but|she|he|they|the|due|without|respectively|to|we|i)\\b)",
          Pattern.CASE_INSENSITIVE);

  private static final Set<String> HOLIDAY_WORDS =
      Words.set(
          """
          christmas thanksgiving easter halloween hanukkah chanukah passover yom rosh ramadan eid diwali kwanzaa new
          independence memorial labor labour veterans presidents president columbus martin mlk valentine valentines
          st mother mothers father fathers groundhog good palm ash boxing bastille canada 4th fourth cinco juneteenth
          mardi chinese lunar
          """);
  private static final Pattern HOLIDAY =
      Pattern.compile(
          "(?:Christmas(?: Day| Eve)?|Thanksgiving(?: Day)?|Easter(?: Sunday| Monday)?|Halloween|Hanukkah|Chanukah"
              + "|Passover|Yom Kippur|Rosh Hashanah|Ramadan|Eid(?: al-Fitr| al-Adha)?|Diwali|Kwanzaa|New Year[’']?s?(?: Day| Eve)"
              + "|Independence Day|Memorial Day|Labor Day|Labour Day|Veterans[’']? Day|President[’']?s?[’']? Day|Columbus Day"
              + "|Martin Luther King(?:,? Jr\\.?)? Day|MLK Day|Valentine[’']?s Day|St\\.? Patrick[’']?s Day|Mother[’']?s[’']? Day"
              + "|Father[’']?s[’']? Day|Groundhog Day|Good Friday|Palm Sunday|Ash Wednesday|Boxing Day|Bastille Day|Canada Day"
              + "|(?:4th|[Ff]ourth) of July|Cinco de Mayo|Juneteenth|Mardi Gras|Chinese New Year|Lunar New Year)(?![\\p{L}])");
  private static final Set<String> BEFORE_HOLIDAY =
      Words.set(
          """
          on since until till by before after around during over at last this next past of for every from through near
          following started began starting beginning ended ending
          """);

  private final Tokens tokens;
  private final Found found;
  private final String text;
  private final List<Probe> forms;
  private final Probe shorts;
  private final Probe season;
  private final Probe holiday;
  private final Probe quarter;

  /** Whether the text has a date such as 1.15.21, so that 1.22.21 is one, too. */
  private boolean isDotted;

  private DateRules(Tokens tokens, Found found) {
    this.tokens = tokens;
    this.found = found;
    text = tokens.text;
    forms = DateForms.ALL.stream().map(form -> new Probe(form.pattern(), text)).toList();
    shorts = new Probe(SHORT, text);
    season = new Probe(SEASON, text);
    holiday = new Probe(HOLIDAY, text);
    quarter = new Probe(QUARTER, text);
  }

  static void find(Tokens tokens, Found found) {
    var rules = new DateRules(tokens, found);
    for (int i = 0; i < tokens.count; i++) {
      rules.at(i);
    }
  }

  private void at(int i) {
    int start = tokens.starts[i];
    String word = tokens.lower(i);
    boolean month = MONTHS.contains(word);
    boolean day = WEEKDAYS.contains(word);
    if (tokens.hasDigit(i) || month || day || DateForms.ordinalWord(word)) {
      for (int k = 0; k < forms.size(); k++) {
        Matcher match = forms.get(k).at(start);
        DateForms.Form form = DateForms.ALL.get(k);
        if (match != null && valid(form, match)) {
          found.add(
              match.start(),
              match.end(),
              Category.DATE,
              "date:" + form.name(),
              form.context() ? 0.85 : 0.93);
          if (form.name().equals("month-day")) {
            moreDays(match.end());
          }
        }
      }
      Matcher part = quarter.at(start);
      if (part != null) {
        found.add(part.start(), part.end(), Category.DATE, "quarter", 0.8);
      }
      Matcher match = tokens.number(i) ? shorts.at(start) : null;
      if (match != null) {
        monthAndDay(match);
      }
    }
    if (month) {
      month(i, word);
    } else if (day && word.length() > 5 && before(i) && (tokens.capital(i) || tokens.lowerCase)) {
      found.add(start, tokens.ends[i], Category.DATE, "weekday", 0.6);
    } else if (SEASONS.contains(word)) {
      Matcher match = season.at(start);
      if (match != null) {
        found.add(match.start(), match.end(), Category.DATE, "season", 0.6);
      }
    }
    if (HOLIDAY_WORDS.contains(word) || tokens.hasDigit(i)) {
      Matcher match = holiday.at(start);
      int before = tokens.lower(i - 1).equals("the") ? i - 2 : i - 1;
      if (match != null && BEFORE_HOLIDAY.contains(tokens.lower(before))) {
        found.add(match.start(), match.end(), Category.DATE, "holiday", 0.7);
      }
    }
  }

  /** Whether a preposition, or a label such as "Date:", stands before the token. */
  private boolean before(int i) {
    int at = i - 1;
    while (tokens.sign(at, '-') || tokens.sign(at, ':')) {
      at--;
    }
    String word = tokens.lower(at);
    return BEFORE.contains(word)
        || word.equals("when")
        || word.equals("date")
        || word.equals("meet")
        || (word.equals("early") || word.equals("late") || word.equals("the"))
            && BEFORE.contains(tokens.lower(at - 1));
  }

  private void month(int i, String word) {
    boolean ambiguous =
        word.startsWith("ma")
            || word.startsWith("apr")
            || word.startsWith("jun")
            || word.startsWith("aug");
    if (!tokens.capital(i) && (!tokens.lowerCase || ambiguous)
        || tokens.apostrophe(i + 1) && tokens.joined(i, i + 1)) {
      return;
    }
    boolean before = before(i) && !(tokens.begins(i) && ambiguous);
    if (before && !(word.startsWith("ma") && tokens.is(i + 1, Lexicon.NAME))
        || !ambiguous && word.length() > 4) {
      found.add(tokens.starts[i], tokens.ends[i], Category.DATE, "month", before ? 0.6 : 0.5);
    }
  }

  private void moreDays(int from) {
    Matcher more = MORE_DAYS.matcher(text);
    for (int at = from; more.region(at, text.length()).lookingAt(); at = more.end()) {
      int day = Integer.parseInt(more.group("d"));
      if (day < 1 || day > 31) {
        return;
      }
      found.add(more.start("d"), more.end(), Category.DATE, "date:more-days", 0.7);
    }
  }

  private boolean valid(DateForms.Form form, Matcher matcher) {
    if (CodeRules.quantity(text, matcher.end())) {
      return false;
    }
    if (form.name().equals("numeric") || form.name().equals("spaced")) {
      int a = Integer.parseInt(matcher.group("a"));
      int b = Integer.parseInt(matcher.group("b"));
      boolean section =
          matcher.group("s").equals(".")
              && matcher.group("y").length() == 2
              && matcher.group("a").length() + matcher.group("b").length() < 4;
      if (section && dotted(matcher.start())) {
        isDotted = true;
      }
      section = section && !isDotted;
      return !section && a >= 1 && b >= 1 && Math.min(a, b) <= 12 && Math.max(a, b) <= 31;
    }
    if (!form.named()) {
      return true;
    }
    String month = matcher.group("M");
    String bare = month.toLowerCase(Locale.ROOT);
    if (Character.isUpperCase(month.charAt(0))) {
      return true;
    }
    // In lower case "may" and "march" are other words, and so are short forms.
    boolean word = bare.equals("may") || bare.equals("march") || bare.length() < 4;
    return !word
        || form.name().equals("day-month-year")
        || form.name().equals("spoken-day")
        || form.name().equals("month-day-year");
  }

  private boolean dotted(int start) {
    return BEFORE_DOTTED.matcher(text.substring(Math.max(0, start - 24), start)).find();
  }

  private void monthAndDay(Matcher matcher) {
    int a = Integer.parseInt(matcher.group("a"));
    int b = Integer.parseInt(matcher.group("b"));
    int end = matcher.end();
    if (a < 1
        || b < 1
        || Math.min(a, b) > 12
        || Math.max(a, b) > 31
        || CodeRules.quantity(text, end)) {
      return;
    }
    boolean hyphen = matcher.group("s").equals("-");
    boolean padded = matcher.group("a").length() == 2 && matcher.group("b").length() == 2;
    String before = text.substring(Math.max(0, matcher.start() - 30), matcher.start());
    boolean context = BEFORE_SHORT.matcher(before).find() && !fraction(before, a, b);
    boolean line = (before.isEmpty() || before.endsWith("\n")) && text.startsWith(":", end);
    if (context && (!hyphen || padded) || line && !hyphen) {
      found.add(matcher.start(), end, Category.DATE, "date:short", 0.65);
    }
  }

  /** Whether a fraction of a measured thing is meant: 5/5 strength, pain of 7/10. */
  private static boolean fraction(String before, int a, int b) {
    return MEASURED.matcher(before).find()
        || a == b && b <= 5
        || b == 10 && a <= 10 && before.endsWith("of ");
  }
}
