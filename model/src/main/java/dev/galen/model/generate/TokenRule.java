package dev.galen.model.generate;

import java.util.Set;

/** A processor of logits that has to know which text it is for. */
@FunctionalInterface
public interface TokenRule {
  /**
   * A text to come.
   *
   * @param prompt the ids that it continues
   * @param limit the most tokens, those of the prompt counted
   * @param ends the ids that end it
   */
  record Text(int[] prompt, int limit, Set<Integer> ends) {}

  /** The rule for one text, as a processor of its logits. */
  LogitsProcessor of(Text text);
}
