package dev.galen.tokenizer.hf;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.galen.tokenizer.bpe.ByteLevelBpe;
import dev.galen.tokenizer.post.Template;
import dev.galen.tokenizer.stage.AddedToken;
import dev.galen.tokenizer.stage.Stages;
import dev.galen.tokenizer.stage.TokenModel;
import dev.galen.tokenizer.stage.Vocabulary;
import dev.galen.tokenizer.text.Quote;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

/**
 * HuggingFace's {@code tokenizer.json}. Anything in it that would change ids and that none of the
 * {@link Components} does is refused by name.
 */
final class TokenizerJson {

  static final String FILE = "tokenizer.json";

  private final Path file;

  private TokenizerJson(Path file) {
    this.file = file;
  }

  static TokenizerDefinition read(Path file, TokenizerConfig config) throws IOException {
    return new TokenizerJson(file).read(config);
  }

  private TokenizerDefinition read(TokenizerConfig config) throws IOException {
    var root = (ObjectNode) Json.readObject(file);
    if (root.path("model").isObject()) {
      ClassRules.apply(root, config);
    }
    var modelJson = stage(root, "model", config, readsBytes(root));
    var model = Components.models().read(modelJson, type(modelJson));
    var listed = readAddedTokens(root.path("added_tokens"));
    if (config.rules().hasOwnStages()) {
      addRoles(model.vocabulary(), config);
      if (config.numbersAddedTokens()) {
        listed = List.of();
      }
    }
    return join(root, model, listed, true, config);
  }

  /**
   * Joins a model and the stages that stand around it.
   *
   * @param root a {@code tokenizer.json}, in which nothing is needed of the model
   * @param listed its added tokens
   * @param hasFile whether it is a file
   */
  private TokenizerDefinition join(
      ObjectNode root,
      TokenModel model,
      List<AddedToken> listed,
      boolean hasFile,
      TokenizerConfig config)
      throws IOException {
    boolean bytes = model instanceof ByteLevelBpe;
    var normalizer = Components.normalizers().read(stage(root, "normalizer", config, bytes));
    var preTokenizer = Components.preTokenizers().read(stage(root, "pre_tokenizer", config, bytes));
    var decoder = Components.decoders(bytes).read(stage(root, "decoder", config, bytes));
    var tokens = TokenSet.of(file, model.vocabulary(), listed, config);
    root.set(
        "post_processor",
        ClassRules.postProcessor(root.path("post_processor"), hasFile, tokens, config));
    var postProcessor =
        Components.postProcessors()
            .read(
                new StageJson(
                    root.path("post_processor"),
                    "post_processor",
                    file,
                    config,
                    bytes,
                    tokens.vocabulary()));
    // Kept for a save; these two would be most of it, and are known otherwise.
    ((ObjectNode) root.path("model")).putNull("vocab").putNull("merges");
    return new TokenizerDefinition(
        new Stages(normalizer, preTokenizer, model, postProcessor, decoder),
        tokens,
        config.flag("split_special_tokens"),
        LoadedFiles.of(config, root, Limits.read(root, file)));
  }

  /**
   * A tokenizer of a model's own files, with the stages that its class has.
   *
   * @param file the model's file, for messages
   * @param listed tokens that are found in the text as they stand
   */
  static TokenizerDefinition ofModel(
      Path file, TokenModel model, List<AddedToken> listed, ObjectNode root, TokenizerConfig config)
      throws IOException {
    root.put("version", "1.0");
    if (!root.has("model")) {
      root.set("model", Components.writer(model).settings(model));
    }
    addRoles(model.vocabulary(), config);
    return new TokenizerJson(file).join(root, model, listed, false, config);
  }

  private static void addRoles(Vocabulary vocabulary, TokenizerConfig config) {
    if (config.rules() == TokenizerClass.GPT2) {
      config.addGpt2Roles(vocabulary);
    } else {
      config.addRoles();
    }
  }

  /** The type of a model; older files leave it out. */
  private static String type(StageJson json) {
    var model = json.node();
    if (model.has("type") || !model.isObject()) {
      return json.type();
    }
    if (model.has("merges")) {
      return "BPE";
    }
    if (model.has("max_input_chars_per_word")) {
      return "WordPiece";
    }
    return model.has("unk_id") && model.path("vocab").isArray() ? "Unigram" : json.type();
  }

  /**
   * Whether a model reads the bytes of a text as they are: a BPE model does where spelling them is
   * the last that happens to a text before.
   */
  static boolean readsBytes(ObjectNode root) {
    var model = root.path("model");
    var type = model.path("type").asText("BPE");
    var cuts = new ArrayList<String>();
    addTypes(root.path("pre_tokenizer"), "pretokenizers", cuts);
    var normalizers = new ArrayList<String>();
    addTypes(root.path("normalizer"), "normalizers", normalizers);
    return type.equals("BPE")
        && BpeJson.canReadBytes(model)
        && cuts.indexOf("ByteLevel") == cuts.size() - 1
        && !cuts.isEmpty()
        && !normalizers.contains("ByteLevel");
  }

  private static void addTypes(JsonNode stage, String parts, List<String> types) {
    if (stage.path("type").asText().equals("Sequence")) {
      for (var part : stage.path(parts)) {
        addTypes(part, parts, types);
      }
    } else if (stage.isObject()) {
      types.add(stage.path("type").asText());
    }
  }

  private StageJson stage(ObjectNode root, String field, TokenizerConfig config, boolean bytes) {
    return new StageJson(root.path(field), field, file, config, bytes, null);
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
  static ObjectNode write(TokenizerDefinition definition) {
    var root = definition.files().tokenizerJson().deepCopy();
    if (root.isEmpty()) {
      root = bare(definition);
    }
    var added = root.putArray("added_tokens");
    for (var token : definition.tokens().added()) {
      added.addObject().put("id", token.id()).setAll(AddedTokenJson.write(token));
    }
    var model = definition.stages().model();
    ((ObjectNode) root.get("model")).remove(List.of("vocab", "merges"));
    Components.writer(model).write(model, (ObjectNode) root.get("model"));
    return root;
  }

  private static ObjectNode bare(TokenizerDefinition definition) {
    var stages = definition.stages();
    var root = Json.MAPPER.createObjectNode().put("version", "1.0");
    root.putNull("truncation").putNull("padding");
    root.putArray("added_tokens");
    root.putNull("normalizer");
    root.set("pre_tokenizer", byteLevel(definition.addsPrefixSpace(), true));
    root.set(
        "post_processor",
        stages.postProcessor() instanceof Template template
            ? PostProcessorJson.write(template)
            : byteLevel(true, false));
    root.set("decoder", byteLevel(true, true));
    root.set("model", Components.writer(stages.model()).settings(stages.model()));
    return root;
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
