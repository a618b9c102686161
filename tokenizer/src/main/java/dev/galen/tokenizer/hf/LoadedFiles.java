package dev.galen.tokenizer.hf;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * HuggingFace's files as they were read, kept for a save that loses nothing of what they say.
 *
 * @param rules by whose rules they are read
 * @param tokenizerJson {@code tokenizer.json} without vocabulary and merges, empty if there is none
 * @param config {@code tokenizer_config.json}, empty if there is none
 * @param specialTokens {@code special_tokens_map.json}, empty if there is none
 * @param limits what {@code tokenizer.json} says of the length of texts
 */
public record LoadedFiles(
    TokenizerClass rules,
    ObjectNode tokenizerJson,
    ObjectNode config,
    ObjectNode specialTokens,
    Limits limits) {

  /** Of a tokenizer that was not loaded. */
  static LoadedFiles none() {
    return of(TokenizerConfig.none(), Json.MAPPER.createObjectNode());
  }

  static LoadedFiles of(TokenizerConfig config, ObjectNode tokenizerJson) {
    return of(config, tokenizerJson, Limits.NONE);
  }

  static LoadedFiles of(TokenizerConfig config, ObjectNode tokenizerJson, Limits limits) {
    return new LoadedFiles(
        config.rules(), tokenizerJson, config.config(), config.specialTokens(), limits);
  }
}
