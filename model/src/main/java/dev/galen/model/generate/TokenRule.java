package dev.galen.model.generate;

import java.util.Set;

/** A processor of logits that has to know which text it is for. */
@FunctionalInterface
public interface TokenRule {
  /**
   * A text to come.
   *
   * @param prompt the ids that it continues; of a model with an encoder the decoder's first id
   * @param limit the most tokens, those of the prompt counted
   * @param ends the ids that end it
   * @param source the ids that it was asked for: the prompt, or what the encoder was given
   */
  record Text(int[] prompt, int limit, Set<Integer> ends, int[] source) {
    /** The text of a model without an encoder. */
    public Text(int[] prompt, int limit, Set<Integer> ends) {
      this(prompt, limit, ends, prompt);
    }
  }

  /** The rule for one text, as a processor of its logits. */
  LogitsProcessor of(Text text);
}
