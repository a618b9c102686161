package dev.galen.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What {@code tokenizer_config.json}, {@code special_tokens_map.json} and {@code added_tokens.json}
 * say about special tokens. The first named file wins where they disagree.
 *
 * @param numbered added tokens whose id the files tell, by content
 * @param named special tokens that the files name, by content; their id is not known here
 * @param roles the content of the special tokens by role, {@code "eos_token"} and so on
 * @param addPrefixSpace whether text gets a space in front, if the files say
 */
record TokenizerConfig(
    Map<String, AddedToken> numbered,
    Map<String, AddedToken> named,
    Map<String, String> roles,
    Optional<Boolean> addPrefixSpace) {

  static final String FILE = "tokenizer_config.json";
  static final String SPECIAL_TOKENS_FILE = "special_tokens_map.json";
  private static final String ADDED_TOKENS_FILE = "added_tokens.json";

  static final List<String> ROLES =
      List.of(
          "bos_token",
          "eos_token",
          "unk_token",
          "sep_token",
          "pad_token",
          "cls_token",
          "mask_token");

  private static final int UNKNOWN = -1;

  /** Reads those of the files that the directory has. */
  static TokenizerConfig read(Path directory) throws IOException {
    var config =
        new TokenizerConfig(
            new LinkedHashMap<>(),
            new LinkedHashMap<>(),
            new LinkedHashMap<>(),
            readAddPrefixSpace(directory.resolve(FILE)));
    for (var name : List.of(FILE, SPECIAL_TOKENS_FILE)) {
      var file = directory.resolve(name);
      if (Files.exists(file)) {
        config.readTokens(Json.readObject(file), file);
      }
    }
    var addedTokens = directory.resolve(ADDED_TOKENS_FILE);
    if (Files.exists(addedTokens)) {
      config.readAddedTokens(addedTokens);
    }
    return config;
  }

  /** This, and special tokens for the roles that the files leave open. */
  TokenizerConfig withDefaultRoles(Map<String, String> defaults) {
    var allNamed = new LinkedHashMap<>(named);
    defaults
        .values()
        .forEach(token -> allNamed.putIfAbsent(token, AddedToken.special(UNKNOWN, token)));
    var allRoles = new LinkedHashMap<>(defaults);
    allRoles.putAll(roles);
    return new TokenizerConfig(numbered, allNamed, allRoles, addPrefixSpace);
  }

  private static Optional<Boolean> readAddPrefixSpace(Path file) throws IOException {
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    var node = Json.readObject(file).path("add_prefix_space");
    return node.isBoolean() ? Optional.of(node.booleanValue()) : Optional.empty();
  }

  private void readTokens(JsonNode root, Path file) throws IOException {
    for (var entry : root.path("added_tokens_decoder").properties()) {
      var place = file + ": added_tokens_decoder";
      var token = AddedTokenJson.read(parseId(entry.getKey(), place), entry.getValue(), place);
      numbered.putIfAbsent(token.content(), token);
    }
    for (var role : ROLES) {
      var node = root.path(role);
      if (!node.isMissingNode() && !node.isNull()) {
        roles.putIfAbsent(role, name(node, file + ": " + role));
      }
    }
    for (var list : List.of("additional_special_tokens", "extra_special_tokens")) {
      for (var node : root.path(list)) {
        name(node, file + ": " + list);
      }
    }
  }

  /** Notes a special token and returns its content. */
  private String name(JsonNode node, String place) throws IOException {
    var token = AddedTokenJson.read(UNKNOWN, node, place).asSpecial();
    named.putIfAbsent(token.content(), token);
    return token.content();
  }

  private void readAddedTokens(Path file) throws IOException {
    for (var entry : Json.readIds(Json.readObject(file), file.toString()).entrySet()) {
      var content = entry.getKey();
      boolean special = named.containsKey(content);
      numbered.putIfAbsent(
          content, new AddedToken(entry.getValue(), content, special, false, false, !special));
    }
  }

  private static int parseId(String text, String place) throws IOException {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw new IOException("%s: \"%s\" is not an id".formatted(place, text), e);
    }
  }

  /** The contents of {@code tokenizer_config.json} for a tokenizer. */
  static ObjectNode config(BpeDefinition definition) {
    var root = Json.MAPPER.createObjectNode();
    root.put("add_prefix_space", definition.addPrefixSpace());
    var decoder = root.putObject("added_tokens_decoder");
    for (var token : definition.added()) {
      decoder.set(Integer.toString(token.id()), AddedTokenJson.write(token));
    }
    putRoles(root, definition);
    // Older versions of the library tidy up the spaces of what they decode unless told not to.
    root.put("clean_up_tokenization_spaces", false);
    // The class that takes tokenizer.json as it is; GPT2Tokenizer would add <|endoftext|>.
    root.put("tokenizer_class", "PreTrainedTokenizerFast");
    return root;
  }

  /** The contents of {@code special_tokens_map.json} for a tokenizer. */
  static ObjectNode specialTokens(BpeDefinition definition) {
    var root = Json.MAPPER.createObjectNode();
    putRoles(root, definition);
    var others =
        definition.added().stream()
            .filter(AddedToken::special)
            .map(AddedToken::content)
            .filter(content -> !definition.roles().containsValue(content))
            .toList();
    if (!others.isEmpty()) {
      others.forEach(root.putArray("additional_special_tokens")::add);
    }
    return root;
  }

  private static void putRoles(ObjectNode root, BpeDefinition definition) {
    for (var role : ROLES) {
      if (definition.roles().containsKey(role)) {
        root.put(role, definition.roles().get(role));
      }
    }
  }
}
