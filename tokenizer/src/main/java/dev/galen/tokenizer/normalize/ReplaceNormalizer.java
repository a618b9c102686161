package dev.galen.tokenizer.normalize;

import dev.galen.tokenizer.pattern.Finder;
import dev.galen.tokenizer.stage.Normalizer;
import dev.galen.tokenizer.text.Rewriting;
import dev.galen.tokenizer.text.Text;

/**
 * Puts something in place of every match of a pattern.
 *
 * @param pattern what to look for
 * @param content what to put there; it comes from the last character of the match
 */
public record ReplaceNormalizer(Finder pattern, String content) implements Normalizer {

  @Override
  public Text normalize(Text text) {
    var matches = pattern.find(text.utf8(), 0, text.length());
    if (matches.size() == 0) {
      return text;
    }
    int[] with = content.codePoints().toArray();
    var out = new Rewriting(text);
    for (int i = 0; i < matches.size(); i += 2) {
      out.copyTo(matches.get(i));
      out.skipTo(matches.get(i + 1));
      for (int c : with) {
        out.insert(c);
      }
    }
    out.copyTo(text.length());
    return out.done();
  }
}
