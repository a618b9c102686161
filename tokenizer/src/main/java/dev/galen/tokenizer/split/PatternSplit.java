package dev.galen.tokenizer.split;

import dev.galen.tokenizer.pattern.Finder;
import dev.galen.tokenizer.stage.PreTokenizer;
import dev.galen.tokenizer.text.Text;

/**
 * Cuts a text at the matches of a pattern.
 *
 * @param pattern what to look for
 * @param behavior what becomes of it
 * @param inverted whether what lies between the matches is taken for them
 */
public record PatternSplit(Finder pattern, Behavior behavior, boolean inverted)
    implements PreTokenizer {

  @Override
  public void split(Text text, int start, int end, Words words) {
    behavior.cut(text, start, end, pattern.find(text.utf8(), start, end), inverted, words);
  }
}
