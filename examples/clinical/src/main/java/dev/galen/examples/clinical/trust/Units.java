package dev.galen.examples.clinical.trust;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Units as texts write them, and which of them are multiples of each other. */
final class Units {
  /**
   * A unit.
   *
   * @param name as it is compared: {@code mg}, {@code mmol/l}
   * @param dimension what it measures; the name itself where nothing else measures the same
   * @param factor how many of the dimension's first unit it is
   */
  record Unit(String name, String dimension, double factor) {}

  /** A unit that stands in a text, and where it ends. */
  record Found(Unit unit, int end) {}

  private static final Map<String, Unit> KNOWN = new HashMap<>();

  static {
    all("mass", 1, "g", "gram", "grams", "gm", "gms");
    all("mass", 1e3, "kg", "kgs", "kilogram", "kilograms", "kilo", "kilos");
    all("mass", 1e-3, "mg", "mgs", "milligram", "milligrams");
    all("mass", 1e-6, "µg", "μg", "ug", "mcg", "microgram", "micrograms");
    all("mass", 1e-9, "ng", "nanogram", "nanograms");
    all("mass", 1e-12, "pg", "picogram", "picograms");
    all("pounds", 1, "lb", "lbs", "pound", "pounds");
    all("ounces", 1, "oz", "ounce", "ounces");
    all("volume", 1, "l", "liter", "liters", "litre", "litres");
    all("volume", 0.1, "dl", "deciliter", "deciliters");
    all("volume", 1e-3, "ml", "mls", "cc", "ccs", "milliliter", "milliliters", "millilitre");
    all("volume", 1e-3, "millilitres");
    all("volume", 1e-6, "µl", "μl", "ul", "microliter", "microliters");
    all("volume", 1e-15, "fl");
    all("length", 1, "m", "meter", "meters", "metre", "metres");
    all("length", 1e-2, "cm", "cms", "centimeter", "centimeters", "centimetre", "centimetres");
    all("length", 1e-3, "mm", "millimeter", "millimeters", "millimetre", "millimetres");
    all("length", 1e3, "km", "kilometer", "kilometers");
    all("inches", 1, "inch", "inches");
    all("inches", 12, "ft", "foot", "feet");
    all("time", 1, "second", "seconds", "sec", "secs");
    all("time", 60, "minute", "minutes", "min", "mins");
    all("time", 3600, "hour", "hours", "hr", "hrs", "h");
    all("time", 86400, "day", "days");
    all("time", 7 * 86400, "week", "weeks", "wk", "wks");
    all("months", 1, "month", "months", "mo", "mos");
    all("months", 12, "year", "years", "yr", "yrs", "yo", "y/o", "y.o.", "yr-old");
    all("percent", 1, "%", "percent", "per cent", "pct");
    all("pressure", 1, "mmhg", "mm hg");
    all("kpa", 1, "kpa");
    all("celsius", 1, "°c", "degrees celsius", "degrees c");
    all("fahrenheit", 1, "°f", "degrees fahrenheit", "degrees f");
    all("amount", 1, "mol");
    all("amount", 1e-3, "mmol", "mmols", "millimoles");
    all("amount", 1e-6, "µmol", "μmol", "umol", "micromoles");
    all("meq", 1, "meq");
    all("international units", 1, "iu", "unit", "units");
    all("beats per minute", 1, "bpm", "beats/min", "beats per minute");
    all("breaths per minute", 1, "breaths/min", "breaths per minute");
    all("kcal", 1, "kcal", "calories");
  }

  private static final Pattern WORD =
      Pattern.compile(
          "\\s{0,2}-?(degrees (?:celsius|fahrenheit|[cf])\\b|(?:beats|breaths)(?:/min|"
              + " per minute)\\b|per cent\\b|mm hg\\b|y/o\\b|y\\.o\\.|%|°\\s?[cf]\\b|[\\p{L}µμ]+)",
          Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);

  private static final Pattern PER =
      Pattern.compile(
          "(?:\\s?/\\s?|\\s+per\\s+)([\\p{L}µμ]+)",
          Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);

  private Units() {}

  private static void all(String dimension, double factor, String... names) {
    for (String name : names) {
      KNOWN.put(name, new Unit(names[0], dimension, factor));
    }
  }

  /** The unit that stands at a place of a text, right behind a number. */
  static Optional<Found> at(String text, int place) {
    Matcher word = WORD.matcher(text).region(place, text.length());
    if (!word.lookingAt()) {
      return Optional.empty();
    }
    Unit unit = KNOWN.get(key(word.group(1)));
    if (unit == null) {
      return Optional.empty();
    }
    int end = word.end();
    Matcher per = PER.matcher(text).region(end, text.length());
    if (per.lookingAt()) {
      Unit below = KNOWN.get(key(per.group(1)));
      if (below != null) {
        String name = unit.name + "/" + below.name;
        // Two ratios of the same kinds are multiples of each other, too.
        return Optional.of(
            new Found(
                new Unit(name, unit.dimension + "/" + below.dimension, unit.factor / below.factor),
                per.end()));
      }
    }
    return Optional.of(new Found(unit, end));
  }

  private static String key(String word) {
    return word.toLowerCase(Locale.ROOT).replace("° ", "°");
  }
}
