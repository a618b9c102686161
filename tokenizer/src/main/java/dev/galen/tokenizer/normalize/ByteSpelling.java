package dev.galen.tokenizer.normalize;

import dev.galen.tokenizer.stage.Normalizer;
import dev.galen.tokenizer.text.ByteLevel;
import dev.galen.tokenizer.text.Rewriting;
import dev.galen.tokenizer.text.Text;
import dev.galen.tokenizer.text.Utf8;

/** Spells every byte as a visible character, as byte-level vocabularies do. */
public record ByteSpelling() implements Normalizer {

  @Override
  public Text normalize(Text text) {
    var utf8 = text.utf8();
    var out = new Rewriting(text);
    for (int i = 0; i < utf8.length; ) {
      int end = i + Utf8.length(utf8[i]);
      out.replace(ByteLevel.character(utf8[i]));
      while (++i < end) {
        out.insert(ByteLevel.character(utf8[i]));
      }
    }
    return out.done();
  }
}
