package dev.galen.examples.clinical.structure.value;

import dev.galen.examples.clinical.structure.scan.PhraseTrie;
import dev.galen.examples.clinical.structure.value.NumberText.Shape;
import dev.galen.examples.clinical.structure.value.Units.Measure;
import dev.galen.examples.clinical.structure.value.Units.Unit;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/**
 * What a line of vital signs allows: names of one letter, numbers without names, and, on any line,
 * numbers whose unit says what they are.
 */
final class VitalsLine {
  private static final String[] OXYGEN = {
    "on room air",
    "room air",
    "on ra",
    "ra",
    "on r/a",
    "nc",
    "on nc",
    "nasal cannula",
    "on nasal cannula",
    "on nrb",
    "nrb",
    "on non-rebreather",
    "on nonrebreather",
    "on oxygen",
    "on o2",
    "o2 sat",
    "on bipap",
    "on cpap",
    "oxygen saturation",
    "saturation",
    "sat",
    "spo2",
    "on high flow",
    "on hfnc",
    "by pulse ox",
    "on supplemental"
  };

  private final String text;
  private boolean listing;
  private boolean vital;

  /** Where the last vital sign ends, and whether it was a height or BMI. */
  private int lastEnd;

  private boolean size;
  private final Set<String> seen = new HashSet<>();

  VitalsLine(String text) {
    this.text = text;
  }

  void begin() {
    listing = true;
    seen.clear();
  }

  void end() {
    listing = false;
    vital = false;
    seen.clear();
  }

  void word() {
    if (seen.isEmpty()) {
      listing = false;
    }
  }

  void value(Draft draft) {
    if (!draft.kind.equals("lab") && !draft.kind.equals("dose")) {
      vital = true;
      seen.add(draft.kind);
      lastEnd = draft.end;
      size = draft.kind.equals("height") || draft.kind.equals("bmi");
    }
  }

  /** Where the letters of "HR72" or "T98.6" end, or -1 if the word is not of that form. */
  int attached(int start, int end) {
    int at = start;
    while (at < end && Character.isLetter(text.charAt(at))) {
      at++;
    }
    if (at == end || at - start > 4 || !Character.isDigit(text.charAt(at))) {
      return -1;
    }
    for (int i = at; i < end; i++) {
      if (!Character.isDigit(text.charAt(i))) {
        return -1;
      }
    }
    return switch (text.substring(start, at).toLowerCase(Locale.ROOT)) {
      case "bp",
          "hr",
          "rr",
          "wt",
          "ht",
          "bmi",
          "na",
          "hgb",
          "hct",
          "wbc",
          "plt",
          "cr",
          "inr",
          "spo",
          "temp",
          "bun",
          "glu",
          "sbp",
          "dbp" ->
          at;
      case "t" -> end < text.length() && text.charAt(end) == '.' ? at : -1;
      case "p", "r" -> vital || listing ? at : -1;
      default -> -1;
    };
  }

