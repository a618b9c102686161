package dev.galen.examples.clinical.deid;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Dates but for years alone: all written forms, months, weekdays and holidays used as dates. */
final class DateRules {
  private static final Set<String> WORDS =
      Words.set(
          """
          may mar march dec jan sept sep aug august
          """);

  /** Month and day without a year, with a slash or hyphen. */
  private static final Pattern SHORT =
      Pattern.compile("(?<![\\w./,-])(?<a>\\d{1,2})(?<s>[/-])(?<b>\\d{1,2})(?![\\w/%-]|[.,]\\d)");

  private static final Pattern BEFORE_SHORT =
      Pattern.compile(
          "(?:^|[^\\p{L}])(?:on|since|until|till|by|from|dated?|through|thru|before|after|visit|seen|admitted|discharged?"
              + "|admit|to|and|scheduled|for|last|of|starting|began|started|around|as of|between|post|due|drawn"
              + "|labs?|culture|surgery|appt|appointment|follow-?up|returned?|ending|beginning|effective|d/c|dob|ct|mri|xray"
              + "|echo|ekg|cxr)[ :(]{1,2}(?:\\d{1,2}[/-]\\d{1,2} ?(?:and|to|-|–|,|through|until|&) ?)?$",
          Pattern.CASE_INSENSITIVE);
  private static final Pattern MONTH_ALONE =
      Pattern.compile(
          "(?:^|(?<=[^\\p{L}]))((?:in|since|of|during|until|last|this|next|early|late|mid|from|to|between|through|by|before|after"
              + "|and|for|every|beginning|end of|begin|starting|till|around|or)[ -](?:early |late |mid[- ]?)?)?("
              + "January|February|March|April|May|June|July|August|September|October|November|December"
              + "|Jan\\.?|Feb\\.?|Apr\\.?|Aug\\.?|Sept\\.?|Oct\\.?|Nov\\.?|Dec\\.?)(?![\\p{L}\\p{N}'’-])");
  private static final Pattern WEEKDAY =
      Pattern.compile(
          "(?:(?<=\\b(?:on|this|next|last|until|since|by|before|after|from|through|to|and|meet|for|when:|date:) {1,4}))"
              + "(?:Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)(?!s)\\b",
          Pattern.CASE_INSENSITIVE);
  private static final Pattern SEASON =
      Pattern.compile(
          "\\b(?:spring|summer|fall|autumn|winter)(?: of)?,? (?:19|20)\\d{2}\\b",
          Pattern.CASE_INSENSITIVE);
  private static final Pattern HOLIDAY =
      Pattern.compile(
          "\\b(?:Christmas(?: Day| Eve)?|Thanksgiving(?: Day)?|Easter(?: Sunday| Monday)?|Halloween|Hanukkah|Chanukah"
              + "|Passover|Yom Kippur|Rosh Hashanah|Ramadan|Eid(?: al-Fitr| al-Adha)?|Diwali|Kwanzaa|New Year[’']?s?(?: Day| Eve)"
              + "|Independence Day|Memorial Day|Labor Day|Labour Day|Veterans[’']? Day|Presidents?[’']? Day|Columbus Day"
              + "|Martin Luther King(?:,? Jr\\.?)? Day|MLK Day|Valentine[’']?s Day|St\\.? Patrick[’']?s Day|Mother[’']?s Day"
              + "|Father[’']?s Day|Groundhog Day|Good Friday|Palm Sunday|Ash Wednesday|Boxing Day|Bastille Day|Canada Day"
              + "|(?:the )?(?:4th|Fourth) of July|Cinco de Mayo|Juneteenth|Mardi Gras|Chinese New Year|Lunar New Year)(?![\\p{L}])");
  private static final Pattern HOLIDAY_BEFORE =
      Pattern.compile(
          "(?:^|[^\\p{L}])(?:on|since|until|till|by|before|after|around|during|over|at|last|this|next|past|of|for|every"
              + "|day after|day before|from|through|near|following)(?: the)? $",
          Pattern.CASE_INSENSITIVE);

  private DateRules() {}

  static void find(String text, Found found) {
    for (DateForms.Form form : DateForms.ALL) {
      Matcher matcher = form.pattern().matcher(text);
      while (matcher.find()) {
        if (valid(form, matcher, text)) {
          found.add(
              matcher.start(), matcher.end(), Category.DATE, "date:" + form.name(), sure(form));
        }
      }
    }
    shorts(text, found);
    months(text, found);
    all(WEEKDAY, text, found, "weekday");
    all(SEASON, text, found, "season");
    Matcher holiday = HOLIDAY.matcher(text);
    while (holiday.find()) {
      if (HOLIDAY_BEFORE
          .matcher(text.substring(Math.max(0, holiday.start() - 14), holiday.start()))
          .find()) {
        found.add(holiday.start(), holiday.end(), Category.DATE, "holiday", 0.7);
      }
    }
  }

