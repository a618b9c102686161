package dev.galen.tokenizer;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** JSON files with errors of one line that name file and place. */
final class Json {

  static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  // A vocabulary's keys are all different: nothing is won by sharing them.
                  .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                  .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
                  .build())
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private Json() {}

  /** The object in a file. */
  static JsonNode readObject(Path file) throws IOException {
    JsonNode root;
    try (var in = Files.newInputStream(file)) {
      root = MAPPER.readTree(in);
    } catch (JsonProcessingException e) {
      var at = e.getLocation();
      var place =
          at == null ? "" : " at line %d, column %d".formatted(at.getLineNr(), at.getColumnNr());
      // The parser's remark on where an unclosed object starts would be longer than the message.
      var problem = e.getOriginalMessage().replaceFirst("(?s) \\(start marker.*|\\R.*", "");
      throw new IOException("%s: not valid JSON%s: %s".formatted(file, place, problem), e);
    }
    if (!root.isObject()) {
      throw new IOException("%s: expected a JSON object, got %s".formatted(file, nameOf(root)));
    }
    return root;
  }

  /** An object of ids by token. */
  static Map<String, Integer> readIds(JsonNode object, String place) throws IOException {
    if (!object.isObject()) {
      throw new IOException(
          "%s: expected an object of ids by token, got %s".formatted(place, nameOf(object)));
    }
    var ids = new LinkedHashMap<String, Integer>(object.size() * 2);
    for (var entry : object.properties()) {
      if (!entry.getValue().isInt()) {
        throw new IOException(
            "%s: the id of token \"%s\" is %s, not an int"
                .formatted(place, entry.getKey(), entry.getValue()));
      }
      ids.put(entry.getKey(), entry.getValue().intValue());
    }
    return ids;
  }

  /** What kind of JSON value a node is, in words. */
  private static String nameOf(JsonNode node) {
    return node.isMissingNode() ? "nothing" : node.getNodeType().name().toLowerCase(Locale.ROOT);
  }
}
