package dev.galen.tokenizer;

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
 */
record Places(Vocabulary vocabulary, List<Piece> pieces, int text) {

  /** Notes an added token with the whitespace that it has swallowed. */
  void add(int id, Text from, int start, int end) {
    add(id, new String(from.utf8(), start, end - start, StandardCharsets.UTF_8), from, start, end);
  }

  /** Notes the tokens of a word, from one on. */
  void add(TokenList tokens, int first, Text from, int wordStart) {
    int start = wordStart;
    for (int i = first; i < tokens.ids().size(); i++) {
      int id = tokens.ids().get(i);
      int end = tokens.ends().get(i);
      add(id, vocabulary.tokenOrNull(id), from, start, end);
      start = end;
    }
  }

  private void add(int id, String token, Text from, int start, int end) {
    pieces.add(new Piece(id, token, from.start(start), from.end(end - 1), text, text));
  }
}
