package dev.galen.tokenizer.hf;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.galen.tokenizer.post.Template;
import dev.galen.tokenizer.stage.AddedToken;
import dev.galen.tokenizer.stage.Stages;
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
    var modelJson = stage(root, "model", config);
    boolean untyped = !modelJson.node().has("type") && modelJson.node().has("merges");
    var model = Components.models().read(modelJson, untyped ? "BPE" : modelJson.type());
    var normalizer = Components.NORMALIZERS.read(stage(root, "normalizer", config));
    var preTokenizer = Components.PRE_TOKENIZERS.read(stage(root, "pre_tokenizer", config));
    var decoder = Components.DECODERS.read(stage(root, "decoder", config));
    var listed = readAddedTokens(root.path("added_tokens"));
    if (config.rules() == TokenizerClass.GPT2) {
      config.addGpt2Roles(model.vocabulary());
      if (config.numbersAddedTokens()) {
        listed = List.of();
      }
    }
    var tokens = TokenSet.of(file, model.vocabulary(), listed, config);
    var postProcessor =
        Components.POST_PROCESSORS.read(
            new StageJson(
                root.path("post_processor"), "post_processor", file, config, tokens.vocabulary()));
    // Kept for a save; these two would be most of it, and are known otherwise.
    ((ObjectNode) root.path("model")).putNull("vocab").putNull("merges");
    return new TokenizerDefinition(
        new Stages(normalizer, preTokenizer, model, postProcessor, decoder),
        tokens,
        config.flag("split_special_tokens"),
        LoadedFiles.of(config, root));
  }

  private StageJson stage(ObjectNode root, String field, TokenizerConfig config) {
    return new StageJson(root.path(field), field, file, config, null);
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
