package dev.galen.examples.clinical.ingest;

import dev.galen.examples.clinical.document.Annotation;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What MIMIC has in the place of what identified: {@code [**Known lastname 123**]} in MIMIC-III,
 * {@code ___} in MIMIC-IV. Each becomes an annotation {@code PLACEHOLDER} whose {@code kind} is
 * NAME, DATE, AGE, LOCATION, PHONE, ID, EMAIL, URL or OTHER: by what the brackets say, by the label
 * in front of the underscores.
 */
final class Placeholders {
  private static final String CATEGORY = "PLACEHOLDER";

  /** Brackets may span a line end; they hold no bracket but that of a month and day. */
  private static final Pattern BRACKETS = Pattern.compile("\\[\\*\\*([^\\]\\[]{0,120}?)\\*\\*\\]");

  private static final Pattern UNDERSCORES = Pattern.compile("(?<!_)_{3}(?!_)");

  private static final Pattern DATE =
      Pattern.compile(
          "\\d{4}-\\d{1,2}(-\\d{1,2})?|\\d{1,2}-\\d{1,2}|\\d{1,2}/\\d{1,2}(/\\d{2,4})?"
              + "|\\d{1,2}-/?\\d{2,4}|\\d{4}|(january|february|march|april|may|june|july|august"
              + "|september|october|november|december)\\b.*");

  /** The kind of what is between brackets, by the first of these that occurs there. */
  private static final Map<String, String> WORDS = new LinkedHashMap<>();

  /** The kind of underscores, by the label that ends in front of them. */
  private static final Map<Pattern, String> LABELS = new LinkedHashMap<>();

  static {
    for (String name : List.of("e-mail", "email")) {
      WORDS.put(name, "EMAIL");
    }
    WORDS.put("url", "URL");
    for (String name :
        List.of(
            "hospital ward",
            "hospital unit",
            "hospital",
            "location",
            "state",
            "country",
            "address",
            "po box",
            "ward",
            "university",
            "college",
            "company",
            "apartment",
            "building",
            "street",
            "zip",
            "city",
            "town",
            "county")) {
      WORDS.put(name, "LOCATION");
    }
    for (String name : List.of("telephone", "fax", "pager", "phone", "contact info")) {
      WORDS.put(name, "PHONE");
    }
    for (String name :
        List.of(
            "number", "identifier", "clip", "job", "serial", "md number", "unit no", "record")) {
      WORDS.put(name, "ID");
    }
    WORDS.put("age", "AGE");
    for (String name : List.of("date", "month", "year", "day", "holiday")) {
      WORDS.put(name, "DATE");
    }
    for (String name : List.of("name", "initial", "attending", "dictator", "doctor", "prefix")) {
      WORDS.put(name, "NAME");
    }
    label("(name|attending|dictated by|signed( electronically)? by|provider|cc)\\s*:?\\s*", "NAME");
    label("\\b(dr|mr|mrs|ms|miss|md)\\.?\\s+", "NAME");
    label(
        "(unit no|mrn|medical record( number)?|account( number)?|job( number)?)\\.?\\s*:?\\s*",
        "ID");
    label("(date( of \\w+)?|dob|admitted|discharged|dictated|transcribed)\\s*:?\\s*", "DATE");
    label("\\b(on|since|until|dated|from|in)\\s+", "DATE");
    label("(phone|telephone|fax|pager|tel)( number)?\\s*:?\\s*", "PHONE");
    label("(facility|hospital|address|location)\\s*:\\s*", "LOCATION");
  }

  private Placeholders() {}

  private static void label(String pattern, String kind) {
    LABELS.put(Pattern.compile("(?i:" + pattern + ")$"), kind);
  }

  /** The placeholders of a text. */
  static List<Annotation> of(String text) {
    var found = new ArrayList<Annotation>();
    Matcher brackets = BRACKETS.matcher(text);
    while (brackets.find()) {
      found.add(at(brackets, kind(brackets.group(1))));
    }
    Matcher underscores = UNDERSCORES.matcher(text);
    while (underscores.find()) {
      found.add(at(underscores, labelled(text, underscores)));
    }
    return found;
  }

  private static Annotation at(Matcher place, String kind) {
    return new Annotation(place.start(), place.end(), CATEGORY, Map.of("kind", kind));
  }

  /** The kind of what stands between brackets. */
  static String kind(String inside) {
    String words = inside.strip().toLowerCase(Locale.ROOT).replaceAll("\\s+", " ");
    if (words.isEmpty()) {
      return "OTHER";
    }
    if (DATE.matcher(words).matches()) {
      return "DATE";
    }
    if (words.startsWith("age ")) {
      return "AGE";
    }
    boolean name = words.contains("name") && !words.contains("ward") && !words.contains("hospital");
    if (name) {
      return "NAME";
    }
    for (Map.Entry<String, String> word : WORDS.entrySet()) {
      if (words.contains(word.getKey())) {
        return word.getValue();
      }
    }
    return words.matches("[\\d -]+") ? "ID" : "OTHER";
  }

  private static String labelled(String text, Matcher underscores) {
    int from = Math.max(0, underscores.start() - 40);
    String before = text.substring(from, underscores.start());
    String after =
        text.substring(underscores.end(), Math.min(text.length(), underscores.end() + 16));
    if (after.matches("(?is)[ -]*(year|yr|y/?o|yo\\b).*")) {
      return "AGE";
    }
    for (Map.Entry<Pattern, String> label : LABELS.entrySet()) {
      if (label.getKey().matcher(before).find()) {
        return label.getValue();
      }
    }
    return "OTHER";
  }
}
