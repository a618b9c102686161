package dev.galen.tokenizer.hf;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.galen.tokenizer.stage.AddedToken;
import dev.galen.tokenizer.text.Quote;
import dev.galen.tokenizer.text.Utf8;
import java.io.IOException;

/** HuggingFace's JSON form of an {@link AddedToken}. */
final class AddedTokenJson {

  private AddedTokenJson() {}

  /**
   * Reads a token whose id is not known here.
   *
   * @param node an object with {@code content} and flags, or a string, which is a special token
   * @param place where it stands, for messages
   */
  static AddedToken read(JsonNode node, String place) throws IOException {
    var content = node.isObject() ? node.path("content") : node;
    if (!content.isTextual()) {
      throw new IOException(
          "%s: expected an added token, got %s".formatted(place, Quote.of(node.toString())));
    }
    boolean special = Json.flag(node, "special", true, place);
    return new AddedToken(
        AddedToken.UNKNOWN_ID,
        requireContent(content.textValue(), place),
        special,
        Json.flag(node, "lstrip", false, place),
        Json.flag(node, "rstrip", false, place),
        Json.flag(node, "single_word", false, place),
        Json.flag(node, "normalized", !special, place));
  }

  /** The content of an added token, or the line that says why it cannot be one. */
  static String requireContent(String content, String place) throws IOException {
    if (content.isEmpty()) {
      throw new IOException("%s: an added token is empty; take it out".formatted(place));
    }
    try {
      Utf8.encode(content);
    } catch (IllegalArgumentException e) {
      throw new IOException("%s: added token: %s".formatted(place, e.getMessage()), e);
    }
    return content;
  }

  /** The id that a file gives an added token. */
  static int requireId(int id, String content, String place) throws IOException {
    if (id < 0) {
      throw new IOException(
          "%s: added token \"%s\" has the negative id %d".formatted(place, Quote.of(content), id));
    }
    return id;
  }

  /** The token with its flags, without its id. */
  static ObjectNode write(AddedToken token) {
    return Json.MAPPER
        .createObjectNode()
        .put("content", token.content())
        .put("single_word", token.singleWord())
        .put("lstrip", token.stripsLeft())
        .put("rstrip", token.stripsRight())
        .put("normalized", token.normalized())
        .put("special", token.special());
  }
}
