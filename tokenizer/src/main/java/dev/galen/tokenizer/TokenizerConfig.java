package dev.galen.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What {@code tokenizer_config.json}, {@code special_tokens_map.json} and {@code added_tokens.json}
 * say. As in HuggingFace's library the latter two, an older layout, are not looked at where the
 * first one has {@code added_tokens_decoder}; else they win over it.
 *
 * @param place where {@code tokenizer_config.json} stands, for messages
 * @param rules whose rules a {@code tokenizer.json} is read by
 * @param numbered added tokens whose id the files tell, by content
 * @param places where each of these stands, for messages
 * @param named special tokens that the files name, by content; their id is not known here
 * @param roles the content of the special tokens by role, {@code "eos_token"} and so on
 * @param config {@code tokenizer_config.json} as it stands, empty if there is none
 * @param specialTokens {@code special_tokens_map.json} as it stands, empty if there is none
 */
record TokenizerConfig(
    String place,
    TokenizerClass rules,
    Map<String, AddedToken> numbered,
    Map<String, String> places,
    Map<String, AddedToken> named,
    Map<String, String> roles,
    ObjectNode config,
    ObjectNode specialTokens) {

  static final String FILE = "tokenizer_config.json";
  static final String SPECIAL_TOKENS_FILE = "special_tokens_map.json";
  static final String ADDED_TOKENS_FILE = "added_tokens.json";

  static final List<String> ROLES =
      List.of(
          "bos_token",
          "eos_token",
          "unk_token",
          "sep_token",
          "pad_token",
          "cls_token",
          "mask_token");

  /** Where special tokens without a role are named, by the versions of the library. */
  private static final List<String> LISTS =
      List.of("additional_special_tokens", "extra_special_tokens", "model_specific_special_tokens");

  /** Reads those of the files that the directory has. */
  static TokenizerConfig read(Path directory) throws IOException {
    var file = directory.resolve(FILE);
    var config = readIfThere(file);
    var mapFile = directory.resolve(SPECIAL_TOKENS_FILE);
    var map = readIfThere(mapFile);
    var read =
        new TokenizerConfig(
            file.toString(),
            TokenizerClass.of(directory, config),
            new LinkedHashMap<>(),
            new LinkedHashMap<>(),
            new LinkedHashMap<>(),
            new LinkedHashMap<>(),
            config,
            map);
    if (config.hasNonNull("added_tokens_decoder")) {
      read.readDecoder(file);
      read.readNames(config, file);
    } else {
      read.readNames(map, mapFile);
      read.readNames(config, file);
      read.readAddedTokens(directory.resolve(ADDED_TOKENS_FILE));
    }
    return read;
  }

  /** What there is beside a vocabulary that stands alone. */
  static TokenizerConfig none() {
    return new TokenizerConfig(
        FILE,
        TokenizerClass.OF_FILE,
        Map.of(),
        Map.of(),
        Map.of(),
        Map.of(),
        Json.MAPPER.createObjectNode(),
        Json.MAPPER.createObjectNode());
  }

  private static ObjectNode readIfThere(Path file) throws IOException {
    return Files.exists(file) ? (ObjectNode) Json.readObject(file) : Json.MAPPER.createObjectNode();
  }

  /** This, and GPT-2's special token for its roles where the files leave them open. */
  TokenizerConfig withGpt2Roles(Vocabulary vocabulary) {
    if (vocabulary.id(BpeTokenizer.END_OF_TEXT) < 0) {
      return this;
    }
    var allRoles = new LinkedHashMap<>(BpeDefinition.GPT2_ROLES);
    allRoles.putAll(roles);
    var allNamed = new LinkedHashMap<>(named);
    var end = AddedToken.special(AddedToken.UNKNOWN_ID, BpeTokenizer.END_OF_TEXT);
    if (allRoles.containsValue(end.content())) {
      allNamed.putIfAbsent(end.content(), end);
    }
    return new TokenizerConfig(
        place, rules, numbered, places, allNamed, allRoles, config, specialTokens);
  }

  /** A switch of {@code tokenizer_config.json}. */
  boolean flag(String name) throws IOException {
    return Json.flag(config, name, false, place);
  }

  private void readDecoder(Path file) throws IOException {
    var place = file + ": added_tokens_decoder";
    var decoder = config.path("added_tokens_decoder");
    if (!decoder.isObject()) {
      throw new IOException(
          "%s: expected an object of tokens by id, got %s".formatted(place, Json.nameOf(decoder)));
    }
    for (var entry : decoder.properties()) {
      put(
          AddedTokenJson.read(entry.getValue(), place).withId(parseId(entry.getKey(), place)),
          place);
    }
  }

  private void put(AddedToken token, String place) throws IOException {
    AddedTokenJson.requireId(token.id(), token.content(), place);
    if (numbered.putIfAbsent(token.content(), token) != null) {
      throw new IOException(
          "%s: \"%s\" is listed twice".formatted(place, Quote.of(token.content())));
    }
    places.put(token.content(), place);
  }

  private void readNames(JsonNode root, Path file) throws IOException {
    for (var role : ROLES) {
      var node = root.path(role);
      // A role that another file gives away leaves this one's token as it is.
      if (!node.isMissingNode() && !node.isNull() && !roles.containsKey(role)) {
        roles.put(role, name(node, file + ": " + role));
      }
    }
    for (var list : LISTS) {
      for (var node : root.path(list)) {
        name(node, file + ": " + list);
      }
    }
    // A model's own, such as image_token; a flag such as add_bos_token is no token.
    for (var entry : root.properties()) {
      boolean token = entry.getValue().isTextual() || entry.getValue().has("content");
      if (entry.getKey().endsWith("_token") && !ROLES.contains(entry.getKey()) && token) {
        name(entry.getValue(), file + ": " + entry.getKey());
      }
    }
  }

  /** Notes a special token and returns its content. */
  private String name(JsonNode node, String place) throws IOException {
    var token = AddedTokenJson.read(node, place).asSpecial();
    named.putIfAbsent(token.content(), token);
    return token.content();
  }

  private void readAddedTokens(Path file) throws IOException {
    for (var entry : Json.readIds(readIfThere(file), file.toString()).entrySet()) {
      var content = AddedTokenJson.requireContent(entry.getKey(), file.toString());
      boolean special = named.containsKey(content);
      put(
          new AddedToken(entry.getValue(), content, special, false, false, false, !special),
          file.toString());
    }
  }

  private static int parseId(String text, String place) throws IOException {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw new IOException("%s: \"%s\" is not an id".formatted(place, Quote.of(text)), e);
    }
  }

  /** The contents of {@code tokenizer_config.json}: what was read, and what it left open. */
  static ObjectNode config(BpeDefinition definition) {
    var root = definition.files().config().deepCopy();
    putIfAbsent(root, "add_prefix_space", definition.addPrefixSpace());
    if (!root.hasNonNull("added_tokens_decoder")) {
      var decoder = root.putObject("added_tokens_decoder");
      for (var token : definition.added()) {
        decoder.set(Integer.toString(token.id()), AddedTokenJson.write(token));
      }
    }
    putNames(root, definition);
    // Older versions of the library tidy up the spaces of what they decode unless told not to.
    putIfAbsent(root, "clean_up_tokenization_spaces", false);
    if (!root.hasNonNull("tokenizer_class")) {
      // Not GPT2Tokenizer where that class would add an <|endoftext|> that the vocabulary lacks.
      boolean gpt2 =
          definition.files().rules() == TokenizerClass.GPT2
              && definition.vocabulary().id(BpeTokenizer.END_OF_TEXT) >= 0;
      root.put("tokenizer_class", gpt2 ? "GPT2Tokenizer" : "PreTrainedTokenizerFast");
    }
    return root;
  }

  private static void putIfAbsent(ObjectNode root, String name, boolean value) {
    if (!root.hasNonNull(name)) {
      root.put(name, value);
    }
  }

  /** The contents of {@code special_tokens_map.json} for a tokenizer. */
  static ObjectNode specialTokens(BpeDefinition definition) {
    var root = definition.files().specialTokens().deepCopy();
    putNames(root, definition);
    return root;
  }

  /** Roles, and the special tokens that have none, unless they are named there already. */
  private static void putNames(ObjectNode root, BpeDefinition definition) {
    for (var role : ROLES) {
      var content = definition.roles().get(role);
      var node = root.path(role);
      if (content != null && !content.equals(node.path("content").asText(node.asText()))) {
        root.put(role, content);
      }
    }
    if (LISTS.stream().anyMatch(root::hasNonNull)) {
      return;
    }
    var others =
        definition.named().stream()
            .filter(content -> !definition.roles().containsValue(content))
            .toList();
    if (!others.isEmpty()) {
      others.forEach(root.putArray("additional_special_tokens")::add);
    }
  }
}
