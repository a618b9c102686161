package dev.galen.tokenizer.split;

import dev.galen.tokenizer.stage.PreTokenizer;
import dev.galen.tokenizer.text.Text;

/**
 * GPT-2's cut into words. HuggingFace's {@code ByteLevel} also spells the bytes as visible
 * characters; here the model reads them as they are.
 *
 * @param addsPrefixSpace whether every stretch of text gets a space in front unless it has one
 * @param cuts whether to cut at all; other components may have done it before
 */
public record ByteLevelSplit(boolean addsPrefixSpace, boolean cuts) implements PreTokenizer {

  /** GPT-2's cut. */
  public ByteLevelSplit(boolean addsPrefixSpace) {
    this(addsPrefixSpace, true);
  }

  @Override
  public void split(Text text, int start, int end, Words words) {
    if (addsPrefixSpace && start < end && text.utf8()[start] != ' ') {
      cut(text.withSpaceBefore(start, end), 0, end - start + 1, words);
    } else {
      cut(text, start, end, words);
    }
  }

  private void cut(Text text, int start, int end, Words words) {
    if (!cuts) {
      words.add(text, start, end);
      return;
    }
    byte[] utf8 = text.utf8();
    int word = start;
    while (word < end) {
      int wordEnd = WordBoundaries.wordEnd(utf8, word, end);
      words.add(text, word, wordEnd);
      word = wordEnd;
    }
  }
}
