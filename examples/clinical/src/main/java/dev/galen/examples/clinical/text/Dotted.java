package dev.galen.examples.clinical.text;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** Abbreviations that are written with a dot, and what the dot means where a sentence may end. */
final class Dotted {
  /** When a sentence ends behind an abbreviation. */
  enum Ends {
    /** Never: a name or number follows, as behind {@code Dr.} */
    NEVER,
    /** Where a word follows that sentences begin with, as {@code The}. */
    BEFORE_STARTER,
    /** Where a capital letter follows. */
    BEFORE_CAPITAL,
    /** Not where a number follows, else as any word, as behind {@code No.} */
    UNLESS_NUMBER,
  }

  private static final Map<String, Ends> LISTED = listed();
  private static final int LONGEST = 8;

  /** Of those that are letters with dots between; others end a sentence before a starter. */
  private static final Map<String, Ends> INITIALS = initials();

  private Dotted() {}

  private static Map<String, Ends> listed() {
    var all = new HashMap<String, Ends>();
    put(
        all,
        Ends.NEVER,
        "dr drs mr mrs ms messrs prof rev hon capt lt col gen sgt cpl maj st ste mt vs viz cf approx"
            + " ie eg");
    put(all, Ends.UNLESS_NUMBER, "no nos fig figs vol pp ch sec eq ref refs art para tab tabs");
    put(
        all,
        Ends.BEFORE_STARTER,
        "al sr jr esq pt pts hx dx tx rx sx fx bx wt ht temp resp neuro dept ca"
            + " cap caps inj sol soln susp jan feb mar apr jun jul aug sep sept oct nov dec"
            + " ave blvd rd ln inc ltd co corp univ hosp abd ext incl excl occ sig disp qty");
    put(
        all,
        Ends.BEFORE_CAPITAL,
        "etc mg mcg ug ml dl cc cm mm kg gm gms lb lbs oz ft in hr hrs mins secs");
    return Map.copyOf(all);
  }

  private static Map<String, Ends> initials() {
    var all = new HashMap<String, Ends>();
    put(all, Ends.NEVER, "e.g i.e");
    put(
        all,
        Ends.BEFORE_CAPITAL,
        "q.d b.i.d t.i.d q.i.d p.r.n h.s a.c p.c q.h.s q.o.d a.m p.m q.a.m q.p.m o.d o.s o.u n.p.o d.c");
    return Map.copyOf(all);
  }

  private static void put(Map<String, Ends> all, Ends ends, String words) {
    for (String word : words.split(" ")) {
      all.put(word, ends);
    }
  }

  /**
   * Where an abbreviation of single letters ends whose first letter is {@code text[start, end)}:
   * behind its last dot; {@code end} if it is none. {@code q.4h.} counts, {@code q.} does not.
   */
  static int endOfInitials(String text, int start, int end) {
    int at = end;
    int letters = 1;
    if (end - start != 1 || !Character.isLetter(text.charAt(start))) {
      return end;
    }
    while (at + 1 < text.length() && text.charAt(at) == '.') {
      int next = at + 1;
      while (next < text.length() && Character.isDigit(text.charAt(next))) {
        next++;
      }
      boolean letter =
          next < text.length()
              && Character.isLetter(text.charAt(next))
              && (next + 1 == text.length() || !Words.isInner(text.codePointAt(next + 1)));
      if (!letter) {
        break;
      }
      at = next + 1;
      letters++;
    }
    if (letters < 2) {
      return end;
    }
    return at < text.length() && text.charAt(at) == '.' ? at + 1 : end;
  }

  /** Whether {@code text[start, end)} is listed and a dot stands behind it. */
  static boolean isListed(String text, int start, int end) {
    return end < text.length()
        && text.charAt(end) == '.'
        && end - start <= LONGEST
        && isAlways(text, start, end);
  }

  /** Whether the dot belongs to the word wherever it stands: not for words such as in and no. */
  private static boolean isAlways(String text, int start, int end) {
    Ends ends = ends(text, start, end);
    boolean number = end + 1 < text.length() && startsNumber(text, end + 1);
    return ends == Ends.NEVER || ends == Ends.UNLESS_NUMBER && number;
  }

  static boolean startsNumber(String text, int at) {
    int next = at;
    while (next < text.length() && Words.isSpace(text.charAt(next))) {
      next++;
    }
    if (next < text.length() && text.charAt(next) == '#') {
      next++;
    }
    return next < text.length() && Character.isDigit(text.charAt(next));
  }

  /** When a sentence ends behind the abbreviation {@code text[start, end)}; null if it is none. */
  static Ends ends(String text, int start, int end) {
    if (end - start > LONGEST) {
      return null;
    }
    String word = text.substring(start, end).toLowerCase(Locale.ROOT);
    if (word.indexOf('.') > 0) {
      return isInitials(word) ? INITIALS.getOrDefault(word, Ends.BEFORE_STARTER) : null;
    }
    return LISTED.get(word);
  }

  /** Single letters (or {@code 4h}) with dots between. */
  private static boolean isInitials(String word) {
    for (String part : word.split("\\.", -1)) {
      int digits = 0;
      while (digits < part.length() && Character.isDigit(part.charAt(digits))) {
        digits++;
      }
      if (part.length() != digits + 1 || !Character.isLetter(part.charAt(digits))) {
        return false;
      }
    }
    return true;
  }
}
