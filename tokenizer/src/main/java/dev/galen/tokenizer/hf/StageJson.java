package dev.galen.tokenizer.hf;

import com.fasterxml.jackson.databind.JsonNode;
import dev.galen.tokenizer.stage.Vocabulary;
import dev.galen.tokenizer.text.Quote;
import java.io.IOException;
import java.nio.file.Path;

/**
 * What {@code tokenizer.json} says of one stage, with all that it takes to read it.
 *
 * @param node its object; null or missing where the stage does nothing
 * @param field the field it stands in, for messages
 * @param file the file, for messages
 * @param config the files beside it
 * @param vocabulary all tokens, once they are known; else null
 */
record StageJson(
    JsonNode node, String field, Path file, TokenizerConfig config, Vocabulary vocabulary) {

  /** A part of this stage. */
  StageJson with(JsonNode part) {
    return new StageJson(part, field, file, config, vocabulary);
  }

  boolean isSet() {
    return !node.isMissingNode() && !node.isNull();
  }

  /** The type of its component. */
  String type() {
    return isSet() ? Quote.of(node.path("type").asText("of unknown type")) : "none";
  }

  /** File and field, for messages. */
  String place() {
    return file + ": " + field;
  }

  boolean flag(String name, boolean fallback) throws IOException {
    return Json.flag(node, name, fallback, place());
  }

  /** Whether the class by whose rules the file is read is GPT-2's. */
  boolean isGpt2() {
    return config.rules() == TokenizerClass.GPT2;
  }

  /** The line that refuses something of this file. */
  IOException refused(String found, String supported) {
    return new IOException("%s: %s is not supported (only %s)".formatted(file, found, supported));
  }
}
