package dev.galen.examples.clinical.text;

import java.util.Locale;
import java.util.Set;

/** Words by which the place behind a dot is told to be a sentence's beginning, or not. */
final class Starters {
  private static final Set<String> STARTERS =
      words(
          "the he she they it we i you there this that these those his her their its our my your"
              + " patient patients in on at no not if when since after before as for with however"
              + " also then currently today yesterday denies denied reports reported states stated"
              + " has had is was were are will would please there's he's she's it's follow-up");

  /** What stands behind a dose, not at the beginning of a sentence. */
  private static final Set<String> DIRECTIONS =
      words(
          "po iv im sc sq sl pr pv od os ou bid tid qid qd qod qhs prn hs ac pc npo"
              + " monday tuesday wednesday thursday friday saturday sunday january february march"
              + " april may june july august september october november december est edt cst cdt"
              + " mst mdt pst pdt utc gmt");

  /** What a number follows, even behind a dot. */
  private static final Set<String> VITALS =
      words("bp hr rr pulse temp resp wt ht bmi spo2 sao2 o2 sat sats fio2 tmax map cvp gcs ef");

  private Starters() {}

  private static Set<String> words(String words) {
    return Set.of(words.split(" "));
  }

  /** Whether the word at {@code at} is one that sentences begin with. */
  static boolean isStarter(String text, int at) {
    return STARTERS.contains(wordAt(text, at));
  }

  /** Whether the word at {@code at} says how or when something is given. */
  static boolean isDirection(String text, int at) {
    return DIRECTIONS.contains(wordAt(text, at));
  }

  /** Whether {@code text[start, end)} names a measurement. */
  static boolean isVital(String text, int start, int end) {
    return end - start <= 5 && VITALS.contains(text.substring(start, end).toLowerCase(Locale.ROOT));
  }

  private static String wordAt(String text, int at) {
    int end = at;
    while (end < text.length()
        && end - at < 12
        && (Words.isInner(text.charAt(end)) || "'-".indexOf(text.charAt(end)) >= 0)) {
      end++;
    }
    return text.substring(at, end).toLowerCase(Locale.ROOT);
  }
}
