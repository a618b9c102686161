package dev.galen.tokenizer;

import dev.galen.tokenizer.stage.IntList;
import dev.galen.tokenizer.stage.Piece;
import dev.galen.tokenizer.stage.TokenList;
import dev.galen.tokenizer.stage.Vocabulary;
import dev.galen.tokenizer.text.Text;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Notes where tokens stand in the original text. One that begins or ends within the bytes of a
 * character has the whole of it, as in HuggingFace's library.
 *
 * @param vocabulary all tokens
 * @param pieces where they are noted
 * @param text which of the texts this is, 0 or 1
 * @param words how many tokens there are behind each word in turn; the complement behind an added
 *     token; null where nobody asks
 */
record Places(Vocabulary vocabulary, List<Piece> pieces, int text, IntList words) {

  /** Notes no words. */
  Places(Vocabulary vocabulary, List<Piece> pieces, int text) {
    this(vocabulary, pieces, text, null);
  }

  /** Notes an added token with the whitespace that it has swallowed. */
  void add(int id, Text from, int start, int end) {
    add(id, new String(from.utf8(), start, end - start, StandardCharsets.UTF_8), from, start, end);
    if (words != null) {
      words.add(~pieces.size());
    }
  }

  /** Notes the tokens of a word, from one on. */
  void add(TokenList tokens, int first, Text from) {
    for (int i = first; i < tokens.ids().size(); i++) {
      int id = tokens.ids().get(i);
      add(id, vocabulary.tokenOrNull(id), from, tokens.start(i), tokens.end(i));
    }
    if (words != null) {
      words.add(pieces.size());
    }
  }

  private void add(int id, String token, Text from, int start, int end) {
    pieces.add(
        new Piece(
            id,
            token,
            from.start(start),
            end > start ? from.end(end - 1) : from.start(start),
            text,
            text));
  }
}
