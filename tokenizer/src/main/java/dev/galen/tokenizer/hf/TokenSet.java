package dev.galen.tokenizer.hf;

import dev.galen.tokenizer.stage.AddedToken;
import dev.galen.tokenizer.stage.Vocabulary;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The tokens of a tokenizer: a model's own, those that are added to them, and what they are for.
 *
 * @param vocabulary the tokens of the model and the added ones beyond them
 * @param added the tokens that are cut out of the text, smallest id first
 * @param roles special tokens by role, {@code "eos_token"} and so on; all are among {@code added}
 * @param own a model's own special tokens by their names, {@code "image_token"} say
 * @param appended where each token that the files' vocabulary lacks is named, by the id behind the
 *     others that it has got: file and field; of new tokens, too, that the files do not list
 * @param named the special tokens that the files beside the model name
 */
public record TokenSet(
    Vocabulary vocabulary,
    List<AddedToken> added,
    Map<String, String> roles,
    Map<String, String> own,
    Map<Integer, String> appended,
    List<String> named) {

  /** The roles that GPT-2 gives its one special token. */
  static final Map<String, String> GPT2_ROLES =
      Map.of(
          "bos_token", TokenizerDefinition.END_OF_TEXT,
          "eos_token", TokenizerDefinition.END_OF_TEXT,
          "unk_token", TokenizerDefinition.END_OF_TEXT);

  /**
   * A model's tokens and those of the files beside it.
   *
   * @param file the model's file, for messages
   * @param listed the added tokens of that file
   * @param config the files beside it
   * @throws IOException if their special tokens do not fit the model's vocabulary
   */
  static TokenSet of(
      Path file, Vocabulary model, Collection<AddedToken> listed, TokenizerConfig config)
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
        int id = model.id(token.content());
        if (id < 0) {
          id = nextId(model, added.values());
          appended.put(id, name.place());
          places.put(token.content(), name.place());
        }
        known = token.withId(id);
      }
      added.put(token.content(), token.special() ? known.asSpecial() : known);
    }
    var vocabulary =
        model.with(added.values(), content -> places.getOrDefault(content, file.toString()));
    return new TokenSet(
        vocabulary,
        sortedById(added.values()),
        config.names().contentsByRole(),
        config.names().ownContents(),
        appended,
        config.names().inOrder().stream().map(name -> name.token().content()).toList());
  }

  /**
   * The same with more tokens that are cut out of the normalized text, as HuggingFace's {@code
   * add_tokens} adds them: one that is added already stays as it is, one of the model keeps its id,
   * and others come behind.
   */
  TokenSet with(List<String> contents) {
    var all = new LinkedHashMap<String, AddedToken>();
    added.forEach(token -> all.put(token.content(), token));
    var behind = new TreeMap<>(appended);
    int next = vocabulary.size();
    for (String content : contents) {
      if (!all.containsKey(content)) {
        int known = vocabulary.id(content);
        int id = known >= 0 ? known : next++;
        all.put(content, new AddedToken(id, content, false, false, false, false, true));
        behind.put(id, "new tokens");
      }
    }
    try {
      return new TokenSet(
          vocabulary.with(all.values(), content -> "new tokens"),
          sortedById(all.values()),
          roles,
          own,
          behind,
          named);
    } catch (IOException e) { // ids that were just counted
      throw new IllegalStateException(e);
    }
  }

  /** The id that HuggingFace's library gives the next token that the vocabulary lacks. */
  private static int nextId(Vocabulary vocabulary, Collection<AddedToken> added) {
    int behind = added.stream().mapToInt(AddedToken::id).max().orElse(-1) + 1;
    return Math.max(behind, vocabulary.count());
  }

  /** A vocabulary some of whose tokens are special. */
  static TokenSet of(Vocabulary vocabulary, List<String> specialTokens) {
    var added =
        specialTokens.stream()
            .map(token -> AddedToken.special(vocabulary.id(token), token))
            .toList();
    var roles =
        specialTokens.contains(TokenizerDefinition.END_OF_TEXT)
            ? GPT2_ROLES
            : Map.<String, String>of();
    return new TokenSet(vocabulary, sortedById(added), roles, Map.of(), Map.of(), specialTokens);
  }

  private static List<AddedToken> sortedById(Collection<AddedToken> tokens) {
    return tokens.stream().sorted(Comparator.comparingInt(AddedToken::id)).toList();
  }
}
