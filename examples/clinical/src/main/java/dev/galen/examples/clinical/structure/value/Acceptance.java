package dev.galen.examples.clinical.structure.value;

import dev.galen.examples.clinical.structure.value.NumberText.Shape;
import dev.galen.examples.clinical.structure.value.Units.Measure;
import dev.galen.examples.clinical.structure.value.Units.Unit;

/** Decides whether a number with its unit is the value of a name, and makes a draft of it. */
final class Acceptance {
  private final String text;

  Acceptance(String text) {
    this.text = text;
  }

  /**
   * The value, or null if the number is none of this name.
   *
   * @param strict whether only filling words stand between the name and the number
   */
  Draft of(Concept key, NumberText n, Unit given, boolean strict) {
    // A word that is a unit elsewhere ("72 in clinic") counts only where the kind takes it.
    return switch (key.name()) {
      case "blood_pressure" -> pressure(n, given);
      case "systolic", "diastolic", "mean" -> part(key, n, given, strict);
      case "heart_rate" -> counted(key, n, given, strict, Measure.BEATS);
      case "respiratory_rate" -> counted(key, n, given, strict, Measure.BREATHS);
      case "temperature" -> temperature(n, given, strict);
      case "oxygen_saturation" -> saturation(key, n, given, strict);
      case "weight" -> weight(n, given, strict);
      case "height" -> height(n, given, strict);
      case "bmi" -> bmi(key, n, given, strict);
      default -> key.type() == Concept.Type.LAB ? lab(key, n, given, strict) : null;
    };
  }

  private static boolean other(Unit given, Measure... taken) {
    if (given == null || given.soft()) {
      return false;
    }
    for (Measure measure : taken) {
      if (given.measure() == measure) {
        return false;
      }
    }
    return true;
  }

  private static boolean is(Unit given, Measure measure) {
    return given != null && given.measure() == measure;
  }

  private static boolean plain(NumberText n) {
    return n.shape == Shape.SINGLE || n.shape == Shape.RANGE;
  }

  private static Draft draft(String kind, NumberText n, Unit unit) {
    var draft = new Draft(kind, n.start, n.end);
    draft.value = n.plain();
    if (unit != null) {
      draft.unit = unit.name();
      draft.end = unit.end();
    }
    return draft;
  }

  private Draft pressure(NumberText n, Unit given) {
    if (other(given, Measure.PRESSURE)) {
      return null;
    }
    Unit unit = is(given, Measure.PRESSURE) ? given : null;
    if (n.shape == Shape.RATIO) {
      boolean kilopascal = unit != null && unit.name().equals("kPa");
      double scale = kilopascal ? 7.5 : 1;
      boolean likely =
          n.first * scale >= 50
              && n.first * scale <= 320
              && n.second * scale >= 15
              && n.second * scale <= 200
              && n.first > n.second;
      return likely ? draft("blood_pressure", n, unit) : null;
    }
    boolean tens = text.charAt(n.end - 1) == 's';
    if (!plain(n) || unit == null && !tens || n.first < 40 || n.first > 320) {
      return null;
    }
    return draft("blood_pressure", n, unit);
  }

  private Draft part(Concept key, NumberText n, Unit given, boolean strict) {
    if (!plain(n) || other(given, Measure.PRESSURE) || !key.takes(n.first)) {
      return null;
    }
    Unit unit = is(given, Measure.PRESSURE) ? given : null;
    if (unit == null && !strict) {
      return null;
    }
    Draft draft = draft("blood_pressure", n, unit);
    draft.part = key.name();
    return draft;
  }

  private Draft counted(Concept key, NumberText n, Unit given, boolean strict, Measure measure) {
    if (!plain(n) || other(given, measure, Measure.PERMIN) || !key.takes(n.first)) {
      return null;
    }
    boolean whole = text.indexOf('.', n.start) < 0 || text.indexOf('.', n.start) >= n.end;
    Unit unit = is(given, measure) || is(given, Measure.PERMIN) ? given : null;
    if (unit == null && !strict || !whole) {
      return null;
    }
    return draft(key.name(), n, unit);
  }

  private Draft temperature(NumberText n, Unit given, boolean strict) {
    Unit unit = is(given, Measure.TEMP) ? given : null;
    if (!plain(n) || other(given, Measure.TEMP)) {
      return null;
    }
    boolean celsius = n.first >= 25 && n.first <= 45;
    boolean fahrenheit = n.first >= 80 && n.first <= 115;
    if (unit != null && unit.name().equals("C") ? !celsius : !celsius && !fahrenheit) {
      return null;
    }
    if (unit != null && unit.name().equals("F") && !fahrenheit || unit == null && !strict) {
      return null;
    }
    Draft draft = draft("temperature", n, unit);
    if (unit != null && unit.name().equals("degrees")) {
      draft.unit = celsius ? "C" : "F";
    }
    return draft;
  }

