package dev.galen.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;

/** HuggingFace's JSON form of an {@link AddedToken}. */
final class AddedTokenJson {

  private AddedTokenJson() {}

  /**
   * Reads a token.
   *
   * @param node an object with {@code content} and flags, or a string, which is a special token
   * @param place where it stands, for messages
   */
  static AddedToken read(int id, JsonNode node, String place) throws IOException {
    var content = node.isObject() ? node.path("content") : node;
    if (!content.isTextual() || content.textValue().isEmpty()) {
      throw new IOException("%s: expected an added token, got %s".formatted(place, node));
    }
    if (node.path("single_word").asBoolean()) {
      throw new IOException(
          "%s: added token %s is matched as a single word, which is not supported"
              .formatted(place, content));
    }
    try {
      Utf8.encode(content.textValue());
    } catch (IllegalArgumentException e) {
      throw new IOException("%s: added token: %s".formatted(place, e.getMessage()), e);
    }
    boolean special = node.path("special").asBoolean(true);
    return new AddedToken(
        id,
        content.textValue(),
        special,
        node.path("lstrip").asBoolean(),
        node.path("rstrip").asBoolean(),
        node.path("normalized").asBoolean(!special));
  }

  /** The token with its flags, without its id. */
  static ObjectNode write(AddedToken token) {
    return Json.MAPPER
        .createObjectNode()
        .put("content", token.content())
        .put("single_word", false)
        .put("lstrip", token.stripsLeft())
        .put("rstrip", token.stripsRight())
        .put("normalized", token.normalized())
        .put("special", token.special());
  }
}
