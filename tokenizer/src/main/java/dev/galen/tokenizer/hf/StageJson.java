package dev.galen.tokenizer.hf;

import com.fasterxml.jackson.databind.JsonNode;
import dev.galen.tokenizer.pattern.Finder;
import dev.galen.tokenizer.pattern.LiteralFinder;
import dev.galen.tokenizer.pattern.RegexFinder;
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
 * @param readsBytes whether the model reads bytes as they are; else it sees what spells them
 * @param vocabulary all tokens, once they are known; else null
 */
record StageJson(
    JsonNode node,
    String field,
    Path file,
    TokenizerConfig config,
    boolean readsBytes,
    Vocabulary vocabulary) {

  /** A part of this stage. */
  StageJson with(JsonNode part) {
    return new StageJson(part, field, file, config, readsBytes, vocabulary);
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

  /** A field that is a text. */
  String text(String name) throws IOException {
    var text = text(name, null);
    if (text == null) {
      throw new IOException("%s: %s is missing".formatted(place(), name));
    }
    return text;
  }

  String text(String name, String fallback) throws IOException {
    var value = node.path(name);
    if (value.isMissingNode() || value.isNull()) {
      return fallback;
    }
    if (!value.isTextual()) {
      throw new IOException(
          "%s: %s is %s, expected a text".formatted(place(), name, Quote.of(value.toString())));
    }
    return value.textValue();
  }

  /** A field that is one character. */
  int character(String name, int fallback) throws IOException {
    var text = text(name, fallback < 0 ? "" : Character.toString(fallback));
    if (text.codePointCount(0, text.length()) != 1) {
      throw new IOException(
          "%s: %s is \"%s\", expected one character".formatted(place(), name, Quote.of(text)));
    }
    return text.codePointAt(0);
  }

  /** A field that is an int. */
  int number(String name, int fallback) throws IOException {
    var value = node.path(name);
    if (value.isMissingNode() || value.isNull()) {
      return fallback;
    }
    if (!value.isInt()) {
      throw new IOException(
          "%s: %s is %s, expected an int".formatted(place(), name, Quote.of(value.toString())));
    }
    return value.intValue();
  }

  /** What the field {@code pattern} looks for. */
  Finder pattern() throws IOException {
    var pattern = node.path("pattern");
    var literal = pattern.path("String");
    if (literal.isTextual() && !literal.textValue().isEmpty()) {
      return new LiteralFinder(literal.textValue());
    }
    if (!pattern.path("Regex").isTextual()) {
      throw refused(
          "%s %s with pattern %s".formatted(field, type(), Quote.of(pattern.toString())),
          "a String that is not empty and a Regex are");
    }
    var regex = pattern.path("Regex").textValue();
    try {
      return RegexFinder.of(regex);
    } catch (IllegalArgumentException e) {
      throw new IOException(
          "%s: the regular expression \"%s\" is not supported: %s"
              .formatted(place(), Quote.of(regex), e.getMessage()),
          e);
    }
  }

  /** The tokens of a model that numbers them. */
  Vocabulary vocabularyOfIds() throws IOException {
    var ids = Json.readIds(node.path("vocab"), file + ": model.vocab");
    return Vocabulary.of(ids, file.toString());
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