  /** Whether a letter that stands alone names a vital sign here: others stand on the line. */
  boolean letter(int start, int end) {
    int at = end;
    while (at < text.length() && " :=-".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
    if (at >= text.length() || !Character.isDigit(text.charAt(at))) {
      return false;
    }
    if (vital || listing) {
      return true;
    }
    if (text.charAt(start) == 'T') {
      var number = new NumberText(text);
      number.read(at, false);
      boolean point = text.substring(at, number.end).indexOf('.') >= 0;
      Unit unit = Units.at(text, number.end);
      if (point
              && (number.first >= 94 && number.first <= 108
                  || number.first >= 34 && number.first <= 43)
          || unit != null && unit.measure() == Measure.TEMP && !unit.soft()) {
        return true;
      }
    }
    return another(at);
  }

  /** Whether the rest of the line names another vital sign. */
  private boolean another(int from) {
    for (int i = from; i < text.length() && text.charAt(i) != '\n' && i < from + 80; i++) {
      if (Character.isLetter(text.charAt(i)) && !Character.isLetterOrDigit(text.charAt(i - 1))) {
        long match = Lexicon.INSTANCE.match(text, i);
        if (match != PhraseTrie.NONE) {
          Concept concept = Lexicon.INSTANCE.concept(match);
          int end = PhraseTrie.end(match);
          if ((concept.type() == Concept.Type.VITAL || concept.type() == Concept.Type.WEAK)
              && digitNear(end)) {
            return true;
          }
        }
      }
    }
    return false;
  }

  private boolean digitNear(int from) {
    for (int i = from; i < text.length() && i < from + 4; i++) {
      if (Character.isDigit(text.charAt(i))) {
        return true;
      }
    }
    return false;
  }

  /** A value whose unit or form tells its kind without a name, or null. */
  Draft byUnit(NumberText n, Unit unit, Acceptance acceptance, Concept key) {
    if (unit == null) {
      return null;
    }
    boolean plain = n.shape == Shape.SINGLE || n.shape == Shape.RANGE;
    return switch (unit.measure()) {
      case PRESSURE ->
          n.shape == Shape.RATIO ? acceptance.of(named("blood_pressure"), n, unit, false) : null;
      case BEATS -> plain ? acceptance.of(named("heart_rate"), n, unit, false) : null;
      case BREATHS -> plain ? acceptance.of(named("respiratory_rate"), n, unit, false) : null;
      case BMI -> plain ? acceptance.of(named("bmi"), n, unit, false) : null;
      case TEMP -> body(n, unit) ? acceptance.of(named("temperature"), n, unit, false) : null;
      case PERCENT ->
          plain && oxygen(unit.end())
              ? acceptance.of(named("oxygen_saturation"), n, unit, false)
              : null;
      case LENGTH -> length(n, unit, acceptance);
      case MASS ->
          (listing || size && n.start - lastEnd <= 6) && plain && !unit.soft()
              ? acceptance.of(named("weight"), n, unit, false)
              : null;
      case CONC -> plain && !unit.soft() ? laboratory(n, unit, key) : null;
      default -> null;
    };
  }

  private static Concept named(String name) {
    return Lexicon.INSTANCE.named(name);
  }

  private boolean body(NumberText n, Unit unit) {
    if (n.shape != Shape.SINGLE || unit.soft() && text.indexOf('.', n.start) >= n.end) {
      return false;
    }
    boolean celsius = n.first >= 34.5 && n.first <= 42.5 && !unit.name().equals("F");
    boolean fahrenheit = n.first >= 94 && n.first <= 108 && !unit.name().equals("C");
    boolean angle = unit.name().equals("degrees") && text.indexOf('.', n.start) >= n.end;
    boolean point = text.indexOf('.', n.start) >= 0 && text.indexOf('.', n.start) < n.end;
    return (celsius || fahrenheit) && !angle && (point || !unit.soft());
  }

  private boolean oxygen(int from) {
    int at = from;
    while (at < text.length() && (text.charAt(at) == ' ' || text.charAt(at) == ',')) {
      at++;
    }
    for (String words : OXYGEN) {
      if (text.regionMatches(true, at, words, 0, words.length())
          && (at + words.length() == text.length()
              || !Character.isLetterOrDigit(text.charAt(at + words.length())))) {
        return true;
      }
    }
    if (text.regionMatches(true, at, "on ", 0, 3)) {
      at += 3;
    }
    if (at < text.length() && Character.isDigit(text.charAt(at))) {
      var litres = new NumberText(text);
      litres.read(at, false);
      Unit unit = Units.at(text, litres.end);
      return unit != null && unit.name().equals("L") && litres.first <= 60;
    }
    return false;
  }

  private Draft length(NumberText n, Unit unit, Acceptance acceptance) {
    Draft feet = acceptance.feet(n, unit);
    if (feet != null) {
      return n.first >= 3 && n.first <= 7 ? feet : null;
    }
    int at = unit.end();
    while (at < text.length() && text.charAt(at) == ' ') {
      at++;
    }
    return text.startsWith("tall", at) ? acceptance.of(named("height"), n, unit, false) : null;
  }

  /** A laboratory value whose name the list does not have: up to three words before the number. */
  private Draft laboratory(NumberText n, Unit unit, Concept key) {
    switch (unit.name()) {
      case "s", "K", "pg", "fL", "mg/g" -> {
        return null;
      }
      default -> {}
    }
    String name = LabName.before(text, n.start);
    if (name == null) {
      return null;
    }
    var draft = new Draft("lab", n.start, unit.end());
    draft.name = name;
    draft.value = n.plain();
    draft.unit = unit.name();
    return draft;
  }

  /** A number without a name behind "VS:", told by its form and place, or null. */
  Draft listed(NumberText n, Unit unit, Acceptance acceptance) {
    if (!listing || unit != null && !unit.soft() && unit.measure() != Measure.PERCENT) {
      return null;
    }
    String kind = null;
    boolean point = text.indexOf('.', n.start) >= 0 && text.indexOf('.', n.start) < n.end;
    if (n.shape == Shape.RATIO) {
      kind = "blood_pressure";
    } else if (n.shape != Shape.SINGLE) {
      return null;
    } else if (unit != null && unit.measure() == Measure.PERCENT) {
      kind = "oxygen_saturation";
    } else if (!seen.contains("temperature")
        && (point || seen.isEmpty())
        && (n.first >= 94 && n.first <= 106 || n.first >= 35 && n.first <= 42)) {
      kind = "temperature";
    } else if (!point && !seen.contains("heart_rate") && n.first >= 35 && n.first <= 200) {
      kind = "heart_rate";
    } else if (!point && !seen.contains("respiratory_rate") && n.first >= 8 && n.first <= 50) {
      kind = "respiratory_rate";
    } else if (!point && !seen.contains("oxygen_saturation") && n.first >= 80 && n.first <= 100) {
      kind = "oxygen_saturation";
    }
    return kind == null || seen.contains(kind) ? null : acceptance.of(named(kind), n, unit, true);
  }
}
