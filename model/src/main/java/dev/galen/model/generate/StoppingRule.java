package dev.galen.model.generate;

/**
 * What ends a text besides its ends: HuggingFace's stopping criteria. Asked about each new token,
 * in a beam search about each extension that is looked at.
 */
@FunctionalInterface
public interface StoppingRule {
  /**
   * Whether the text ends with its last token.
   *
   * @param ids the tokens so far, the prompt's first; the last one is new
   */
  boolean stops(int[] ids);
}
