package dev.galen.examples.clinical.structure.value;

import dev.galen.examples.clinical.structure.scan.PhraseTrie;
import dev.galen.examples.clinical.structure.value.NumberText.Shape;
import dev.galen.examples.clinical.structure.value.Units.Measure;
import dev.galen.examples.clinical.structure.value.Units.Unit;
import java.util.Locale;

/** Keeps the drug that a sentence speaks of and makes doses of amounts. */
final class DoseScan {
  private final String text;

  /** Where the last drug's name lies; -1 if there is none. */
  private int start = -1;

  private int end;
  private int words;
  private boolean used;
  private Draft last;

  DoseScan(String text) {
    this.text = text;
  }

  /** A drug's name stands here. */
  void drug(int from, int to) {
    start = from;
    end = to;
    words = 0;
    used = false;
  }

  /** Another word, or the value of something else, came by. */
  void word() {
    if (++words > 14) {
      start = -1;
    }
  }

  /** The sentence ends here. */
  void sentence() {
    last = null;
    start = -1;
  }

  /**
   * The dose of an amount, or null if it is none.
   *
   * @param name the laboratory value named just before, which may be a drug here: calcium, iron
   * @param nameStart where it begins
   * @param nameEnd where it ends
   */
  Draft of(NumberText n, Unit unit, String plain, Concept name, int nameStart, int nameEnd) {
    if (n.shape == Shape.OTHER || n.shape == Shape.DATE || n.shape == Shape.CLOCK || n.first <= 0) {
      return null;
    }
    var dose = new Draft("dose", n.start, unit.end());
    dose.value = plain;
    dose.unit = unit.name();
    boolean form = counted(unit.name());
    per(dose);
    int amountEnd = dose.end;
    OrderTail.read(text, dose);
    if (form && last != null && last.drug != null && following(amountEnd) == null) {
      return merged(dose);
    }
    String drug = drug(amountEnd, dose, name, nameStart, nameEnd);
    boolean ordered = dose.route != null || dose.frequency != null;
    boolean volume = unit.name().equals("mL") || unit.measure() != Measure.DOSE || form;
    if (drug == null && (!ordered || volume && dose.route == null && !form)) {
      return null;
    }
    if (drug == null && (unit.name().equals("patches") || unit.name().equals("g"))) {
      return null;
    }
    dose.drug = drug;
    last = dose;
    return dose;
  }

  private static boolean counted(String unit) {
    return switch (unit) {
      case "tablets", "capsules", "puffs", "drops", "patches", "suppositories", "lozenges" -> true;
      default -> false;
    };
  }

  /** "1 tablet by mouth daily" behind "20 mg" says how, not how much. */
  private Draft merged(Draft count) {
    last.route = last.route == null ? count.route : last.route;
    last.frequency = last.frequency == null ? count.frequency : last.frequency;
    last.end = Math.max(last.end, count.end);
    return last;
  }

  /** Reads "/0.4 mL" or "/hr" behind the unit. */
  private void per(Draft dose) {
    int at = dose.end;
    if (at + 1 >= text.length() || text.charAt(at) != '/') {
      return;
    }
    if (Character.isDigit(text.charAt(at + 1)) || text.charAt(at + 1) == '.') {
      var n = new NumberText(text);
      n.read(text.charAt(at + 1) == '.' ? at + 2 : at + 1, false);
      Unit unit = Units.at(text, n.end);
      if (unit != null && unit.name().equals(dose.unit)) {
        dose.end = unit.end();
        dose.value = dose.value + "/" + n.plain(); // 875 mg/125 mg
      } else if (unit != null && (unit.measure() == Measure.DOSE || unit.name().equals("L"))) {
        dose.end = unit.end();
        dose.unit = dose.unit + "/" + n.plain() + " " + unit.name();
      }
    } else if (Character.isLetter(text.charAt(at + 1))) {
      int to = at + 1;
      while (to < text.length() && Character.isLetter(text.charAt(to))) {
        to++;
      }
      String word = text.substring(at + 1, to).toLowerCase(Locale.ROOT);
      switch (word) {
        case "actuation",
            "inhalation",
            "spray",
            "puff",
            "dose",
            "ml",
            "act",
            "tablet",
            "tab",
            "hr",
            "h",
            "hour",
            "min",
            "kg",
            "inh",
            "patch" -> {
          dose.unit = dose.unit + text.substring(at, to);
          dose.end = to;
        }
        default -> {}
      }
    }
  }

