package dev.galen.tokenizer.hf;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.galen.tokenizer.split.NumberedWords;
import java.io.IOException;
import java.util.Map;

/**
 * What the classes of transformers 5 make of a directory: they build their stages themselves, and
 * take from {@code tokenizer.json} the tokens, the merges and at most the post-processor.
 */
final class ClassRules {

  private ClassRules() {}

  /** The special tokens that a class has without being told, by role. */
  static Map<String, String> roles(TokenizerClass rules) {
    var end = TokenizerDefinition.END_OF_TEXT;
    return switch (rules) {
      case UNNAMED, OF_FILE -> Map.of();
      case GPT2 -> TokenSet.GPT2_ROLES;
      case LLAMA -> Map.of("bos_token", "<s>", "eos_token", "</s>", "unk_token", "<unk>");
      case QWEN2 -> Map.of("unk_token", end, "eos_token", end, "pad_token", end);
      case GPT_NEOX ->
          Map.of("unk_token", end, "bos_token", end, "eos_token", end, "pad_token", "<|padding|>");
      case ROBERTA ->
          Map.of(
              "bos_token", "<s>",
              "eos_token", "</s>",
              "unk_token", "<unk>",
              "sep_token", "</s>",
              "pad_token", "<pad>",
              "cls_token", "<s>",
              "mask_token", "<mask>");
      case BERT ->
          Map.of(
              "unk_token", "[UNK]",
              "sep_token", "[SEP]",
              "pad_token", "[PAD]",
              "cls_token", "[CLS]",
              "mask_token", "[MASK]");
      case T5 -> Map.of("eos_token", "</s>", "unk_token", "<unk>", "pad_token", "<pad>");
    };
  }

  /**
   * Puts the stages of a class in place of those of a {@code tokenizer.json}, all but the
   * post-processor.
   */
  static void apply(ObjectNode root, TokenizerConfig config) throws IOException {
    var model = root.withObject("/model");
    switch (config.rules()) {
      case UNNAMED, OF_FILE -> {}
      case GPT2 -> {
        if (root.path("normalizer").isObject()) {
          root.putNull("normalizer");
        }
        if (!isByteLevel(root.path("pre_tokenizer"))) {
          root.set("pre_tokenizer", byteLevel(config.flag("add_prefix_space")));
        }
        if (!isByteLevel(root.path("decoder"))) {
          root.set("decoder", json("{'type': 'ByteLevel'}"));
        }
      }
      case ROBERTA -> bytes(root, model, config.flag("add_prefix_space"), null);
      case GPT_NEOX -> bytes(root, model, config.flag("add_prefix_space"), "NFC");
      case QWEN2 -> {
        bytes(root, model, false, "NFC");
        var cuts =
            root.putObject("pre_tokenizer").put("type", "Sequence").putArray("pretokenizers");
        var split = cuts.addObject().put("type", "Split");
        split.putObject("pattern").put("Regex", NumberedWords.SINGLE_DIGITS);
        split.put("behavior", "Isolated").put("invert", false);
        cuts.addObject()
            .put("type", "ByteLevel")
            .put("add_prefix_space", config.flag("add_prefix_space"))
            .put("use_regex", false);
      }
      case LLAMA -> llama(root, model, config);
      case BERT -> bert(root, model, config);
      case T5 -> t5(root, model);
    }
  }

  private static void bytes(ObjectNode root, ObjectNode model, boolean prefix, String form)
      throws IOException {
    root.set("normalizer", form == null ? null : json("{'type': '%s'}".formatted(form)));
    root.set("pre_tokenizer", byteLevel(prefix));
    root.set("decoder", json("{'type': 'ByteLevel'}"));
    model.put("type", "BPE").putNull("dropout").putNull("unk_token").putNull("fuse_unk");
    model.putNull("continuing_subword_prefix").putNull("end_of_word_suffix");
    model.put("byte_fallback", false).put("ignore_merges", false);
  }

  private static boolean isByteLevel(JsonNode stage) {
    return stage.path("type").asText().equals("ByteLevel");
  }

  private static JsonNode byteLevel(boolean prefix) throws IOException {
    return json(
        "{'type': 'ByteLevel', 'add_prefix_space': %s, 'use_regex': true}".formatted(prefix));
  }

  private static void llama(ObjectNode root, ObjectNode model, TokenizerConfig config)
      throws IOException {
    boolean prefix = config.flag("add_prefix_space", true);
    var scheme = !prefix ? "never" : config.flag("legacy") ? "always" : "first";
    root.putNull("normalizer");
    root.set(
        "pre_tokenizer",
        json(
            "{'type': 'Metaspace', 'replacement': '\u2581', 'prepend_scheme': '%s', 'split': false}"
                .formatted(scheme)));
    root.set(
        "decoder",
        json(
            """
            {'type': 'Sequence', 'decoders': [
              {'type': 'Replace', 'pattern': {'String': '\u2581'}, 'content': ' '},
              {'type': 'ByteFallback'}, {'type': 'Fuse'}%s]}
            """
                .formatted(
                    prefix ? ", {'type': 'Strip', 'content': ' ', 'start': 1, 'stop': 0}" : "")));
    model.put("type", "BPE").putNull("dropout").putNull("unk_token").put("fuse_unk", true);
    model.putNull("continuing_subword_prefix").putNull("end_of_word_suffix");
    model.put("byte_fallback", true).put("ignore_merges", false);
  }

