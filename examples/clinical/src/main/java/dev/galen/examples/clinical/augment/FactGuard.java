package dev.galen.examples.clinical.augment;

import dev.galen.examples.clinical.text.ProtectedWords;
import dev.galen.examples.clinical.text.Word;
import dev.galen.examples.clinical.text.Words;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Compares what a paraphrase may not change: numbers, units, negations and drugs, each as often.
 */
final class FactGuard {
  private FactGuard() {}

  /** Whether two texts have the same facts, in any order. */
  static boolean agree(String a, String b) {
    return facts(a).equals(facts(b));
  }

  private static List<String> facts(String text) {
    List<String> facts = new ArrayList<>();
    for (Word word : Words.of(text)) {
      String lower = word.in(text).toLowerCase(Locale.ROOT);
      boolean fact =
          word.kind() == Word.Kind.NUMBER
              || word.kind() == Word.Kind.SIGN && "<>\u2264\u2265\u00B1%".contains(lower)
              || word.kind() == Word.Kind.WORD
                  && (ProtectedWords.isNegation(lower)
                      || ProtectedWords.isUnit(lower) && lower.length() > 1
                      || ProtectedWords.isDrug(lower));
      if (fact) {
        facts.add(lower);
      }
    }
    facts.sort(null);
    return facts;
  }
}
