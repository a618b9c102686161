package dev.galen.examples.clinical.structure.value;

import dev.galen.examples.clinical.structure.scan.PhraseTrie;
import dev.galen.examples.clinical.structure.scan.Phrases;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The units of {@code units.txt} behind a number. */
final class Units {
  /** What a unit measures. */
  enum Measure {
    PRESSURE,
    BEATS,
    BREATHS,
    PERMIN,
    TEMP,
    PERCENT,
    MASS,
    LENGTH,
    BMI,
    CONC,
    DOSE,
    OTHER
  }

  /**
   * A unit at a place.
   *
   * @param name its canonical way to write it
   * @param end where it ends
   * @param soft whether it may as well be a word that is no unit, such as {@code in}
   */
  record Unit(Measure measure, String name, int end, boolean soft) {}

  private record Entry(Measure measure, String name) {}

  private static final PhraseTrie TRIE = new PhraseTrie();
  private static final List<Entry> ENTRIES = new ArrayList<>();

  static {
    for (Phrases line : Phrases.of(Units.class, "units.txt")) {
      ENTRIES.add(
          new Entry(
              Measure.valueOf(line.head().getFirst().toUpperCase(Locale.ROOT)),
              String.join(" ", line.head().subList(1, line.head().size()))));
      for (String phrase : line.phrases()) {
        TRIE.add(phrase, ENTRIES.size() - 1);
      }
    }
  }

  private Units() {}

  /** The unit behind a number that ends at {@code from}, or null. */
  static Unit at(String text, int from) {
    int at = from;
    while (at < text.length()
        && at < from + 3
        && (text.charAt(at) == ' ' || text.charAt(at) == '\u00A0')) {
      at++;
    }
    if (at < text.length() && text.charAt(at) == '-' && at == from) {
      at++; // 20-mg
    }
    if (at == text.length()) {
      return null;
    }
    long match = TRIE.match(text, at);
    if (match == PhraseTrie.NONE) {
      return null;
    }
    int end = PhraseTrie.end(match);
    if (at > from && text.startsWith("HR", at)) {
      return null; // the name of the next value
    }
    Entry entry = ENTRIES.get(PhraseTrie.value(match));
    boolean letters = end - at == 1 && Character.isLetter(text.charAt(at));
    boolean soft = at > from && (letters || text.startsWith("in", at) && end - at == 2);
    return new Unit(entry.measure(), entry.name(), end, soft);
  }
}
