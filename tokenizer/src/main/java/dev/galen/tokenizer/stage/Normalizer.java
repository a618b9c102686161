package dev.galen.tokenizer.stage;

import dev.galen.tokenizer.text.Text;

/** The first stage: rewrites a text, for example into lower case. Thread-safe. */
@FunctionalInterface
public interface Normalizer {

  /** Leaves every text as it is. */
  Normalizer NONE = text -> text;

  /** The text that the later stages see, aligned as the given one is. */
  Text normalize(Text text);
}
