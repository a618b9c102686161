package dev.galen.examples.clinical.report;

import java.util.List;
import java.util.Objects;

/**
 * A part of a report under a heading.
 *
 * @param title the heading
 * @param blocks what stands below it
 */
public record Section(String title, List<Block> blocks) {
  /** Copies the list. */
  public Section {
    Objects.requireNonNull(title, "title");
    blocks = List.copyOf(blocks);
  }

  /** A section of these blocks. */
  public Section(String title, Block... blocks) {
    this(title, List.of(blocks));
  }
}
