package dev.galen.examples.serve.oversight;

import dev.galen.examples.clinical.trust.Faithfulness;
import java.util.List;

/**
 * The rule by which answers are marked.
 *
 * @param threshold a probability below it is marked, 0 to 1; 0 marks none
 * @param faithful whether a text is marked that has a number, unit, term, code or name which its
 *     input lacks
 * @param hold whether a marked answer is held for review
 */
public record Oversight(double threshold, boolean faithful, boolean hold) {
  /** Checks the threshold. */
  public Oversight {
    if (!(threshold >= 0 && threshold <= 1)) {
      throw new IllegalArgumentException(
          "the review threshold is %s, must be from 0 to 1".formatted(threshold));
    }
  }

  /**
   * What is found of an answer.
   *
   * @param needsReview whether it is marked
   * @param held whether a reviewer has to see it before the caller does
   * @param lowConfidence whether its probability is below the threshold
   * @param unsupported what the input lacks, with its place in the answer
   */
  public record Mark(
      boolean needsReview,
      boolean held,
      boolean lowConfidence,
      List<Faithfulness.Unsupported> unsupported) {
    /** Copies the list. */
    public Mark {
      unsupported = List.copyOf(unsupported);
    }
  }

  /**
   * Marks a class that a model chose.
   *
   * @param probability of the class; NaN is marked
   */
  public Mark ofClass(double probability) {
    return mark(!(probability >= threshold), List.of());
  }

  /**
   * Marks a text that a model wrote.
   *
   * @param input all that it was made from
   */
  public Mark ofText(String input, String answer) {
    return mark(false, faithful ? Faithfulness.check(input, answer) : List.of());
  }

  private Mark mark(boolean low, List<Faithfulness.Unsupported> unsupported) {
    boolean needed = low || !unsupported.isEmpty();
    return new Mark(needed, needed && hold, low, unsupported);
  }
}
