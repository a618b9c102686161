package dev.galen.tokenizer.hf;

import dev.galen.tokenizer.stage.Vocabulary;
import dev.galen.tokenizer.text.Quote;
import dev.galen.tokenizer.wordpiece.WordPiece;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;

/** BERT's {@code vocab.txt}: a token a line, whose number, from 0 on, is its id. */
final class VocabularyText {

  private VocabularyText() {}

  static TokenizerDefinition read(Path file, TokenizerConfig config) throws IOException {
    var rules = config.rules() == TokenizerClass.BERT ? config : config.as(TokenizerClass.BERT);
    if (config.rules().hasOwnStages() && config.rules() != TokenizerClass.BERT) {
      throw new IOException(
          "%s: is a vocabulary of BertTokenizer, but the files beside it name another class"
              .formatted(file));
    }
    var root = Json.MAPPER.createObjectNode();
    ClassRules.apply(root, rules);
    var vocabulary = Vocabulary.of(readIds(file), file.toString());
    var unknown = root.path("model").path("unk_token").asText();
    var model = new WordPiece(vocabulary, unknown, "##", WordPieceJson.LONGEST_WORD);
    return TokenizerJson.ofModel(file, model, List.of(), root, rules);
  }

  private static LinkedHashMap<String, Integer> readIds(Path file) throws IOException {
    String text;
    try {
      text =
          StandardCharsets.UTF_8
              .newDecoder()
              .decode(ByteBuffer.wrap(Files.readAllBytes(file)))
              .toString();
    } catch (IOException e) {
      throw Json.unreadable(file, e);
    }
    var ids = new LinkedHashMap<String, Integer>();
    int line = 0;
    // As Python reads lines: a carriage return ends one as well.
    for (int at = 0; at < text.length(); line++) {
      int end = at;
      while (end < text.length() && text.charAt(end) != '\n' && text.charAt(end) != '\r') {
        end++;
      }
      var token = text.substring(at, end);
      if (ids.put(token, line) != null) {
        throw new IOException(
            "%s: line %d: \"%s\" is there twice".formatted(file, line + 1, Quote.of(token)));
      }
      at = text.startsWith("\r\n", end) ? end + 2 : end + 1;
    }
    return ids;
  }
}
