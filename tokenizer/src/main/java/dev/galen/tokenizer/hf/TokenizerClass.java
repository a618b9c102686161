package dev.galen.tokenizer.hf;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

/**
 * By whose rules HuggingFace's {@code AutoTokenizer} reads a directory. It is told by {@code
 * tokenizer_class} in {@code tokenizer_config.json}, else in {@code config.json}, else by that
 * file's {@code model_type}.
 */
public enum TokenizerClass {
  /** All is done as {@code tokenizer.json} says ({@code PreTrainedTokenizerFast}). */
  OF_FILE,

  /**
   * {@code GPT2Tokenizer} takes vocabulary, merges, added tokens and post-processor from {@code
   * tokenizer.json}; whether a space goes in front is told by {@code tokenizer_config.json} alone,
   * merges are never ignored, and {@code <|endoftext|>} is special.
   */
  GPT2;

  /** Classes of transformers that would give a byte-level BPE file other ids than it says. */
  private static final Set<String> OTHERS =
      Set.of(
          "BartTokenizer",
          "BlenderbotTokenizer",
          "CLIPTokenizer",
          "CohereTokenizer",
          "DebertaTokenizer",
          "DiaTokenizer",
          "EsmcTokenizer",
          "GPTNeoXTokenizer",
          "LEDTokenizer",
          "LlamaTokenizer",
          "LongformerTokenizer",
          "LukeTokenizer",
          "MBart50Tokenizer",
          "MvpTokenizer",
          "Qwen2Tokenizer",
          "Qwen3_5Tokenizer",
          "RobertaTokenizer",
          "WhisperTokenizer");

  /**
   * The rules for a directory.
   *
   * @param tokenizerConfig its {@code tokenizer_config.json}
   * @throws IOException if it names a class that has other rules
   */
  static TokenizerClass of(Path directory, JsonNode tokenizerConfig) throws IOException {
    var file = directory.resolve(TokenizerConfig.FILE);
    var named = name(tokenizerConfig);
    var modelType = "";
    var modelConfig = directory.resolve("config.json");
    if (named.isEmpty() && Files.isRegularFile(modelConfig)) {
      file = modelConfig;
      var config = Json.readObject(modelConfig);
      named = name(config);
      modelType = config.path("model_type").asText("");
    }
    if (OTHERS.contains(named)) {
      throw new IOException(
          "%s: tokenizer_class %s is not supported (only GPT2Tokenizer and PreTrainedTokenizerFast"
                  .formatted(file, named)
              + " are)");
    }
    boolean gpt2 = named.isEmpty() ? modelType.equals("gpt2") : named.equals("GPT2Tokenizer");
    return gpt2 ? GPT2 : OF_FILE;
  }

  private static String name(JsonNode config) {
    var name = config.path("tokenizer_class").asText("");
    return name.equals("null") ? "" : name.replaceFirst("(?<!^PreTrainedTokenizer)Fast$", "");
  }
}
