package dev.galen.examples.clinical.structure.value;

import dev.galen.examples.clinical.structure.scan.PhraseTrie;
import dev.galen.examples.clinical.structure.scan.Tokens;
import dev.galen.examples.clinical.structure.value.NumberText.Shape;
import dev.galen.examples.clinical.structure.value.Units.Measure;
import dev.galen.examples.clinical.structure.value.Units.Unit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * One pass over the words of a text. It keeps the last name of a value, and how much stands between
 * it and the place reached; a number is given to that name if its form, unit and size allow it.
 */
final class ValueScan {
  /** Words that may stand between a name and a number whose unit or form speaks for itself. */
  private static final int FAR = 12;

  private static final Lexicon LEXICON = Lexicon.INSTANCE;

  private final String text;
  private final Tokens tokens;
  private final NumberText number;
  private final Acceptance acceptance;
  private final DoseScan doses;
  private final Tail tail;
  private final Times times;
  private final VitalsLine line;
  private final Surroundings around;
  private final List<Draft> drafts = new ArrayList<>();

  /** The last name of a value, where it lies, and what came since. */
  private Concept key;

  private int keyStart;
  private int keyEnd;
  private boolean strict;
  private int words;

  /** Whether a value of the name was read, and a word since that leads to another. */
  private boolean had;

  private boolean linked;
  private boolean from;
  private boolean threshold;
  private String comparator;
  private int comparatorStart;
  private int lastWord = -1;

  ValueScan(String text) {
    this.text = text;
    tokens = new Tokens(text);
    number = new NumberText(text);
    acceptance = new Acceptance(text);
    doses = new DoseScan(text);
    tail = new Tail(text);
    times = new Times(text, drafts);
    line = new VitalsLine(text);
    around = new Surroundings(text, tokens);
  }

  List<Draft> scan() {
    int i = 0;
    while (i < tokens.count()) {
      int place =
          switch (tokens.type(i)) {
            case Tokens.WORD -> word(i);
            case Tokens.NUMBER -> number(tokens.start(i), i);
            case Tokens.LINE -> line(i);
            default -> sign(i);
          };
      i = tokens.at(place, i + 1);
    }
    return drafts;
  }

  private void sentence() {
    key = null;
    had = false;
    threshold = false;
    comparator = null;
    doses.sentence();
    times.sentence();
  }

  private int line(int i) {
    int end = tokens.end(i);
    boolean blank = i + 1 < tokens.count() && tokens.type(i + 1) == Tokens.LINE;
    boolean digit = i + 1 < tokens.count() && tokens.type(i + 1) == Tokens.NUMBER && !had && strict;
    boolean open =
        i > 0 && i - 1 == lastWord && key != null && (words > 0 || digit)
            || i - 1 == lastWord && around.wraps(i);
    if (blank || !open) {
      sentence();
      line.end();
    }
    return end;
  }

  private int sign(int i) {
    int end = tokens.end(i);
    char c = text.charAt(end - 1);
    boolean last = end == text.length() || Character.isWhitespace(text.charAt(end));
    switch (c) {
      case '.', '!', '?' -> {
        if (last && !around.initial(i) && !shortened(i)) {
          sentence();
        }
      }
      case ';' -> {
        key = null;
        doses.sentence();
        threshold = false;
      }
      case ',' -> threshold = false;
      case '>', '\u2192' -> {
        if (c == '\u2192' || i > 0 && text.charAt(end - 2) == '-' && end >= 2) {
          linked = true;
        } else {
          compare(end < text.length() && text.charAt(end) == '=' ? ">=" : ">", end - 1);
        }
      }
      case '<' -> compare(end < text.length() && text.charAt(end) == '=' ? "<=" : "<", end - 1);
      case '\u2265' -> compare(">=", end - 1);
      case '\u2264' -> compare("<=", end - 1);
      case '/' -> strict &= key == null || key.type() != Concept.Type.LETTER;
      default -> {}
    }
    return end;
  }

