package dev.galen.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.function.Supplier;

/**
 * HuggingFace's {@code tokenizer.json}. Anything in it that would change ids and that {@link
 * BpeTokenizer} does not do is refused by name.
 */
final class TokenizerJson {

  static final String FILE = "tokenizer.json";

  private final Path file;

  private TokenizerJson(Path file) {
    this.file = file;
  }

  static BpeDefinition read(Path file, TokenizerConfig config) throws IOException {
    return new TokenizerJson(file).read(config);
  }

  private BpeDefinition read(TokenizerConfig config) throws IOException {
    var root = (ObjectNode) Json.readObject(file);
    var model = root.path("model");
    requireModel(model);
    requireNone("normalizer", root.path("normalizer"));
    var preTokenizer = requireByteLevel("pre_tokenizer", root.path("pre_tokenizer"));
    if (isSet(root.path("decoder"))) {
      requireByteLevel("decoder", root.path("decoder"));
    }
    if (!flag(preTokenizer, "use_regex", true, "pre_tokenizer")) {
      throw refused("pre_tokenizer ByteLevel with use_regex false", "true");
    }
    var vocabulary =
        Vocabulary.of(Json.readIds(model.path("vocab"), file + ": model.vocab"), file.toString());
    var merges = readMerges(model.path("merges"), vocabulary);
    var added = readAddedTokens(root.path("added_tokens"));
    boolean addPrefixSpace = flag(preTokenizer, "add_prefix_space", true, "pre_tokenizer");
    boolean ignoreMerges = flag(model, "ignore_merges", false, "model");
    if (config.rules() == TokenizerClass.GPT2) {
      addPrefixSpace = config.flag("add_prefix_space");
      ignoreMerges = false;
      config.addGpt2Roles(vocabulary);
      if (config.numbersAddedTokens()) {
        added = List.of();
      }
    }
    // Kept for a save; these two would be most of it, and are known otherwise.
    ((ObjectNode) model).putNull("vocab").putNull("merges");
    return BpeDefinition.of(
        file, new BpeModel(vocabulary, merges, ignoreMerges), root, added, config, addPrefixSpace);
  }

  private boolean flag(JsonNode part, String name, boolean fallback, String place)
      throws IOException {
    return Json.flag(part, name, fallback, file + ": " + place);
  }

  private void requireModel(JsonNode model) throws IOException {
    var type = model.path("type").asText(model.has("merges") ? "BPE" : "none");
    if (!type.equals("BPE")) {
      throw refused("model " + Quote.of(type), "BPE");
    }
    var dropout = model.path("dropout");
    if (isSet(dropout) && !(dropout.isNumber() && dropout.doubleValue() == 0)) {
      throw refused("BPE dropout " + Quote.of(dropout.toString()), "null");
    }
    for (var affix : List.of("continuing_subword_prefix", "end_of_word_suffix")) {
      if (isSet(model.path(affix)) && !model.path(affix).asText("?").isEmpty()) {
        throw refused("BPE " + affix + " " + Quote.of(model.path(affix).toString()), "none");
      }
    }
    if (flag(model, "byte_fallback", false, "model")) {
      throw refused("BPE byte_fallback true", "false");
    }
  }

  private void requireNone(String part, JsonNode node) throws IOException {
    boolean emptySequence = typeOf(node).equals("Sequence") && parts(node).isEmpty();
    if (isSet(node) && !emptySequence) {
      throw refused(part + " " + typeOf(node), "none");
    }
  }

  /** The ByteLevel object that a part is, perhaps as the only one of a sequence. */
  private JsonNode requireByteLevel(String part, JsonNode node) throws IOException {
    if (typeOf(node).equals("Sequence") && parts(node).size() == 1) {
      return requireByteLevel(part, parts(node).get(0));
    }
    if (!typeOf(node).equals("ByteLevel")) {
      throw refused(part + " " + typeOf(node), "ByteLevel");
    }
    return node;
  }

  private static List<JsonNode> parts(JsonNode sequence) {
    var parts = new ArrayList<JsonNode>();
    for (var name : List.of("normalizers", "pretokenizers", "decoders")) {
      sequence.path(name).forEach(parts::add);
    }
    return parts;
  }

  private static boolean isSet(JsonNode node) {
    return !node.isMissingNode() && !node.isNull();
  }

