package dev.galen.tokenizer.normalize;

import dev.galen.tokenizer.stage.Normalizer;
import dev.galen.tokenizer.text.Characters;
import dev.galen.tokenizer.text.Rewriting;
import dev.galen.tokenizer.text.Text;
import dev.galen.tokenizer.text.Utf8;

/** Letters become small, one by one: the sigma at the end of a word is like any other. */
public record Lowercase() implements Normalizer {

  private static final int CAPITAL_I_WITH_DOT = 0x130;
  private static final int DOT_ABOVE = 0x307;

  @Override
  public Text normalize(Text text) {
    var utf8 = text.utf8();
    Rewriting out = null;
    for (int i = 0; i < utf8.length; i += Utf8.length(utf8[i])) {
      int c = Utf8.codePoint(utf8, i);
      int lower = Characters.toLowerCase(c);
      if (lower != c) {
        if (out == null) {
          out = new Rewriting(text);
        }
        out.copyTo(i);
        out.replace(lower);
        if (c == CAPITAL_I_WITH_DOT) {
          out.insert(DOT_ABOVE);
        }
      }
    }
    if (out == null) {
      return text;
    }
    out.copyTo(utf8.length);
    return out.done();
  }
}
