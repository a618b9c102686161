package dev.galen.examples.clinical.structure;

import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What can be found in a text. */
public enum Part {
  /** Sections and their canonical names. */
  SECTIONS,
  /** Vital signs, laboratory values and doses. */
  VALUES,
  /** Signs and diseases: there, absent or uncertain; with an ontology its terms, too. */
  FINDINGS,
  /** Abbreviations of a table. */
  ABBREVIATIONS;

  /** The name as an option has it. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The parts of these names; all of them for none.
   *
   * @throws IllegalArgumentException if a name is none
   */
  public static Set<Part> of(List<String> names) {
    Set<Part> parts = EnumSet.noneOf(Part.class);
    for (String name : names) {
      parts.add(
          Stream.of(values())
              .filter(part -> part.word().equals(name.strip()))
              .findFirst()
              .orElseThrow(
                  () ->
                      new IllegalArgumentException(
                          "no part \"" + name + "\"; expected some of " + words())));
    }
    return parts.isEmpty() ? EnumSet.allOf(Part.class) : parts;
  }

  private static String words() {
    return Stream.of(values()).map(Part::word).collect(Collectors.joining(", "));
  }
}