  private static String typeOf(JsonNode node) {
    return isSet(node) ? Quote.of(node.path("type").asText("of unknown type")) : "none";
  }

  private IOException refused(String found, String supported) {
    return new IOException(
        "%s: %s is not supported (only %s is)".formatted(file, found, supported));
  }

  private Merges readMerges(JsonNode nodes, Vocabulary vocabulary) throws IOException {
    if (!nodes.isArray()) {
      throw new IOException(file + ": model.merges is missing or not an array");
    }
    var merges = new Merges(vocabulary);
    for (var node : nodes) {
      // Told only where it is asked for: to spell fifty thousand places costs more than the merges.
      Supplier<String> place = () -> "%s: model.merges[%d]".formatted(file, merges.size());
      if (node.isTextual()) {
        merges.addLine(node.textValue(), place);
      } else if (node.size() == 2 && node.path(0).isTextual() && node.path(1).isTextual()) {
        merges.add(node.get(0).textValue(), node.get(1).textValue(), place);
      } else {
        throw new IOException(
            "%s: expected \"a b\" or [\"a\", \"b\"], got %s"
                .formatted(place.get(), Quote.of(node.toString())));
      }
    }
    return merges;
  }

  private List<AddedToken> readAddedTokens(JsonNode nodes) throws IOException {
    var added = new ArrayList<AddedToken>();
    var contents = new HashSet<String>();
    for (var node : nodes) {
      var place = "%s: added_tokens[%d]".formatted(file, added.size());
      if (!node.path("id").isInt()) {
        throw new IOException(
            "%s: expected an object with an id, got %s"
                .formatted(place, Quote.of(node.toString())));
      }
      var token = AddedTokenJson.read(node, place);
      if (!contents.add(token.content())) {
        throw new IOException(
            "%s: \"%s\" is listed twice".formatted(place, Quote.of(token.content())));
      }
      int id = AddedTokenJson.requireId(node.path("id").intValue(), token.content(), place);
      added.add(token.withId(id));
    }
    return added;
  }

  /** The contents of {@code tokenizer.json}: what was read, or what stands for bare files. */
  static ObjectNode write(BpeDefinition definition) {
    var root = definition.files().tokenizerJson().deepCopy();
    if (root.isEmpty()) {
      root = frame(definition);
    }
    var added = root.putArray("added_tokens");
    for (var token : definition.added()) {
      added.addObject().put("id", token.id()).setAll(AddedTokenJson.write(token));
    }
    var model = (ObjectNode) root.get("model");
    model.set("vocab", writeVocabulary(definition.model().vocabulary()));
    var merges = model.putArray("merges");
    for (int rank = 0; rank < definition.model().merges().size(); rank++) {
      merges.add(definition.model().merges().line(rank));
    }
    return root;
  }

  private static ObjectNode frame(BpeDefinition definition) {
    var root = Json.MAPPER.createObjectNode().put("version", "1.0");
    root.putNull("truncation").putNull("padding");
    root.putArray("added_tokens");
    root.putNull("normalizer");
    root.set("pre_tokenizer", byteLevel(definition.addPrefixSpace(), true));
    var ends = definition.frame();
    root.set(
        "post_processor",
        ends.isEmpty()
            ? byteLevel(true, false)
            : PostProcessorJson.template(ends, definition.vocabulary()));
    root.set("decoder", byteLevel(true, true));
    var model = root.putObject("model").put("type", "BPE");
    model.putNull("dropout").putNull("unk_token");
    model.put("continuing_subword_prefix", "").put("end_of_word_suffix", "");
    model.put("fuse_unk", false).put("byte_fallback", false);
    model.put("ignore_merges", definition.model().ignoreMerges());
    return root;
  }

  /** The ids by token, smallest id first. */
  static ObjectNode writeVocabulary(Vocabulary vocabulary) {
    var ids = Json.MAPPER.createObjectNode();
    for (int id = 0; id < vocabulary.size(); id++) {
      if (vocabulary.tokenOrNull(id) != null) {
        ids.put(vocabulary.tokenOrNull(id), id);
      }
    }
    return ids;
  }

  private static ObjectNode byteLevel(boolean addPrefixSpace, boolean trimOffsets) {
    return Json.MAPPER
        .createObjectNode()
        .put("type", "ByteLevel")
        .put("add_prefix_space", addPrefixSpace)
        .put("trim_offsets", trimOffsets)
        .put("use_regex", true);
  }
}
