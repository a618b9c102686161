package dev.galen.examples.clinical.structure;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** What can be found in a text. */
public enum Part {
  /** Sections and their canonical names. */
  SECTIONS,
  /** Vital signs, laboratory values and doses. */
  VALUES;

  /** The name as an option has it. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The parts of these names.
   *
   * @throws IllegalArgumentException if a name is none
   */
  public static Set<Part> of(List<String> names) {
    Set<Part> parts = EnumSet.noneOf(Part.class);
    for (String name : names) {
      List<String> known = new ArrayList<>();
      boolean found = false;
      for (Part part : values()) {
        known.add(part.word());
        if (part.word().equals(name)) {
          parts.add(part);
          found = true;
        }
      }
      if (!found) {
        throw new IllegalArgumentException(
            "no part \"" + name + "\"; expected some of " + String.join(", ", known));
      }
    }
    return parts.isEmpty() ? EnumSet.copyOf(Arrays.asList(values())) : parts;
  }
}
