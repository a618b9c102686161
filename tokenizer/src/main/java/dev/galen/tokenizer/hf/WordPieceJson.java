package dev.galen.tokenizer.hf;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.galen.tokenizer.stage.TokenModel;
import dev.galen.tokenizer.stage.Vocabulary;
import dev.galen.tokenizer.wordpiece.WordPiece;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** The WordPiece model of a {@code tokenizer.json}, and {@code vocab.txt}. */
final class WordPieceJson implements ModelJson {

  private static final String TYPE = "WordPiece";

  /** The longest word of BERT, in characters. */
  static final int LONGEST_WORD = 100;

  @Override
  public boolean isOf(TokenModel model) {
    return model instanceof WordPiece;
  }

  @Override
  public TokenModel read(StageJson json) throws IOException {
    return new WordPiece(
        json.vocabularyOfIds(),
        json.text("unk_token", "[UNK]"),
        json.text("continuing_subword_prefix", "##"),
        json.number("max_input_chars_per_word", LONGEST_WORD));
  }

  @Override
  public void write(TokenModel model, ObjectNode json) {
    json.set("vocab", Json.ids(model.vocabulary()));
  }

  @Override
  public ObjectNode settings(TokenModel model) {
    var wordPiece = (WordPiece) model;
    return Json.MAPPER
        .createObjectNode()
        .put("type", TYPE)
        .put("unk_token", wordPiece.unknown())
        .put("continuing_subword_prefix", wordPiece.prefix())
        .put("max_input_chars_per_word", wordPiece.longestWord());
  }

  @Override
  public Map<String, byte[]> files(TokenModel model) {
    var lines = lines(model.vocabulary());
    return lines == null ? Map.of() : Map.of("vocab.txt", lines);
  }

  /** The tokens line by line; null if a line cannot tell them, as there are holes or line ends. */
  private static byte[] lines(Vocabulary vocabulary) {
    var text = new StringBuilder();
    for (int id = 0; id < vocabulary.size(); id++) {
      var token = vocabulary.tokenOrNull(id);
      if (token == null || token.indexOf('\n') >= 0 || token.indexOf('\r') >= 0) {
        return null;
      }
      text.append(token).append('\n');
    }
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }
}