  /** The drug of "20 mg of lisinopril" or "20 mg lisinopril", or null. */
  private int[] following(int from) {
    int at = from;
    while (at < text.length() && text.charAt(at) == ' ') {
      at++;
    }
    boolean of = text.startsWith("of ", at);
    if (of) {
      at += 3;
    }
    for (String word : new String[] {"oral ", "IV ", "the ", "her ", "his ", "po ", "PO "}) {
      if (text.startsWith(word, at)) {
        at += word.length();
      }
    }
    if (at >= text.length() || !Character.isLetter(text.charAt(at))) {
      return null;
    }
    long match = Lexicon.INSTANCE.match(text, at);
    if (match != PhraseTrie.NONE) {
      Concept concept = Lexicon.INSTANCE.concept(match);
      boolean drug =
          concept.type() == Concept.Type.DRUG || of && concept.type() == Concept.Type.LAB;
      return drug ? new int[] {at, PhraseTrie.end(match)} : null;
    }
    int to = wordEnd(at);
    String word = text.substring(at, to);
    boolean given = of && word.length() >= 5 && !DrugWords.isNone(word);
    return given || DrugWords.ends(word) ? new int[] {at, to} : null;
  }

  private String drug(int amountEnd, Draft dose, Concept name, int nameStart, int nameEnd) {
    int[] after = following(amountEnd);
    boolean of = after != null && text.substring(amountEnd, after[0]).contains("of ");
    if (after != null && (of || start < 0 || used)) {
      int before = dose.end;
      dose.end = Math.max(before, after[1]);
      OrderTail.read(text, dose);
      return text.substring(after[0], after[1]);
    }
    if (name != null && name.type() == Concept.Type.LAB && nameStart > start) {
      return text.substring(nameStart, nameEnd);
    }
    if (start >= 0) {
      used = true;
      return text.substring(start, end);
    }
    return unknown(dose);
  }

  /** A word before the amount that the list does not have, if it looks like a drug. */
  private String unknown(Draft dose) {
    int at = dose.start - 1;
    while (at >= 0 && " ,:-(\t|".indexOf(text.charAt(at)) >= 0) {
      at--;
    }
    int to = at + 1;
    while (at >= 0 && (Character.isLetter(text.charAt(at)) || text.charAt(at) == '-')) {
      at--;
    }
    String word = text.substring(at + 1, to);
    for (int fillers = 0; fillers < 4 && filling(word); fillers++) {
      int back = at;
      while (back >= 0 && text.charAt(back) == ' ') {
        back--;
      }
      to = back + 1;
      while (back >= 0 && (Character.isLetter(text.charAt(back)) || text.charAt(back) == '-')) {
        back--;
      }
      word = text.substring(back + 1, to);
      at = back;
    }
    if (word.length() < 4 || DrugWords.isNone(word)) {
      return null;
    }
    boolean ordered = dose.route != null || dose.frequency != null;
    boolean capital =
        Character.isUpperCase(word.charAt(0)) && !Character.isUpperCase(word.charAt(1));
    long match = Lexicon.INSTANCE.match(text, at + 1);
    boolean known = match != PhraseTrie.NONE && PhraseTrie.end(match) >= to;
    return !known && (DrugWords.ends(word) || ordered || capital) ? word : null;
  }

  private static boolean filling(String word) {
    long match = word.isEmpty() ? PhraseTrie.NONE : Lexicon.INSTANCE.match(word, 0);
    return match != PhraseTrie.NONE
        && PhraseTrie.end(match) == word.length()
        && Lexicon.INSTANCE.concept(match).type() == Concept.Type.FILLER;
  }

  private int wordEnd(int from) {
    int to = from;
    while (to < text.length() && (Character.isLetter(text.charAt(to)) || text.charAt(to) == '-')) {
      to++;
    }
    return to;
  }
}
