package dev.galen.tokenizer.split;

import dev.galen.tokenizer.stage.PreTokenizer;
import dev.galen.tokenizer.text.Characters;
import dev.galen.tokenizer.text.Text;
import dev.galen.tokenizer.text.Utf8;

/** BERT's cut: whitespace goes, every punctuation mark is a word. */
public record BertSplit() implements PreTokenizer {

  @Override
  public void split(Text text, int start, int end, Words words) {
    byte[] utf8 = text.utf8();
    int word = start;
    for (int i = start; i < end; ) {
      int c = Utf8.codePoint(utf8, i);
      int next = i + Utf8.length(utf8[i]);
      boolean space = Characters.isWhitespace(c);
      if (space || Characters.isPunctuation(c)) {
        if (word < i) {
          words.add(text, word, i);
        }
        if (!space) {
          words.add(text, i, next);
        }
        word = next;
      }
      i = next;
    }
    if (word < end) {
      words.add(text, word, end);
    }
  }
}
