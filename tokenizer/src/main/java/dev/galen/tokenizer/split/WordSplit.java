package dev.galen.tokenizer.split;

import dev.galen.tokenizer.stage.PreTokenizer;
import dev.galen.tokenizer.text.Characters;
import dev.galen.tokenizer.text.Text;
import dev.galen.tokenizer.text.Utf8;

/** HuggingFace's {@code Whitespace}: the matches of {@code \w+|[^\w\s]+}. */
public record WordSplit() implements PreTokenizer {

  private static final int SPACE = 0;
  private static final int WORD = 1;
  private static final int OTHER = 2;

  @Override
  public void split(Text text, int start, int end, Words words) {
    byte[] utf8 = text.utf8();
    int word = start;
    int kind = SPACE;
    for (int i = start; i < end; i += Utf8.length(utf8[i])) {
      int next = kind(Utf8.codePoint(utf8, i));
      if (next != kind) {
        if (kind != SPACE) {
          words.add(text, word, i);
        }
        word = i;
        kind = next;
      }
    }
    if (kind != SPACE) {
      words.add(text, word, end);
    }
  }

  private static int kind(int c) {
    if (Characters.isWord(c)) {
      return WORD;
    }
    return Characters.isWhitespace(c) ? SPACE : OTHER;
  }
}
