package dev.galen.model.generate;

/**
 * Reshapes the scores of the next token before one is picked. Implementations leave their arguments
 * as they are and follow HuggingFace's processors to the letter, so that the same settings mean the
 * same distribution.
 */
@FunctionalInterface
public interface LogitsProcessor {
  /** Leaves scores as they are. */
  LogitsProcessor NONE = (scores, ids) -> scores;

  /**
   * The scores to pick from.
   *
   * @param scores V logits or log-probabilities; negative infinity excludes a token
   * @param ids the tokens so far: the prompt and what was generated
   * @return V scores, perhaps {@code scores} itself where nothing changes
   */
  float[] apply(float[] scores, int[] ids);

  /** This processor, and {@code next} on its result. */
  default LogitsProcessor then(LogitsProcessor next) {
    return (scores, ids) -> next.apply(apply(scores, ids), ids);
  }
}
