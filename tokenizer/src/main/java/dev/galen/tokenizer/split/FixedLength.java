package dev.galen.tokenizer.split;

import dev.galen.tokenizer.stage.PreTokenizer;
import dev.galen.tokenizer.text.Text;
import dev.galen.tokenizer.text.Utf8;

/**
 * Cuts a text into words of a length.
 *
 * @param length how many characters, 1 or more; the last word may have fewer
 */
public record FixedLength(int length) implements PreTokenizer {

  @Override
  public void split(Text text, int start, int end, Words words) {
    byte[] utf8 = text.utf8();
    int word = start;
    int count = 0;
    for (int i = start; i < end; i += Utf8.length(utf8[i])) {
      if (count == length) {
        words.add(text, word, i);
        word = i;
        count = 0;
      }
      count++;
    }
    if (word < end) {
      words.add(text, word, end);
    }
  }
}
