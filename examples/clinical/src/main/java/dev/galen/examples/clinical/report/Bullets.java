package dev.galen.examples.clinical.report;

import java.util.List;

/**
 * A list of sentences, such as a run's limits.
 *
 * @param items plain text each
 */
public record Bullets(List<String> items) implements Block {
  /** Copies the list. */
  public Bullets {
    items = List.copyOf(items);
  }

  /** A list of these. */
  public Bullets(String... items) {
    this(List.of(items));
  }
}