  private static void bert(ObjectNode root, ObjectNode model, TokenizerConfig config)
      throws IOException {
    boolean lowersCase = config.flag("do_lower_case", true);
    root.putObject("normalizer")
        .put("type", "BertNormalizer")
        .put("clean_text", true)
        .put("handle_chinese_chars", config.flag("tokenize_chinese_chars", true))
        .put("strip_accents", config.flag("strip_accents", lowersCase))
        .put("lowercase", lowersCase);
    root.set("pre_tokenizer", json("{'type': 'BertPreTokenizer'}"));
    root.set("decoder", json("{'type': 'WordPiece', 'prefix': '##', 'cleanup': true}"));
    model
        .put("type", "WordPiece")
        .put("unk_token", config.names().contentsByRole().getOrDefault("unk_token", "[UNK]"))
        .put("continuing_subword_prefix", "##")
        .put("max_input_chars_per_word", WordPieceJson.LONGEST_WORD);
  }

  private static void t5(ObjectNode root, ObjectNode model) throws IOException {
    var normalizers = root.path("normalizer").path("normalizers");
    JsonNode map = null;
    if (isMap(root.path("normalizer"))) {
      map = root.get("normalizer");
    }
    for (var node : normalizers) {
      if (map == null && isMap(node)) {
        map = node;
      }
    }
    root.set("normalizer", map);
    root.set(
        "pre_tokenizer",
        json(
            """
            {'type': 'Sequence', 'pretokenizers': [{'type': 'WhitespaceSplit'},
              {'type': 'Metaspace', 'replacement': '\u2581', 'prepend_scheme': 'always',
               'split': true}]}
            """));
    root.set(
        "decoder",
        json(
            "{'type': 'Metaspace', 'replacement': '\u2581', 'prepend_scheme': 'always',"
                + " 'split': true}"));
    model.put("type", "Unigram").put("unk_id", 2).put("byte_fallback", false);
  }

  private static boolean isMap(JsonNode normalizer) {
    return normalizer.path("type").asText().equals("Precompiled");
  }

  /**
   * The post-processor of a class.
   *
   * @param ofFile what {@code tokenizer.json} says, null or missing if it says nothing
   * @param hasFile whether there is a {@code tokenizer.json}
   */
  static JsonNode postProcessor(
      JsonNode ofFile, boolean hasFile, TokenSet tokens, TokenizerConfig config)
      throws IOException {
    var rules = config.rules();
    var token = new Special(tokens);
    return switch (rules) {
      case UNNAMED, OF_FILE, GPT2 -> ofFile;
      case LLAMA, QWEN2 ->
          hasFile && ofFile.isObject() ? ofFile : ends(config, !hasFile, tokens, token);
      case GPT_NEOX -> ends(config, !hasFile, tokens, token);
      case BERT ->
          token.template(
              "cls_token:0 A:0 sep_token:0", "cls_token:0 A:0 sep_token:0 B:1 sep_token:1");
      case T5 -> token.template("A:0 eos_token:0", "A:0 eos_token:0 B:0 eos_token:0");
      case ROBERTA -> {
        var json = Json.MAPPER.createObjectNode().put("type", "RobertaProcessing");
        json.putArray("sep").add(token.content("sep_token")).add(token.id("sep_token"));
        json.putArray("cls").add(token.content("cls_token")).add(token.id("cls_token"));
        json.put("trim_offsets", config.flag("trim_offsets", true));
        yield json.put("add_prefix_space", config.flag("add_prefix_space"));
      }
    };
  }

  private static JsonNode ends(
      TokenizerConfig config, boolean counts, TokenSet tokens, Special token) throws IOException {
    boolean begin =
        counts && config.flag("add_bos_token") && tokens.roles().containsKey("bos_token");
    boolean end = counts && config.flag("add_eos_token") && tokens.roles().containsKey("eos_token");
    var single = (begin ? "bos_token:0 " : "") + "A:0" + (end ? " eos_token:0" : "");
    var second = (begin ? " bos_token:1" : "") + " B:1" + (end ? " eos_token:1" : "");
    return token.template(single, single + second);
  }

  /** Special tokens by role, and templates of them. */
  private record Special(TokenSet tokens) {

    String content(String role) {
      return tokens.roles().get(role);
    }

    int id(String role) {
      return tokens.vocabulary().id(content(role));
    }

    ObjectNode template(String single, String pair) {
      var root = Json.MAPPER.createObjectNode().put("type", "TemplateProcessing");
      var special = Json.MAPPER.createObjectNode();
      add(root, "single", single, special);
      add(root, "pair", pair, special);
      root.set("special_tokens", special);
      return root;
    }

    private void add(ObjectNode root, String name, String parts, ObjectNode special) {
      var array = root.putArray(name);
      for (var part : parts.split(" ")) {
        var role = part.substring(0, part.length() - 2);
        int typeId = part.charAt(part.length() - 1) - '0';
        if (role.length() == 1) {
          array.addObject().putObject("Sequence").put("id", role).put("type_id", typeId);
        } else {
          var content = content(role);
          array.addObject().putObject("SpecialToken").put("id", content).put("type_id", typeId);
          var entry = special.putObject(content).put("id", content);
          entry.putArray("ids").add(id(role));
          entry.putArray("tokens").add(content);
        }
      }
    }
  }

  /** A little JSON with single quotes. */
  static JsonNode json(String text) throws IOException {
    try {
      return Json.MAPPER.readTree(text.replace('\'', '"'));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