  /** Whether the point belongs to the name just read, with its number behind: "Wt. 82 kg". */
  private boolean shortened(int i) {
    return key != null
        && keyEnd == tokens.start(i)
        && i + 1 < tokens.count()
        && tokens.type(i + 1) == Tokens.NUMBER;
  }

  private void compare(String sign, int place) {
    comparator = sign;
    comparatorStart = place;
  }

  private int word(int i) {
    int start = tokens.start(i);
    lastWord = i;
    long match = LEXICON.match(text, start);
    if (match == PhraseTrie.NONE) {
      return unknown(i);
    }
    Concept concept = LEXICON.concept(match);
    int end = PhraseTrie.end(match);
    lastWord = tokens.at(end, i + 1) - 1;
    switch (concept.type()) {
      case FILLER -> filler(text, start, end);
      case COMPARE -> compare(concept.name(), start);
      case DRUG -> {
        doses.drug(start, end);
        key = null;
      }
      case BLOCK -> {
        key = null;
        doses.word();
      }
      case THRESHOLD -> {
        threshold = true;
        doses.word();
      }
      case TIME -> {
        times.at(start, end);
        linked = true;
      }
      case MONTH -> {
        int date = Clock.month(text, end);
        if (date > 0) {
          times.at(start, date);
          return date;
        }
        return unknown(i);
      }
      case NUMBER -> {
        return counted(i, end, concept);
      }
      default -> name(concept, start, end, i);
    }
    return end;
  }

  private void filler(String text, int start, int end) {
    int length = end - start;
    boolean to =
        length <= 4
            && switch (text.substring(start, end).toLowerCase(Locale.ROOT)) {
              case "and", "or", "to", "then", "now", "from", "is", "was", "were" -> true;
              default -> false;
            };
    linked |= to || length > 4;
    from = length == 4 && text.startsWith("from", start);
    words++;
  }

  /** A word that says nothing here; letters with digits right behind may be a name and a number. */
  private int unknown(int i) {
    int start = tokens.start(i);
    int end = tokens.end(i);
    int letters = line.attached(start, end);
    if (letters > 0) {
      long match = LEXICON.match(text.substring(start, letters), 0);
      Concept concept = match == PhraseTrie.NONE ? null : LEXICON.concept(match);
      if (concept != null && concept.isKey()) {
        name(concept, start, letters, i);
        int before = drafts.size();
        int place = number(letters, i);
        if (drafts.size() > before) {
          return place;
        }
        key = null;
      }
    }
    strict = false;
    had = false;
    doses.word();
    line.word();
    if (++words > FAR) {
      key = null;
    }
    return end;
  }

  private void name(Concept concept, int start, int end, int i) {
    if (concept.type() == Concept.Type.LIST) {
      line.begin();
      return;
    }
    if (concept.type() == Concept.Type.LETTER && !line.letter(start, end)) {
      strict = false;
      return;
    }
    if (concept.type() == Concept.Type.LAB
        && concept.name().equals("prothrombin_time")
        && text.startsWith("Pt", start)
        && end - start == 2) {
      key = null;
      return;
    }
    key = concept;
    keyStart = start;
    keyEnd = end;
    strict = true;
    words = 0;
    had = false;
    linked = false;
    comparator = null;
    from = false;
  }

  /** "Two tablets". */
  private int counted(int i, int end, Concept concept) {
    Unit unit = Units.at(text, end);
    if (unit == null || unit.measure() != Measure.DOSE || unit.soft()) {
      return unknown(i);
    }
    number.start = tokens.start(i);
    number.end = end;
    number.shape = Shape.SINGLE;
    number.first = concept.least();
    String plain = concept.least() == 0.5 ? "0.5" : Integer.toString((int) concept.least());
    Draft dose = doses.of(number, unit, plain, null, -1, -1);
    return dose == null ? end : claim(dose, unit.end());
  }

