package dev.galen.tokenizer;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * All that HuggingFace's files say about a byte-level BPE tokenizer.
 *
 * @param model what turns words into ids
 * @param vocabulary the tokens of the model and the added ones beyond them
 * @param added the tokens that are cut out of the text, smallest id first
 * @param roles special tokens by role, {@code "eos_token"} and so on; all are among {@code added}
 * @param addPrefixSpace whether every stretch of text gets a space in front unless it has one
 * @param frame what stands around every text
 * @param specialTokensAreText whether special tokens are text unless somebody parses them
 * @param appended where the files name each special token that their vocabulary lacks, by the id
 *     behind the others that it has got: file and field
 * @param named the special tokens that the files beside the model name
 * @param files the files this was read from, for saving
 */
record BpeDefinition(
    BpeModel model,
    Vocabulary vocabulary,
    List<AddedToken> added,
    Map<String, String> roles,
    boolean addPrefixSpace,
    Frame frame,
    boolean specialTokensAreText,
    Map<Integer, String> appended,
    List<String> named,
    LoadedFiles files) {

  /** The roles that GPT-2 gives its one special token. */
  static final Map<String, String> GPT2_ROLES =
      Map.of(
          "bos_token", BpeTokenizer.END_OF_TEXT,
          "eos_token", BpeTokenizer.END_OF_TEXT,
          "unk_token", BpeTokenizer.END_OF_TEXT);

  /**
   * A definition out of a model's file and the files beside it.
   *
   * @param file the model's file, for messages
   * @param tokenizerJson what it says beside the model; an empty object if it is a bare vocabulary
   * @param listed the added tokens of that file
   * @param config the files beside it
   * @throws IOException if their special tokens do not fit the model's vocabulary
   */
  static BpeDefinition of(
      Path file,
      BpeModel model,
      ObjectNode tokenizerJson,
      Collection<AddedToken> listed,
      TokenizerConfig config,
      boolean addPrefixSpace)
      throws IOException {
    var added = new LinkedHashMap<String, AddedToken>();
    listed.forEach(token -> added.put(token.content(), token));
    // The files beside it have the last word on a token's flags, but not on its id.
    config.numbered().forEach((content, token) -> added.merge(content, token, AddedToken::as));
    var places = new HashMap<>(config.places());
    var appended = new TreeMap<Integer, String>();
    for (var name : config.names().inOrder()) {
      var token = name.token();
      var known = added.get(token.content());
      if (known == null) {
        int id = model.vocabulary().id(token.content());
        if (id < 0) {
          id = nextId(model.vocabulary(), added.values());
          appended.put(id, name.place());
          places.put(token.content(), name.place());
        }
        known = token.withId(id);
      }
      added.put(token.content(), token.special() ? known.asSpecial() : known);
    }
    var vocabulary =
        model
            .vocabulary()
            .with(added.values(), content -> places.getOrDefault(content, file.toString()));
    return new BpeDefinition(
        model,
        vocabulary,
        sortedById(added.values()),
        config.names().contentsByRole(),
        addPrefixSpace,
        PostProcessorJson.read(
            tokenizerJson.path("post_processor"), vocabulary, file + ": post_processor"),
        config.flag("split_special_tokens"),
        appended,
        config.names().inOrder().stream().map(name -> name.token().content()).toList(),
        LoadedFiles.of(config, tokenizerJson));
  }

  /** The id that HuggingFace's library gives the next token that the vocabulary lacks. */
  private static int nextId(Vocabulary vocabulary, Collection<AddedToken> added) {
    int behind = added.stream().mapToInt(AddedToken::id).max().orElse(-1) + 1;
    return Math.max(behind, vocabulary.count());
  }

  /** The definition of a model with nothing beside it but special tokens of its own vocabulary. */
  static BpeDefinition of(BpeModel model, List<String> specialTokens) {
    var vocabulary = model.vocabulary();
    var added =
        specialTokens.stream()
            .map(token -> AddedToken.special(vocabulary.id(token), token))
            .toList();
    var roles =
        specialTokens.contains(BpeTokenizer.END_OF_TEXT) ? GPT2_ROLES : Map.<String, String>of();
    return new BpeDefinition(
        model,
        vocabulary,
        sortedById(added),
        roles,
        false,
        Frame.NONE,
        false,
        Map.of(),
        specialTokens,
        LoadedFiles.none());
  }

  /**
   * This definition with its {@code bos_token} in front of every text, its {@code eos_token} behind
   * it, or both; a token that has no such role is left out.
   */
  BpeDefinition withEnds(boolean begin, boolean end) {
    var before = begin ? Stream.ofNullable(roles.get("bos_token")).toList() : List.<String>of();
    var after = end ? Stream.ofNullable(roles.get("eos_token")).toList() : List.<String>of();
    var framed =
        new Frame(
            before.stream().mapToInt(vocabulary::id).toArray(),
            after.stream().mapToInt(vocabulary::id).toArray());
    return framed.isEmpty()
        ? this
        : new BpeDefinition(
            model,
            vocabulary,
            added,
            roles,
            addPrefixSpace,
            framed,
            specialTokensAreText,
            appended,
            named,
            files);
  }

  private static List<AddedToken> sortedById(Collection<AddedToken> tokens) {
    return tokens.stream().sorted(Comparator.comparingInt(AddedToken::id)).toList();
  }
}
