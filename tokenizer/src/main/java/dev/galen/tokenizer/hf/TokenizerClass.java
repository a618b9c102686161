package dev.galen.tokenizer.hf;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;

/**
 * By whose rules HuggingFace's {@code AutoTokenizer} reads a directory. It is told by {@code
 * tokenizer_class} in {@code tokenizer_config.json}, else in {@code config.json}, and by that
 * file's {@code model_type}. What the rules are stands in {@code ClassRules}.
 */
public enum TokenizerClass {
  /** Nothing is said: all is done as the files say. */
  UNNAMED,

  /** All is done as {@code tokenizer.json} says ({@code PreTrainedTokenizerFast}). */
  OF_FILE,

  /**
   * {@code GPT2Tokenizer} takes vocabulary, merges, added tokens and post-processor from {@code
   * tokenizer.json}; whether a space goes in front is told by {@code tokenizer_config.json} alone,
   * merges are never ignored, and {@code <|endoftext|>} is special.
   */
  GPT2,
  LLAMA,
  QWEN2,
  GPT_NEOX,
  ROBERTA,
  BERT,
  T5;

  private static final Map<String, TokenizerClass> BY_NAME =
      Map.of(
          "GPT2Tokenizer", GPT2,
          "LlamaTokenizer", LLAMA,
          "Qwen2Tokenizer", QWEN2,
          "GPTNeoXTokenizer", GPT_NEOX,
          "RobertaTokenizer", ROBERTA,
          "BertTokenizer", BERT,
          "DistilBertTokenizer", BERT,
          "ElectraTokenizer", BERT,
          "T5Tokenizer", T5);

  /** The class that transformers has for a kind of model. */
  private static final Map<String, TokenizerClass> BY_MODEL =
      Map.ofEntries(
          Map.entry("gpt2", GPT2),
          Map.entry("opt", GPT2),
          Map.entry("mistral", OF_FILE),
          Map.entry("mixtral", OF_FILE),
          Map.entry("qwen2", QWEN2),
          Map.entry("qwen3", QWEN2),
          Map.entry("gpt_neox", GPT_NEOX),
          Map.entry("roberta", ROBERTA),
          Map.entry("bert", BERT),
          Map.entry("distilbert", BERT),
          Map.entry("electra", BERT),
          Map.entry("t5", T5),
          Map.entry("mt5", T5));

  /** Kinds of models whose directories are known to name a wrong class. */
  private static final Set<String> MISNAMED = Set.of("qwen2");

  /** Classes of transformers that would give a file other ids than it says. */
  private static final Set<String> OTHERS =
      Set.of(
          "AlbertTokenizer",
          "BartTokenizer",
          "BarthezTokenizer",
          "BigBirdTokenizer",
          "BlenderbotTokenizer",
          "CamembertTokenizer",
          "CLIPTokenizer",
          "CohereTokenizer",
          "DebertaTokenizer",
          "DebertaV2Tokenizer",
          "DiaTokenizer",
          "EsmcTokenizer",
          "FunnelTokenizer",
          "GemmaTokenizer",
          "LEDTokenizer",
          "LongformerTokenizer",
          "LukeTokenizer",
          "MBart50Tokenizer",
          "MBartTokenizer",
          "MPNetTokenizer",
          "MvpTokenizer",
          "NllbTokenizer",
          "PegasusTokenizer",
          "Qwen3_5Tokenizer",
          "ReformerTokenizer",
          "RemBertTokenizer",
          "WhisperTokenizer",
          "XGLMTokenizer",
          "XLMRobertaTokenizer",
          "XLNetTokenizer");

  /**
   * The rules for a directory.
   *
   * @param tokenizerConfig its {@code tokenizer_config.json}
   * @throws IOException if it names a class that has other rules
   */
  static TokenizerClass of(Path directory, JsonNode tokenizerConfig) throws IOException {
    var file = directory.resolve(TokenizerConfig.FILE);
    var named = name(tokenizerConfig);
    if (named.equals("GPT2Tokenizer")) {
      return GPT2; // most directories by far: no need to look further
    }
    var modelType = "";
    var modelConfig = directory.resolve("config.json");
    if (Files.isRegularFile(modelConfig)) {
      var config = Json.readObject(modelConfig);
      if (named.isEmpty()) {
        file = modelConfig;
        named = name(config);
      }
      modelType = config.path("model_type").asText("");
    }
    var ofModel = BY_MODEL.get(modelType);
    if (MISNAMED.contains(modelType) || (named.isEmpty() && ofModel != null)) {
      return ofModel;
    }
    if (ofModel == OF_FILE) {
      return OF_FILE;
    }
    if (OTHERS.contains(named)) {
      throw new IOException(
          ("%s: tokenizer_class %s is not supported (only %s, and those that do as"
                  + " tokenizer.json says, are)")
              .formatted(
                  file, named, String.join(", ", BY_NAME.keySet().stream().sorted().toList())));
    }
    var known = BY_NAME.get(named);
    if (known == null) {
      return named.isEmpty() && modelType.isEmpty() ? UNNAMED : OF_FILE;
    }
    return known;
  }

  private static String name(JsonNode config) {
    var name = config.path("tokenizer_class").asText("");
    return name.equals("null") ? "" : name.replaceFirst("(?<!^PreTrainedTokenizer)Fast$", "");
  }

  /** Whether a {@code tokenizer_config.json} names a class that has these rules. */
  boolean isNamed(JsonNode config) {
    var known = BY_NAME.get(name(config));
    return hasOwnStages() ? known == this : known == null;
  }

  /** What transformers calls a class that has these rules. */
  String className() {
    return switch (this) {
      case UNNAMED, OF_FILE -> "PreTrainedTokenizerFast";
      case GPT2 -> "GPT2Tokenizer";
      case LLAMA -> "LlamaTokenizer";
      case QWEN2 -> "Qwen2Tokenizer";
      case GPT_NEOX -> "GPTNeoXTokenizer";
      case ROBERTA -> "RobertaTokenizer";
      case BERT -> "BertTokenizer";
      case T5 -> "T5Tokenizer";
    };
  }

  /** Whether the class makes the stages itself, whatever {@code tokenizer.json} says of them. */
  boolean hasOwnStages() {
    return this != UNNAMED && this != OF_FILE;
  }
}