  private static double sure(DateForms.Form form) {
    return form.context() ? 0.85 : 0.93;
  }

  private static void all(Pattern pattern, String text, Found found, String rule) {
    Matcher matcher = pattern.matcher(text);
    while (matcher.find()) {
      found.add(matcher.start(), matcher.end(), Category.DATE, rule, 0.6);
    }
  }

  private static boolean valid(DateForms.Form form, Matcher matcher, String text) {
    if (CodeRules.quantity(text, matcher.end())) {
      return false;
    }
    switch (form.name()) {
      case "numeric", "spaced" -> {
        int a = Integer.parseInt(matcher.group("a"));
        int b = Integer.parseInt(matcher.group("b"));
        boolean year = matcher.group("y").length() == 4;
        if (matcher.group("s").equals(".")
            && !year
            && matcher.group("a").length() + matcher.group("b").length() < 4) {
          return false; // 1.2.10 is a section
        }
        return a >= 1 && b >= 1 && Math.min(a, b) <= 12 && Math.max(a, b) <= 31;
      }
      default -> {
        if (!form.pattern().pattern().contains("(?<M>")) {
          return true;
        }
        String month = matcher.group("M");
        boolean capital = Character.isUpperCase(month.charAt(0));
        String bare = month.toLowerCase(Locale.ROOT);
        if (capital || !form.context() && !bare.equals("may") && !bare.equals("march")) {
          return true;
        }
        // In lower case "may" and "march" are other words, and the short forms mostly are.
        return !WORDS.contains(bare) && bare.length() > 3
            || form.name().equals("day-month-year")
            || form.name().equals("spoken-day")
            || form.name().equals("month-day-year");
      }
    }
  }

  private static void shorts(String text, Found found) {
    Matcher matcher = SHORT.matcher(text);
    while (matcher.find()) {
      int a = Integer.parseInt(matcher.group("a"));
      int b = Integer.parseInt(matcher.group("b"));
      if (a < 1
          || b < 1
          || Math.min(a, b) > 12
          || Math.max(a, b) > 31
          || CodeRules.quantity(text, matcher.end())) {
        continue;
      }
      boolean hyphen = matcher.group("s").equals("-");
      boolean padded = matcher.group("a").length() == 2 && matcher.group("b").length() == 2;
      String before = text.substring(Math.max(0, matcher.start() - 30), matcher.start());
      boolean context = BEFORE_SHORT.matcher(before).find() && !fraction(before, a, b);
      boolean line =
          (before.isEmpty() || before.endsWith("\n"))
              && matcher.end() < text.length()
              && ":".indexOf(text.charAt(matcher.end())) >= 0;
      if (context && (!hyphen || padded) || line && !hyphen) {
        found.add(matcher.start(), matcher.end(), Category.DATE, "date:short", 0.65);
      }
    }
  }

  private static final Pattern MEASURED =
      Pattern.compile(
          "(?:strength|power|pain|murmur|score|scale|rated|reflexes|pulses|gcs|apgars?|motor|grade|out|rating|severity|vision)\\b[^.\\n]{0,24}$",
          Pattern.CASE_INSENSITIVE);

  /** Whether a fraction of a measured thing is meant: 5/5 strength, pain of 7/10. */
  private static boolean fraction(String before, int a, int b) {
    return MEASURED.matcher(before).find()
        || a == b && b <= 5
        || b == 10 && a <= 10 && before.endsWith("of ");
  }

  private static void months(String text, Found found) {
    Matcher matcher = MONTH_ALONE.matcher(text);
    while (matcher.find()) {
      String month = matcher.group(2).toLowerCase(Locale.ROOT);
      boolean before = matcher.group(1) != null;
      boolean ambiguous =
          month.startsWith("may")
              || month.startsWith("mar")
              || month.startsWith("apr")
              || month.startsWith("jun")
              || month.startsWith("aug");
      if (before || !ambiguous && month.length() > 4) {
        found.add(matcher.start(2), matcher.end(2), Category.DATE, "month", before ? 0.6 : 0.5);
      }
    }
  }
}
