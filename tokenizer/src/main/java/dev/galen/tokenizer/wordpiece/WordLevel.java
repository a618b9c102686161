package dev.galen.tokenizer.wordpiece;

import dev.galen.tokenizer.stage.TokenList;
import dev.galen.tokenizer.stage.TokenModel;
import dev.galen.tokenizer.stage.Vocabulary;
import dev.galen.tokenizer.text.Quote;
import java.nio.charset.StandardCharsets;

/**
 * A word is a token of the vocabulary, or unknown.
 *
 * @param vocabulary the words
 * @param unknown the token of every other word; may be missing from the vocabulary as long as no
 *     text needs it
 */
public record WordLevel(Vocabulary vocabulary, String unknown) implements TokenModel {

  @Override
  public void encode(byte[] utf8, int start, int end, TokenList tokens) {
    if (start == end) {
      return;
    }
    var word = new String(utf8, start, end - start, StandardCharsets.UTF_8);
    int id = vocabulary.id(word);
    if (id < 0) {
      id = vocabulary.id(unknown);
    }
    if (id < 0) {
      throw new IllegalArgumentException(
          "the vocabulary has no token for \"%s\", and lacks the unknown token \"%s\" as well"
              .formatted(Quote.of(word), Quote.of(unknown)));
    }
    tokens.add(id, start, end);
  }
}
