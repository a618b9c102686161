package dev.galen.tokenizer.normalize;

import dev.galen.tokenizer.stage.Normalizer;
import dev.galen.tokenizer.text.Characters;
import dev.galen.tokenizer.text.Text;
import dev.galen.tokenizer.text.Utf8;

/**
 * Takes the whitespace at the ends of a text away.
 *
 * @param left whether that at the start goes
 * @param right whether that at the end goes
 */
public record Strip(boolean left, boolean right) implements Normalizer {

  @Override
  public Text normalize(Text text) {
    var utf8 = text.utf8();
    int start = 0;
    int end = utf8.length;
    if (left) {
      while (start < end && Characters.isWhitespace(Utf8.codePoint(utf8, start))) {
        start += Utf8.length(utf8[start]);
      }
    }
    if (right) {
      while (start < end
          && Characters.isWhitespace(Utf8.codePoint(utf8, Utf8.previous(utf8, end)))) {
        end = Utf8.previous(utf8, end);
      }
    }
    return start == 0 && end == utf8.length ? text : text.slice(start, end);
  }
}
