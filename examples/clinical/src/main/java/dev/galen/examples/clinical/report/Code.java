package dev.galen.examples.clinical.report;

import java.util.Objects;

/**
 * Text whose lines and spaces are kept: a command, a recipe, a model's answer.
 *
 * @param caption what it is
 * @param text the text
 */
public record Code(String caption, String text) implements Block {
  /** Checks that nothing is missing. */
  public Code {
    Objects.requireNonNull(caption, "caption");
    Objects.requireNonNull(text, "text");
  }
}
