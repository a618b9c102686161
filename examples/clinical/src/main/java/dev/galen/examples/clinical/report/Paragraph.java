package dev.galen.examples.clinical.report;

import java.util.Objects;

/**
 * Sentences.
 *
 * @param text plain text
 */
public record Paragraph(String text) implements Block {
  /** Checks that there is a text. */
  public Paragraph {
    Objects.requireNonNull(text, "text");
  }
}
