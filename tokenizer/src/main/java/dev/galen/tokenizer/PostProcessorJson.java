package dev.galen.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** HuggingFace's post-processors, which put special tokens around a text. */
final class PostProcessorJson {

  private final Vocabulary vocabulary;
  private final String place;

  private PostProcessorJson(Vocabulary vocabulary, String place) {
    this.vocabulary = vocabulary;
    this.place = place;
  }

  /**
   * What a post-processor puts around a single text.
   *
   * @param node the post-processor; null and a missing one put nothing there
   * @param place where it stands, for messages
   * @throws IOException if it is of an unknown kind, or names an id that is no token
   */
  static Frame read(JsonNode node, Vocabulary vocabulary, String place) throws IOException {
    return new PostProcessorJson(vocabulary, place).read(node);
  }

  private Frame read(JsonNode node) throws IOException {
    if (node.isMissingNode() || node.isNull()) {
      return Frame.NONE;
    }
    var type = node.path("type").asText("of unknown type");
    return switch (type) {
      case "ByteLevel" -> Frame.NONE; // sets offsets, which nobody asks for here
      case "TemplateProcessing" -> template(node);
      case "BertProcessing", "RobertaProcessing" ->
          new Frame(new int[] {pair(node, "cls")}, new int[] {pair(node, "sep")});
      case "Sequence" -> sequence(node);
      default ->
          throw new IOException(
              "%s %s is not supported (only ByteLevel, TemplateProcessing, BertProcessing and"
                      .formatted(place, Quote.of(type))
                  + " RobertaProcessing are)");
    };
  }

  private Frame sequence(JsonNode node) throws IOException {
    var frame = Frame.NONE;
    for (var part : node.path("processors")) {
      var next = read(part);
      if (!frame.isEmpty() && !next.isEmpty()) {
        throw new IOException(
            place + " Sequence of two processors that add tokens is not supported (only one is)");
      }
      frame = frame.isEmpty() ? next : frame;
    }
    return frame;
  }

  private Frame template(JsonNode node) throws IOException {
    List<int[]> pieces = new ArrayList<>();
    int text = -1;
    for (var piece : node.path("single")) {
      var sequence = piece.path("Sequence").path("id").asText("");
      if (piece.has("SpecialToken")) {
        pieces.add(special(node, piece.path("SpecialToken").path("id").asText("")));
      } else if (sequence.equals("A") && text < 0) {
        text = pieces.size();
      } else {
        throw refusedTemplate(piece);
      }
    }
    if (text < 0) {
      throw refusedTemplate(node.path("single"));
    }
    return new Frame(join(pieces.subList(0, text)), join(pieces.subList(text, pieces.size())));
  }

  private IOException refusedTemplate(JsonNode part) {
    return new IOException(
        "%s TemplateProcessing with single %s is not supported (only special tokens around one $A"
                .formatted(place, Quote.of(part.toString()))
            + " are)");
  }

  private int[] special(JsonNode node, String name) throws IOException {
    var ids = node.path("special_tokens").path(name).path("ids");
    if (!ids.isArray()) {
      throw new IOException(
          "%s: special_tokens lacks the ids of \"%s\"".formatted(place, Quote.of(name)));
    }
    var special = new int[ids.size()];
    for (int i = 0; i < special.length; i++) {
      special[i] = requireToken(ids.get(i));
    }
    return special;
  }

  /** The id of {@code "cls": ["<s>", 0]}. */
  private int pair(JsonNode node, String name) throws IOException {
    return requireToken(node.path(name).path(1));
  }

  private int requireToken(JsonNode id) throws IOException {
    if (!id.isInt() || vocabulary.tokenOrNull(id.intValue()) == null) {
      throw new IOException(
          "%s: adds the id %s, which is no token".formatted(place, Quote.of(id.toString())));
    }
    return id.intValue();
  }

  private static int[] join(List<int[]> pieces) {
    var ids = new IntList(4);
    pieces.forEach(ids::addAll);
    return ids.toArray();
  }

  /** The {@code TemplateProcessing} that puts a frame around a text. */
  static ObjectNode template(Frame frame, Vocabulary vocabulary) {
    var root = Json.MAPPER.createObjectNode().put("type", "TemplateProcessing");
    var special = Json.MAPPER.createObjectNode();
    var single = root.putArray("single");
    addText(single, "A", frame, vocabulary, special);
    var pair = root.putArray("pair");
    addText(pair, "A", frame, vocabulary, special);
    addText(pair, "B", frame, vocabulary, special);
    root.set("special_tokens", special);
    return root;
  }

  private static void addText(
      ArrayNode pieces, String text, Frame frame, Vocabulary vocabulary, ObjectNode special) {
    addTokens(pieces, frame.before(), vocabulary, special);
    pieces.addObject().putObject("Sequence").put("id", text).put("type_id", 0);
    addTokens(pieces, frame.after(), vocabulary, special);
  }

  private static void addTokens(
      ArrayNode pieces, int[] ids, Vocabulary vocabulary, ObjectNode special) {
    for (int id : ids) {
      var token = vocabulary.tokenOrNull(id);
      pieces.addObject().putObject("SpecialToken").put("id", token).put("type_id", 0);
      var entry = special.putObject(token).put("id", token);
      entry.putArray("ids").add(id);
      entry.putArray("tokens").add(token);
    }
  }
}
