package dev.galen.model.engine.constraint;

import dev.galen.tokenizer.BpeTrainer;
import dev.galen.tokenizer.Tokenizer;
import dev.galen.tokenizer.UnigramTrainer;
import java.util.ArrayList;
import java.util.List;

/**
 * Tokenizers of both kinds, learned from JSON, so that their tokens cross the borders of values.
 */
final class Vocabularies {
  private static final List<String> TEXTS =
      List.of(
          "{\"name\": \"Ada\", \"age\": 41, \"tags\": [\"a\", \"b\"], \"smoker\": false}",
          "{\"diagnosis\":\"pneumonia\",\"confidence\":0.93,\"sites\":[],\"note\":null}",
          "[[1, 2], [3.5, -4e10]]\n{\"é\": \"naïve café \\u00e9 \\\"quoted\\\" \\\\ \"}",
          "{\n  \"children\": [\n    {\"value\": true},\n    {\"value\": {}}\n  ]\n}",
          "The patient denies chest pain; naïve 日本語 text 0123456789 aeiou {}[]:,.+-eE\"\\/");

  private Vocabularies() {}

  /** Byte-level, as GPT-2's. */
  static Tokenizer byteLevel() {
    return BpeTrainer.builder()
        .vocabularySize(420)
        .specialTokens("<|endoftext|>")
        .build()
        .train(texts());
  }

  /** Pieces with a mark for a space, as SentencePiece's. */
  static Tokenizer pieces() {
    return UnigramTrainer.of(150).train(texts());
  }

  private static List<String> texts() {
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      texts.addAll(TEXTS);
    }
    texts.add("abcdefghijklmnopqrstuvwxyz ABCDEFGHIJKLMNOPQRSTUVWXYZ _~ \n");
    return texts;
  }
}
