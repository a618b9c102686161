package dev.galen.examples.clinical.structure.section;

import dev.galen.examples.clinical.structure.scan.PhraseTrie;
import dev.galen.examples.clinical.structure.scan.Phrases;
import java.util.ArrayList;
import java.util.List;

/** The canonical names of headings, from {@code sections.txt}. */
public final class SectionNames {
  /**
   * A section by its canonical name.
   *
   * @param name such as {@code past_medical_history}
   * @param code the class of MTS-Dialog that it falls under, such as {@code PASTMEDICALHX}; null if
   *     none fits
   * @param part whether it is a part of a section, such as a system of the body
   */
  public record Name(String name, String code, boolean part) {
    Name asPart() {
      return new Name(name, code, true);
    }
  }

  private static final PhraseTrie TRIE = new PhraseTrie();
  private static final List<Name> NAMES = new ArrayList<>();

  static {
    for (Phrases line : Phrases.of(SectionNames.class, "sections.txt")) {
      String code = line.head().get(2);
      NAMES.add(
          new Name(
              line.head().get(1),
              code.equals("-") ? null : code,
              line.head().getFirst().equals("part")));
      for (String phrase : line.phrases()) {
        TRIE.add(phrase, NAMES.size() - 1);
      }
    }
  }

  private SectionNames() {}

  /** The name of a heading, whatever its case and without its colon; null if it is not known. */
  public static Name of(String heading) {
    String plain = heading.strip();
    while (plain.endsWith(":") || plain.endsWith("-")) {
      plain = plain.substring(0, plain.length() - 1).strip();
    }
    return plain.isEmpty() ? null : at(plain, 0, plain.length());
  }

  /** The name of the heading that is all of {@code text[from, to)}, or null. */
  static Name at(String text, int from, int to) {
    long match = TRIE.match(text, from);
    return match != PhraseTrie.NONE && PhraseTrie.end(match) == to
        ? NAMES.get(PhraseTrie.value(match))
        : null;
  }
}
