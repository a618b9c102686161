package dev.galen.examples.clinical.structure.term;

import dev.galen.examples.clinical.document.Annotation;
import dev.galen.examples.clinical.structure.scan.PhraseTrie;
import dev.galen.examples.clinical.structure.scan.Phrases;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Finds signs, symptoms and diseases.
 *
 * <p>Each is an annotation {@code finding} with the attributes {@code type} ({@code symptom} or
 * {@code disease}) and {@code name}, the same for all ways to say it. With an ontology its terms
 * are findings, too, with {@code preferred} and {@code doid}; where both begin at one place the
 * longer one counts, and both names stand where they are equally long. A term with several diseases
 * has all their ids and {@code ambiguous}.
 */
public final class Findings {
  /** The category of the annotations. */
  public static final String CATEGORY = "finding";

  private static final PhraseTrie TRIE = new PhraseTrie();
  private static final List<Phrases> LINES = Phrases.of(Findings.class, "findings.txt");

  /** Words of the list that count as findings in capitals alone. */
  private static final Set<String> SHORT =
      Set.of("SI", "DM", "AF", "TB", "PAD", "DOE", "LOC", "AMS", "CAD", "SLE", "ACS", "ARF");

  static {
    for (int i = 0; i < LINES.size(); i++) {
      for (String phrase : LINES.get(i).phrases()) {
        TRIE.add(phrase, i);
      }
    }
  }

  private final Ontology ontology;

  /** With the terms of {@code ontology} besides, or without if it is null. */
  public Findings(Ontology ontology) {
    this.ontology = ontology;
  }

  /** All findings of {@code text}, in their order, none within another. */
  public List<Annotation> of(String text) {
    List<Annotation> findings = new ArrayList<>();
    int at = 0;
    while (at < text.length()) {
      if (!begins(text, at)) {
        at++;
        continue;
      }
      long own = TRIE.match(text, at);
      int ownEnd = own == PhraseTrie.NONE || !whole(text, at, own) ? at : PhraseTrie.end(own);
      long term = ontology == null ? PhraseTrie.NONE : ontology.match(text, at);
      int termEnd = term == PhraseTrie.NONE ? at : PhraseTrie.end(term);
      if (joined(text, termEnd)) {
        termEnd = at;
      }
      int end = Math.max(ownEnd, termEnd);
      if (end == at) {
        at++;
        continue;
      }
      Map<String, String> attributes = new LinkedHashMap<>();
      if (ownEnd == end) {
        Phrases line = LINES.get(PhraseTrie.value(own));
        attributes.put("type", line.head().get(0));
        attributes.put("name", line.head().get(1));
      } else {
        attributes.put("type", "disease");
      }
      if (termEnd == end) {
        Ontology.Term found = ontology.term(term);
        attributes.putIfAbsent(
            "name", found.ambiguous() ? found.term() : found.preferred().replace(' ', '_'));
        if (found.ambiguous()) {
          attributes.put("ambiguous", "true");
        } else {
          attributes.put("preferred", found.preferred());
        }
        attributes.put("doid", found.doid());
      }
      findings.add(new Annotation(at, end, CATEGORY, attributes));
      at = end;
    }
    return findings;
  }

  /** Whether a word begins here that no hyphen joins to one before it, as in "non-diabetic". */
  private static boolean begins(String text, int at) {
    if (!Character.isLetterOrDigit(text.charAt(at))) {
      return false;
    }
    if (at == 0) {
      return true;
    }
    char before = text.charAt(at - 1);
    boolean hyphen = before == '-' && at > 1 && Character.isLetter(text.charAt(at - 2));
    return !Character.isLetterOrDigit(before) && !hyphen && before != '_';
  }

  private static boolean joined(String text, int end) {
    return end + 1 < text.length()
        && text.charAt(end) == '-'
        && Character.isLetter(text.charAt(end + 1));
  }

  /** Whether the phrase is not a part of a hyphenated word, and short ones stand in capitals. */
  private static boolean whole(String text, int at, long match) {
    int end = PhraseTrie.end(match);
    if (joined(text, end)) {
      return false;
    }
    int length = end - at;
    if (length > 3) {
      return true;
    }
    String words = text.substring(at, end);
    for (String name : SHORT) {
      if (name.equalsIgnoreCase(words)) {
        return name.equals(words);
      }
    }
    return true;
  }
}
