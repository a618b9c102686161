package dev.galen.model.generate;

/**
 * Reshapes the logits of the next token before one is picked. Implementations leave their arguments
 * as they are and follow HuggingFace's processors to the letter, so that the same settings mean the
 * same distribution.
 */
@FunctionalInterface
public interface LogitsProcessor {
  /** Leaves logits as they are. */
  LogitsProcessor NONE = (logits, ids) -> logits;

  /**
   * The logits to pick from.
   *
   * @param logits V logits, in beam search log-probabilities; negative infinity excludes a token
   * @param ids the tokens so far: the prompt and what was generated
   * @return V logits, perhaps {@code logits} itself where nothing changes
   */
  float[] apply(float[] logits, int[] ids);

  /** This processor, and {@code next} on its result. */
  default LogitsProcessor then(LogitsProcessor next) {
    return (logits, ids) -> next.apply(apply(logits, ids), ids);
  }
}
