package dev.galen.examples.clinical.structure.value;

/** Reads what follows a measured number: a flag, a reference range, a unit that stands behind. */
final class Tail {
  private static final String[] RANGE_WORDS = {
    "reference range",
    "ref range",
    "reference",
    "ref.",
    "ref",
    "normal range",
    "normal",
    "nl",
    "range",
    "rr",
    "ri"
  };

  private final String text;

  Tail(String text) {
    this.text = text;
  }

  /** Reads on behind the draft's end and gives the place behind all that was read. */
  int read(Draft value, boolean lab) {
    int at = value.end;
    for (int pieces = 0; pieces < 5; pieces++) {
      int from = skip(at);
      boolean comma = text.substring(at, from).indexOf(',') >= 0;
      int next = comma ? -1 : flag(from, value, lab);
      if (next < 0) {
        next = range(from, value, lab);
      }
      if (next < 0 && value.unit == null && lab && !comma) {
        next = unit(from, value);
      }
      if (next < 0) {
        return at;
      }
      at = next;
    }
    return at;
  }

  private int skip(int from) {
    int at = from;
    while (at < text.length() && " \t|,\u00A0".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
    return at;
  }

  private int unit(int from, Draft value) {
    Units.Unit unit = Units.at(text, from);
    if (unit == null || unit.measure() != Units.Measure.CONC) {
      return -1;
    }
    value.unit = unit.name();
    return unit.end();
  }

  private int flag(int from, Draft value, boolean lab) {
    if (from >= text.length() || value.flag != null) {
      return -1;
    }
    char open = text.charAt(from);
    if (open == '*') {
      value.flag = "*";
      return from + 1;
    }
    if (open == '\u2191' || open == '\u2193') {
      value.flag = open == '\u2191' ? "H" : "L";
      return from + 1;
    }
    boolean bracket = open == '(' || open == '[';
    int at = bracket ? from + 1 : from;
    int end = at;
    while (end < text.length() && Character.isLetter(text.charAt(end))) {
      end++;
    }
    String flag = name(text.substring(at, end), bracket);
    if (flag == null) {
      return -1;
    }
    if (bracket) {
      if (end >= text.length() || ")]".indexOf(text.charAt(end)) < 0) {
        return -1;
      }
      end++;
    } else if (!lab || !standsAlone(end)) {
      return -1;
    }
    value.flag = flag;
    return end;
  }

  private static String name(String word, boolean bracket) {
    return switch (word) {
      case "H", "HIGH", "High" -> "H";
      case "L", "LOW", "Low" -> "L";
      case "HH", "LL", "A" -> word;
      case "high", "elevated" -> bracket ? "H" : null;
      case "low" -> bracket ? "L" : null;
      case "h" -> bracket ? "H" : null;
      case "l" -> bracket ? "L" : null;
      default -> null;
    };
  }

  /** Whether no ordinary word follows a letter, as it does in "L arm". */
  private boolean standsAlone(int end) {
    int at = end;
    while (at < text.length() && (text.charAt(at) == ' ' || text.charAt(at) == '\t')) {
      at++;
    }
    if (at == text.length() || at > end + 1 || text.indexOf('\t', end) == end) {
      return true;
    }
    char c = text.charAt(at);
    if ("/-&+=:".indexOf(c) >= 0) {
      return false;
    }
    if (!Character.isLetter(c)) {
      return c != '.' || at + 1 == text.length() || Character.isWhitespace(text.charAt(at + 1));
    }
    return Units.at(text, at) != null && Units.at(text, at).measure() == Units.Measure.CONC;
  }

  private int range(int from, Draft value, boolean lab) {
    if (from >= text.length() || value.range != null) {
      return -1;
    }
    char open = text.charAt(from);
    boolean bracket = open == '(' || open == '[';
    int at = bracket ? from + 1 : from;
    boolean named = false;
    for (String word : RANGE_WORDS) {
      if (text.regionMatches(true, at, word, 0, word.length())
          && (at + word.length() == text.length()
              || !Character.isLetterOrDigit(text.charAt(at + word.length())))) {
        at += word.length();
        named = true;
        while (at < text.length() && " :is,=".indexOf(text.charAt(at)) >= 0) {
          at++;
        }
        if (text.startsWith("range", at)) {
          at += 5;
          while (at < text.length() && " :is".indexOf(text.charAt(at)) >= 0) {
            at++;
          }
        }
        break;
      }
    }
    if (!lab && !named) {
      return -1;
    }
    int begin = at;
    while (at < text.length() && "<>=\u2264\u2265 ".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
    boolean compared = text.substring(begin, at).chars().anyMatch(c -> c != ' ');
    if (at >= text.length()
        || !Character.isDigit(text.charAt(at))
        || compared && !bracket && !named) {
      return -1;
    }
    var number = new NumberText(text);
    number.read(at, true);
    boolean range = number.shape == NumberText.Shape.RANGE;
    if (!range && !(compared && number.shape == NumberText.Shape.SINGLE)) {
      return -1;
    }
    int end = number.end;
    Units.Unit unit = Units.at(text, end);
    if (unit != null && unit.measure() == Units.Measure.PERCENT || unit != null && bracket) {
      end = unit.end();
    } else if (unit != null && unit.measure() == Units.Measure.CONC && value.unit == null) {
      value.unit = unit.name();
      end = unit.end();
    }
    if (bracket) {
      if (end >= text.length() || ")]".indexOf(text.charAt(end)) < 0) {
        return -1;
      }
      end++;
    }
    value.range = (text.substring(begin, at) + number.plain()).strip().replace(" ", "");
    return end;
  }
}
