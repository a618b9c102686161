package dev.galen.examples.clinical.report;

import java.util.Objects;

/**
 * A picture, with what it shows as numbers for readers who cannot see it, and for programs.
 *
 * @param caption what it shows, in a sentence
 * @param svg the picture, as the charts of {@code dev.galen.train.chart} make it; nothing that runs
 *     or loads may be in it
 * @param numbers what is drawn
 */
public record Figure(String caption, String svg, Table numbers) implements Block {
  /**
   * Checks the picture.
   *
   * @throws IllegalArgumentException if it is no SVG of plain shapes and texts
   */
  public Figure {
    Objects.requireNonNull(caption, "caption");
    Objects.requireNonNull(numbers, "numbers");
    SvgCheck.require(svg, caption);
  }
}
