package dev.galen.examples.clinical.structure.value;

import dev.galen.examples.clinical.document.Annotation;
import dev.galen.examples.clinical.structure.scan.PhraseTrie;
import java.util.ArrayList;
import java.util.List;

/** The names of this package for what people write: analytes, units, drugs. */
public final class ValueNames {
  /** The category of {@link #drugs}. */
  public static final String DRUG = "drug";

  private ValueNames() {}

  /** The name of a vital sign or laboratory value, such as {@code ldl} for "LDL cholesterol". */
  public static String quantity(String words) {
    long match = words.isBlank() ? PhraseTrie.NONE : Lexicon.INSTANCE.match(words, 0);
    if (match == PhraseTrie.NONE || PhraseTrie.end(match) != words.length()) {
      return words;
    }
    Concept concept = Lexicon.INSTANCE.concept(match);
    return switch (concept.type()) {
      case LAB, VITAL, WEAK -> concept.name();
      default -> words;
    };
  }

  /** The unit as values have it, such as {@code umol/L} for "µmol/l"; itself if it is not known. */
  public static String unit(String words) {
    Units.Unit unit = words == null || words.isBlank() ? null : Units.at(words, 0);
    return unit == null || unit.end() != words.length() ? words : unit.name();
  }

  /** The drugs that a text names, with or without a dose: places of the category {@code drug}. */
  public static List<Annotation> drugs(String text) {
    List<Annotation> drugs = new ArrayList<>();
    int at = 0;
    while (at < text.length()) {
      boolean word =
          Character.isLetter(text.charAt(at))
              && (at == 0 || !Character.isLetterOrDigit(text.charAt(at - 1)));
      long match = word ? Lexicon.INSTANCE.match(text, at) : PhraseTrie.NONE;
      if (match == PhraseTrie.NONE) {
        at++;
        continue;
      }
      int end = PhraseTrie.end(match);
      if (Lexicon.INSTANCE.concept(match).type() == Concept.Type.DRUG) {
        drugs.add(new Annotation(at, end, DRUG));
      }
      at = end;
    }
    return drugs;
  }
}