  /** Reads the number at {@code place} within token {@code i}; gives the place behind it. */
  private int number(int place, int i) {
    number.read(place, !from);
    if (around.listMark(number, i)) {
      return number.end;
    }
    if (number.shape == Shape.DATE || number.shape == Shape.CLOCK || times.isHour(number)) {
      int end = Clock.extend(text, number.end);
      times.at(number.start, end);
      linked = true;
      return end;
    }
    int day = number.shape == Shape.SINGLE ? Clock.dayOfMonth(text, number.end) : -1;
    int hour = number.shape == Shape.SINGLE ? NumberText.meridiem(text, number.end) : -1;
    if (day > 0 || hour > number.end && number.first <= 12) {
      int end = Math.max(day, hour);
      times.at(number.start, end);
      return end;
    }
    if (number.shape == Shape.RATIO && times.isDay(number)) {
      int end = Clock.extend(text, number.end);
      times.at(number.start, end);
      linked = true;
      return end;
    }
    return measured();
  }

  private int measured() {
    Unit unit = Units.at(text, number.end);
    boolean stuck =
        number.end < text.length() && Character.isLetter(text.charAt(number.end)) && unit == null;
    if (number.shape == Shape.OTHER
        || stuck
        || !around.standsAlone(number, key == null ? -1 : keyEnd)) {
      strict = false;
      words++;
      return number.end;
    }
    Draft draft = draft(unit);
    if (draft == null) {
      boolean time = unit != null && unit.measure() == Measure.OTHER && !unit.soft();
      strict = false;
      words++;
      return time ? unit.end() : number.end;
    }
    return claim(draft, draft.end);
  }

  private Draft draft(Unit unit) {
    boolean change =
        key != null
            && key.name().equals("weight")
            && (text.startsWith("down ", number.start - 5)
                || text.startsWith("up ", number.start - 3));
    boolean next = !had || linked || unit != null && !unit.soft() || number.shape == Shape.RATIO;
    Draft draft = null;
    boolean dose =
        unit != null
            && (unit.measure() == Measure.DOSE
                || unit.name().equals("g") && (key == null || !key.name().equals("weight")));
    if (key != null && !threshold && words <= FAR && next && !change) {
      draft = key.type() == Concept.Type.PAIR ? pair() : acceptance.of(key, number, unit, strict);
    }
    if (draft == null && dose) {
      Concept name = strict && key != null ? key : null;
      draft = doses.of(number, unit, number.plain(), name, keyStart, keyEnd);
    }
    if (draft == null && !threshold) {
      draft = line.byUnit(number, unit, acceptance, key);
    }
    if (draft == null && !threshold && (key == null || had)) {
      draft = line.listed(number, unit, acceptance);
    }
    return draft;
  }

  private Draft pair() {
    if (number.shape != Shape.RATIO || !strict) {
      return null;
    }
    String plain = number.plain();
    int slash = plain.indexOf('/');
    int plus = key.name().indexOf('+');
    int middle = text.indexOf('/', number.start);
    var upper = new Draft("lab", number.start, Math.max(number.start, middle));
    upper.name = key.name().substring(0, plus);
    upper.value = plain.substring(0, slash);
    drafts.add(upper);
    var lower = new Draft("lab", Math.min(number.end, middle + 1), number.end);
    lower.name = key.name().substring(plus + 1);
    lower.value = plain.substring(slash + 1);
    return lower;
  }

  private int claim(Draft draft, int end) {
    boolean known = !drafts.isEmpty() && drafts.contains(draft);
    int place = Math.max(end, draft.end);
    if (!known) {
      if (comparator != null && place - comparatorStart < 40 && !draft.kind.equals("dose")) {
        draft.comparator = comparator;
      }
      if (!draft.kind.equals("dose")) {
        place = tail.read(draft, draft.kind.equals("lab"));
      }
      drafts.add(draft);
      times.value(draft);
      line.value(draft);
    }
    comparator = null;
    strict = true;
    words = 0;
    had = true;
    linked = false;
    from = false;
    // "PRN for fever > 101" says when.
    threshold |= draft.frequency != null && DoseWords.canonical(draft.frequency).contains("prn");
    return place;
  }
}
