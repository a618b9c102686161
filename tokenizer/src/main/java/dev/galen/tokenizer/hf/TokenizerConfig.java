package dev.galen.tokenizer.hf;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.galen.tokenizer.bpe.ByteLevelBpe;
import dev.galen.tokenizer.sentencepiece.SentencePiece;
import dev.galen.tokenizer.stage.AddedToken;
import dev.galen.tokenizer.stage.Vocabulary;
import dev.galen.tokenizer.text.Quote;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
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
 * @param names special tokens that the files name; their id is not known here
 * @param config {@code tokenizer_config.json} as it stands, empty if there is none
 * @param specialTokens {@code special_tokens_map.json} as it stands, empty if there is none
 */
record TokenizerConfig(
    String place,
    TokenizerClass rules,
    Map<String, AddedToken> numbered,
    Map<String, String> places,
    SpecialTokenNames names,
    ObjectNode config,
    ObjectNode specialTokens) {

  static final String FILE = "tokenizer_config.json";
  static final String SPECIAL_TOKENS_FILE = "special_tokens_map.json";
  static final String ADDED_TOKENS_FILE = "added_tokens.json";

  private static final String DECODER = "added_tokens_decoder";

  /** Reads those of the files that the directory has. */
  static TokenizerConfig read(Path directory) throws IOException {
    var file = directory.resolve(FILE);
    var config = readIfThere(file);
    var mapFile = directory.resolve(SPECIAL_TOKENS_FILE);
    var map = readIfThere(mapFile);
    var names = new SpecialTokenNames();
    boolean alone = config.hasNonNull(DECODER);
    names.read(
        config, file.toString(), alone ? Json.MAPPER.createObjectNode() : map, mapFile.toString());
    var read =
        new TokenizerConfig(
            file.toString(),
            TokenizerClass.of(directory, config),
            new LinkedHashMap<>(),
            new LinkedHashMap<>(),
            names,
            config,
            map);
    if (alone) {
      read.readDecoder(file);
    } else {
      read.readAddedTokens(directory.resolve(ADDED_TOKENS_FILE));
    }
    return read;
  }

  /** What there is beside a vocabulary that stands alone. */
  static TokenizerConfig none() {
    return new TokenizerConfig(
        FILE,
        TokenizerClass.UNNAMED,
        Map.of(),
        Map.of(),
        new SpecialTokenNames(),
        Json.MAPPER.createObjectNode(),
        Json.MAPPER.createObjectNode());
  }

  static ObjectNode readIfThere(Path file) throws IOException {
    return Json.isThere(file) ? (ObjectNode) Json.readObject(file) : Json.MAPPER.createObjectNode();
  }

  /**
   * Gives GPT-2's special token its roles where the files leave them open. {@code GPT2Tokenizer}
   * appends it to a vocabulary that lacks it; a bare vocabulary that no file calls GPT-2's does not
   * get it.
   */
  void addGpt2Roles(Vocabulary vocabulary) {
    if (rules == TokenizerClass.GPT2 || vocabulary.id(TokenizerDefinition.END_OF_TEXT) >= 0) {
      names.addDefaults(
          TokenSet.GPT2_ROLES, place + ": %s, which GPT2Tokenizer has without being told");
    }
  }

  /** Gives special tokens the roles that the class has where the files leave them open. */
  void addRoles() {
    names.addDefaults(
        ClassRules.roles(rules),
        place + ": %s, which the tokenizer's class has without being told");
    if (rules == TokenizerClass.T5) {
      names.addSentinels(config.path("extra_ids").asInt(100), place + ": extra_ids");
    }
  }

  /** The same by the rules of another class. */
  TokenizerConfig as(TokenizerClass rules) {
    return new TokenizerConfig(place, rules, numbered, places, names, config, specialTokens);
  }

  /** Whether {@code tokenizer_config.json} itself lists the added tokens with their ids. */
  boolean numbersAddedTokens() {
    return config.hasNonNull(DECODER);
  }

  /** A switch of {@code tokenizer_config.json}. */
  boolean flag(String name) throws IOException {
    return Json.flag(config, name, false, place);
  }

  boolean flag(String name, boolean fallback) throws IOException {
    return Json.flag(config, name, fallback, place);
  }

  private void readDecoder(Path file) throws IOException {
    var place = file + ": " + DECODER;
    var decoder = config.path(DECODER);
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

  private void readAddedTokens(Path file) throws IOException {
    var named = names.contents();
    for (var entry : Json.readIds(readIfThere(file), file.toString()).entrySet()) {
      var content = AddedTokenJson.requireContent(entry.getKey(), file.toString());
      boolean special = named.contains(content);
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
  static ObjectNode config(TokenizerDefinition definition) {
    var root = definition.files().config().deepCopy();
    if (definition.stages().model() instanceof ByteLevelBpe) {
      putIfAbsent(root, "add_prefix_space", definition.addsPrefixSpace());
    }
    boolean lists = root.hasNonNull(DECODER);
    var decoder = lists ? root.withObject("/" + DECODER) : root.putObject(DECODER);
    for (var token : definition.tokens().added()) {
      if (!lists || definition.tokens().appended().containsKey(token.id())) {
        decoder.set(Integer.toString(token.id()), AddedTokenJson.write(token));
      }
    }
    putNames(root, definition);
    // Older versions of the library tidy up the spaces of what they decode unless told not to.
    putIfAbsent(root, "clean_up_tokenization_spaces", false);
    var rules = definition.files().rules();
    if (root.hasNonNull("tokenizer_class") && !rules.isNamed(root)) {
      // The model's kind has told the rules, which the saved directory must tell without it.
      root.put("tokenizer_class", rules.className());
    }
    boolean framed =
        definition.stages().postProcessor().before().length
                + definition.stages().postProcessor().after().length
            > 0;
    if (rules == TokenizerClass.GPT_NEOX && framed) {
      // The class would take the ends away that the file has.
      root.put("tokenizer_class", "PreTrainedTokenizerFast");
    }
    // What a SentencePiece model is beside no class, it would not be beside one.
    if (!root.hasNonNull("tokenizer_class")
        && !(definition.stages().model() instanceof SentencePiece)) {
      // Not GPT2Tokenizer where that class would add an <|endoftext|> that the vocabulary lacks.
      boolean gpt2 =
          definition.files().rules() == TokenizerClass.GPT2
              && definition.tokens().vocabulary().id(TokenizerDefinition.END_OF_TEXT) >= 0;
      boolean other = rules.hasOwnStages() && rules != TokenizerClass.GPT2;
      root.put(
          "tokenizer_class",
          gpt2 || other ? rules.className() : TokenizerClass.OF_FILE.className());
    }
    return root;
  }

  private static void putIfAbsent(ObjectNode root, String name, boolean value) {
    if (!root.hasNonNull(name)) {
      root.put(name, value);
    }
  }

  /** The contents of {@code special_tokens_map.json} for a tokenizer. */
  static ObjectNode specialTokens(TokenizerDefinition definition) {
    var root = definition.files().specialTokens().deepCopy();
    putNames(root, definition);
    return root;
  }

  /** Roles, and the special tokens that have none, unless they are named there already. */
  private static void putNames(ObjectNode root, TokenizerDefinition definition) {
    for (var role : SpecialTokenNames.ROLES) {
      var content = definition.tokens().roles().get(role);
      var node = root.path(role);
      if (content != null && !content.equals(node.path("content").asText(node.asText()))) {
        root.put(role, content);
      }
    }
    if (SpecialTokenNames.LISTS.stream().anyMatch(root::hasNonNull)) {
      return;
    }
    var others =
        definition.tokens().named().stream()
            .filter(content -> !definition.tokens().roles().containsValue(content))
            .toList();
    if (!others.isEmpty()) {
      others.forEach(root.putArray("additional_special_tokens")::add);
    }
  }
}
