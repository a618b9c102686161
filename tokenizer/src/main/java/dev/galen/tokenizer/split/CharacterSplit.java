package dev.galen.tokenizer.split;

import dev.galen.tokenizer.stage.IntList;
import dev.galen.tokenizer.stage.PreTokenizer;
import dev.galen.tokenizer.text.Characters;
import dev.galen.tokenizer.text.Text;
import dev.galen.tokenizer.text.Utf8;
import java.util.function.IntPredicate;

/**
 * Cuts a text at characters of a kind.
 *
 * @param isMatch which characters these are
 * @param behavior what becomes of them
 */
public record CharacterSplit(IntPredicate isMatch, Behavior behavior) implements PreTokenizer {

  /** HuggingFace's {@code WhitespaceSplit}. */
  public static final CharacterSplit WHITESPACE =
      new CharacterSplit(Characters::isWhitespace, Behavior.REMOVED);

  /** HuggingFace's {@code Punctuation}. */
  public static CharacterSplit punctuation(Behavior behavior) {
    return new CharacterSplit(Characters::isPunctuation, behavior);
  }

  /** HuggingFace's {@code Digits}, which are all numbers. */
  public static CharacterSplit digits(boolean each) {
    return new CharacterSplit(
        Characters::isNumeric, each ? Behavior.ISOLATED : Behavior.CONTIGUOUS);
  }

  /** HuggingFace's {@code CharDelimiterSplit}. */
  public static CharacterSplit delimiter(int delimiter) {
    return new CharacterSplit(c -> c == delimiter, Behavior.REMOVED);
  }

  @Override
  public void split(Text text, int start, int end, Words words) {
    byte[] utf8 = text.utf8();
    if (behavior == Behavior.REMOVED || behavior == Behavior.ISOLATED) {
      int word = start;
      for (int i = start; i < end; ) {
        int next = i + Utf8.length(utf8[i]);
        if (isMatch.test(Utf8.codePoint(utf8, i))) {
          if (word < i) {
            words.add(text, word, i);
          }
          if (behavior == Behavior.ISOLATED) {
            words.add(text, i, next);
          }
          word = next;
        }
        i = next;
      }
      if (word < end) {
        words.add(text, word, end);
      }
      return;
    }
    var matches = new IntList(16);
    for (int i = start; i < end; ) {
      int next = i + Utf8.length(utf8[i]);
      if (isMatch.test(Utf8.codePoint(utf8, i))) {
        matches.add(i);
        matches.add(next);
      }
      i = next;
    }
    behavior.cut(text, start, end, matches, false, words);
  }
}
