package dev.galen.examples.clinical.report;

import java.util.List;
import java.util.Objects;

/**
 * Cases of the data, one below the other. A report that has any says that it has to be protected as
 * the data are.
 *
 * @param caption how they were chosen
 * @param cases the cases
 */
public record Examples(String caption, List<Case> cases) implements Block {
  /**
   * One case.
   *
   * @param title what names it
   * @param blocks its text, its labels, what was predicted and why
   */
  public record Case(String title, List<Block> blocks) {
    /** Copies the list. */
    public Case {
      Objects.requireNonNull(title, "title");
      blocks = List.copyOf(blocks);
    }
  }

  /** Copies the list. */
  public Examples {
    Objects.requireNonNull(caption, "caption");
    cases = List.copyOf(cases);
  }
}