  private Draft saturation(Concept key, NumberText n, Unit given, boolean strict) {
    boolean percent = is(given, Measure.PERCENT);
    if (!plain(n) || n.first < 40 && !(percent && n.first >= 30) || n.second > 100) {
      return null;
    }
    if (percent) {
      return draft("oxygen_saturation", n, given);
    }
    boolean litres = given != null && (given.name().equals("L") || !given.soft());
    if (!strict || litres || !key.takes(n.first)) {
      return null;
    }
    return draft("oxygen_saturation", n, null);
  }

  private Draft weight(NumberText n, Unit given, boolean strict) {
    if (!plain(n) || other(given, Measure.MASS)) {
      return null;
    }
    if (!is(given, Measure.MASS)) {
      boolean likely = strict && n.shape == Shape.SINGLE && n.first >= 2 && n.first <= 700;
      return likely ? draft("weight", n, null) : null;
    }
    if (n.first <= 0 || n.first > 9000) {
      return null;
    }
    Draft draft = draft("weight", n, given);
    if (given.name().equals("lb") || given.name().equals("st")) {
      Unit less = part(draft, given.name().equals("lb") ? "oz" : "lb", 16);
      if (less != null) {
        draft.unit = given.name() + " " + less.name();
      }
    }
    return draft;
  }

  /** Reads "10 in" behind "5 ft"; gives the smaller unit and moves the draft's end, or null. */
  private Unit part(Draft draft, String smaller, double below) {
    int at = draft.end;
    while (at < text.length() && (text.charAt(at) == ' ' || text.charAt(at) == ',')) {
      at++;
    }
    if (text.startsWith("and ", at)) {
      at += 4;
    }
    if (at >= text.length() || !Character.isDigit(text.charAt(at))) {
      return null;
    }
    var n = new NumberText(text);
    n.read(at, false);
    Unit unit = Units.at(text, n.end);
    boolean named = unit != null && unit.name().equals(smaller);
    boolean bare = smaller.equals("in") && at - draft.end <= 1 && unit == null;
    if (n.shape != Shape.SINGLE || n.first >= below || !named && !bare) {
      return null;
    }
    draft.value = draft.value + " " + draft.unit + " " + n.plain() + " " + smaller;
    draft.end = named ? unit.end() : n.end;
    return named ? unit : new Unit(Measure.LENGTH, smaller, n.end, false);
  }

  /** Feet and inches, or null: {@code 5'10"}, {@code 5 ft 10 in}. */
  Draft feet(NumberText n, Unit given) {
    if (given == null || !given.name().equals("ft") || n.shape != Shape.SINGLE || n.first > 8) {
      return null;
    }
    Draft draft = draft("height", n, given);
    if (part(draft, "in", 12) == null) {
      return null;
    }
    draft.unit = "ft in";
    return draft;
  }

  private Draft height(NumberText n, Unit given, boolean strict) {
    Draft feet = feet(n, given);
    if (feet != null) {
      return feet;
    }
    if (!plain(n) || other(given, Measure.LENGTH)) {
      return null;
    }
    if (!is(given, Measure.LENGTH)) {
      boolean likely = strict && n.shape == Shape.SINGLE && n.first >= 40 && n.first <= 250;
      return likely ? draft("height", n, null) : null;
    }
    boolean likely =
        switch (given.name()) {
          case "cm" -> n.first >= 20 && n.first <= 260;
          case "m" -> n.first >= 0.3 && n.first <= 2.6;
          case "in" -> n.first >= 10 && n.first <= 100;
          case "ft" -> n.first >= 2 && n.first <= 8;
          default -> false;
        };
    return likely ? draft("height", n, given) : null;
  }

  private Draft bmi(Concept key, NumberText n, Unit given, boolean strict) {
    if (!plain(n) || other(given, Measure.BMI) || !key.takes(n.first)) {
      return null;
    }
    Unit unit = is(given, Measure.BMI) ? given : null;
    return unit == null && !strict ? null : draft("bmi", n, unit);
  }

  private Draft lab(Concept key, NumberText n, Unit given, boolean strict) {
    if (!plain(n) || !key.takes(n.first)) {
      return null;
    }
    boolean ion =
        is(given, Measure.DOSE) && (given.name().equals("mEq") || given.name().equals("mmol"));
    if (!ion && other(given, Measure.CONC, Measure.PERCENT, Measure.PRESSURE)) {
      return null;
    }
    boolean unit =
        ion
            || is(given, Measure.CONC) && !(given.soft() && !given.name().equals("K"))
            || is(given, Measure.PERCENT)
            || is(given, Measure.PRESSURE);
    if (!unit && !strict) {
      return null;
    }
    if (key.name().equals("prothrombin_time")
        && !(unit && given.name().equals("s"))
        && text.indexOf('.', n.start) != n.start + 2) {
      return null;
    }
    Draft draft = draft("lab", n, unit ? given : null);
    draft.name = key.name();
    return draft;
  }
}
