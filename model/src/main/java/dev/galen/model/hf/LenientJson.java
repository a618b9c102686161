package dev.galen.model.hf;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.galen.tensor.io.ErrorText;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * JSON as Python's {@code json} module takes and writes it, which made these files: {@code NaN},
 * {@code Infinity} and {@code -Infinity} are numbers. A field that is used is checked by {@link
 * JsonFields}.
 */
public final class LenientJson {
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .disable(JsonWriteFeature.WRITE_NAN_AS_STRINGS)
          .build();

  private static final ObjectWriter WRITER = JSON.writerWithDefaultPrettyPrinter();

  private LenientJson() {}

  /**
   * The object that {@code file} holds.
   *
   * @throws IOException if it cannot be read, or holds anything else; the message names it
   */
  public static ObjectNode readObject(Path file) throws IOException {
    try {
      return parseObject(Files.readString(file));
    } catch (IllegalArgumentException e) {
      throw new IOException(file + ": " + e.getMessage(), e);
    } catch (IOException e) {
      throw ErrorText.named(file, e);
    }
  }

  /**
   * The object that {@code text} holds.
   *
   * @throws IllegalArgumentException if it holds anything else
   */
  public static ObjectNode parseObject(String text) {
    JsonNode json;
    try {
      json = JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("not valid JSON: " + e.getOriginalMessage(), e);
    }
    if (json == null || !json.isObject()) {
      throw new IllegalArgumentException("expected a JSON object");
    }
    return (ObjectNode) json;
  }

  /** Numbers, strings, booleans, null, lists and maps as JSON. */
  static JsonNode tree(Object value) {
    return JSON.valueToTree(value);
  }

  /** The text of a file with {@code json}. */
  public static String text(ObjectNode json) {
    try {
      return WRITER.writeValueAsString(json) + "\n";
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }
}
