package dev.galen.examples.clinical.structure.value;

import dev.galen.examples.clinical.structure.scan.PhraseTrie;
import dev.galen.examples.clinical.structure.scan.Phrases;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The phrases of {@code words.txt} and {@code drugs.txt} with what they stand for. */
final class Lexicon {
  static final Lexicon INSTANCE = new Lexicon();

  private final PhraseTrie trie = new PhraseTrie();
  private final List<Concept> concepts = new ArrayList<>();
  private final Map<String, Concept> byName = new HashMap<>();

  private Lexicon() {
    for (String resource : List.of("words.txt", "drugs.txt")) {
      for (Phrases line : Phrases.of(Lexicon.class, resource)) {
        var type = Concept.Type.valueOf(line.head().getFirst().toUpperCase(Locale.ROOT));
        concepts.add(
            new Concept(
                type,
                line.head().get(1),
                Double.parseDouble(line.head().get(2)),
                Double.parseDouble(line.head().get(3))));
        byName.putIfAbsent(concepts.getLast().name(), concepts.getLast());
        for (String phrase : line.phrases()) {
          if (Character.isUpperCase(phrase.charAt(0))) {
            trie.addCased(phrase, concepts.size() - 1);
          } else {
            trie.add(phrase, concepts.size() - 1);
          }
        }
      }
    }
  }

  /** The longest phrase at a place, as {@link PhraseTrie#match}. */
  long match(String text, int from) {
    return trie.match(text, from);
  }

  Concept concept(long match) {
    return concepts.get(PhraseTrie.value(match));
  }

  /** The concept of a name of a laboratory value or vital sign. */
  Concept named(String name) {
    Concept concept = byName.get(name);
    if (concept == null) {
      throw new IllegalArgumentException("no concept " + name);
    }
    return concept;
  }
}
