package dev.galen.tokenizer.stage;

import java.util.List;

/** The last stage, on the way back: turns tokens into text. Thread-safe. */
@FunctionalInterface
public interface Decoder {

  /**
   * What tokens become, which side by side is the text.
   *
   * @param tokens as the vocabulary spells them
   * @return one string or more for each of them, or less than one
   */
  List<String> decode(List<String> tokens);
}
