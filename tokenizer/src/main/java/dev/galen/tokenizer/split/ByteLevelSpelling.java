package dev.galen.tokenizer.split;

import dev.galen.tokenizer.normalize.ByteSpelling;
import dev.galen.tokenizer.stage.PreTokenizer;
import dev.galen.tokenizer.text.Text;

/**
 * HuggingFace's {@code ByteLevel} where what follows must see the bytes as the visible characters
 * that spell them.
 *
 * @param cut what cuts the text before
 */
public record ByteLevelSpelling(ByteLevelSplit cut) implements PreTokenizer {

  private static final ByteSpelling SPELLING = new ByteSpelling();

  @Override
  public void split(Text text, int start, int end, Words words) {
    cut.split(
        text,
        start,
        end,
        (part, from, to) -> {
          var spelled = SPELLING.normalize(part.slice(from, to));
          words.add(spelled, 0, spelled.length());
        });
  }
}
