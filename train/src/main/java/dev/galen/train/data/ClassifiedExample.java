package dev.galen.train.data;

import java.util.Objects;
import java.util.Optional;

/**
 * A text and the class that it belongs to.
 *
 * @param text what is classified; not blank
 * @param label the class's name, or its number from 0 in decimals, as the data give it; not blank
 * @param origin where the record comes from
 */
public record ClassifiedExample(String text, String label, Origin origin) implements Example {

  /** Checks that there are a text and a label. */
  public ClassifiedExample {
    Objects.requireNonNull(text, "text");
    Objects.requireNonNull(label, "label");
    Objects.requireNonNull(origin, "origin");
    if (text.isBlank() || label.isBlank()) {
      throw new IllegalArgumentException(
          origin + ": the " + (text.isBlank() ? "text" : "label") + " is blank; expected words");
    }
  }

  /** A record made in the program. */
  public ClassifiedExample(String text, String label) {
    this(text, label, Origin.MEMORY);
  }

  /** The text: the same text stays in one part, whatever its label. */
  @Override
  public String key() {
    return text;
  }

  @Override
  public Optional<String> category() {
    return Optional.of(label);
  }
}
