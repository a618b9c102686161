package dev.galen.tokenizer.normalize;

import dev.galen.tokenizer.stage.Normalizer;
import dev.galen.tokenizer.text.Text;
import java.nio.charset.StandardCharsets;

/**
 * Puts something in front of every text that is not empty.
 *
 * @param what what to put there; it comes from the first character
 */
public record Prepend(String what) implements Normalizer {

  @Override
  public Text normalize(Text text) {
    return text.length() == 0 || what.isEmpty()
        ? text
        : text.withBefore(what.getBytes(StandardCharsets.UTF_8), 0, text.length());
  }
}
