package dev.galen.examples.clinical.structure.value;

import dev.galen.examples.clinical.structure.scan.Phrases;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Tells whether a word that the list of drugs lacks looks like one. */
final class DrugWords {
  private static final Set<String> NONE = new HashSet<>();
  private static final List<String> ENDINGS = new ArrayList<>();

  static {
    for (Phrases line : Phrases.of(DrugWords.class, "drugwords.txt")) {
      (line.head().getFirst().equals("no") ? NONE : ENDINGS).addAll(line.phrases());
    }
  }

  private DrugWords() {}

  /** Whether it is a word that stands before amounts and is no drug. */
  static boolean isNone(String word) {
    return NONE.contains(word.toLowerCase(Locale.ROOT));
  }

  /** Whether it ends as the names of drugs do. */
  static boolean ends(String word) {
    if (word.length() < 6) {
      return false;
    }
    String lower = word.toLowerCase(Locale.ROOT);
    for (String ending : ENDINGS) {
      if (lower.endsWith(ending)) {
        return true;
      }
    }
    return false;
  }
}
