package dev.galen.train.data;

import java.util.Objects;

/**
 * One document of running text.
 *
 * @param text the document
 * @param origin where it comes from
 */
public record TextExample(String text, Origin origin) implements Example {

  /** Checks that nothing is null. */
  public TextExample {
    Objects.requireNonNull(text, "text");
    Objects.requireNonNull(origin, "origin");
  }

  /** A document made in the program. */
  public TextExample(String text) {
    this(text, Origin.MEMORY);
  }

  /** The text. */
  @Override
  public String key() {
    return text;
  }
}
