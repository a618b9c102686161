package dev.galen.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * All that HuggingFace's files say about a byte-level BPE tokenizer.
 *
 * @param model what turns words into ids
 * @param vocabulary the tokens of the model and the added ones beyond them
 * @param added the tokens that are cut out of the text, smallest id first
 * @param roles special tokens by role, {@code "eos_token"} and so on; all are among {@code added}
 * @param addPrefixSpace whether every stretch of text gets a space in front unless it has one
 * @param postProcessor what adds tokens around a text in HuggingFace's library; kept for saving
 *     only
 */
record BpeDefinition(
    BpeModel model,
    Vocabulary vocabulary,
    List<AddedToken> added,
    Map<String, String> roles,
    boolean addPrefixSpace,
    JsonNode postProcessor) {

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
   * @param listed the added tokens of that file
   * @param config the files beside it
   * @throws IOException if their special tokens do not fit the model's vocabulary
   */
  static BpeDefinition of(
      Path file,
      BpeModel model,
      Collection<AddedToken> listed,
      TokenizerConfig config,
      boolean addPrefixSpace,
      JsonNode postProcessor)
      throws IOException {
    var added = new LinkedHashMap<String, AddedToken>();
    listed.forEach(token -> added.put(token.content(), token));
    config.numbered().forEach(added::putIfAbsent);
    for (var token : config.named().values()) {
      var known = added.get(token.content());
      int id = known == null ? model.vocabulary().id(token.content()) : known.id();
      if (id < 0) {
        throw new IOException(
            "%s: lacks the token \"%s\" that %s or %s names; add it there or take its name out"
                .formatted(
                    file,
                    token.content(),
                    TokenizerConfig.FILE,
                    TokenizerConfig.SPECIAL_TOKENS_FILE));
      }
      added.put(token.content(), (known == null ? token.withId(id) : known).asSpecial());
    }
    return new BpeDefinition(
        model,
        model.vocabulary().with(added.values(), file.toString()),
        sortedById(added.values()),
        Map.copyOf(config.roles()),
        config.addPrefixSpace().orElse(addPrefixSpace),
        postProcessor);
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
        model, vocabulary, sortedById(added), roles, false, NullNode.getInstance());
  }

  private static List<AddedToken> sortedById(Collection<AddedToken> tokens) {
    return tokens.stream().sorted(Comparator.comparingInt(AddedToken::id)).toList();
  }
}
