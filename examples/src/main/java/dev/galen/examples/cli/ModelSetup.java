package dev.galen.examples.cli;

import dev.galen.model.CausalLm;
import dev.galen.model.ModelConfig;
import dev.galen.model.SpecialIds;
import dev.galen.model.hf.ModelDirectory;
import dev.galen.model.hub.Hub;
import dev.galen.model.nn.Weights;
import dev.galen.model.pretrained.Architectures;
import dev.galen.model.pretrained.Pretrained;
import dev.galen.tensor.io.AtomicFile;
import dev.galen.tensor.random.Philox;
import dev.galen.tokenizer.Tokenizer;
import dev.galen.tokenizer.TokenizerFiles;
import dev.galen.train.MemoryPlan;
import dev.galen.train.data.Examples;
import dev.galen.train.optim.AdamW;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * The model and the tokenizer of a run: loaded, or new.
 *
 * @param model the network
 * @param tokenizer its tokenizer; absent where the data are tokenised and nobody gave one
 * @param directory what is to live on beside both
 * @param source one line for the report
 */
record ModelSetup(
    CausalLm model, Optional<Tokenizer> tokenizer, ModelDirectory directory, String source) {
  /** Tokens of a tokenizer that is trained on the run's own data. */
  private static final int OWN_VOCABULARY = 2048;

  /** Digits of a SHA-256 that tell two apart, and that fit a message. */
  private static final int DIGITS = 16;

  /**
   * Loads or makes both.
   *
   * @param resumed the checkpoint whose tokenizer goes on where the run trains its own
   */
  static ModelSetup of(TrainingOptions options, TrainingData data, Optional<Path> resumed)
      throws IOException {
    return options.model != null ? load(options, data) : create(options, data.train(), resumed);
  }

  /** What makes a checkpoint a model's directory beside its weights. */
  void saveWithoutWeights(Path checkpoint) throws IOException {
    AtomicFile.writeString(checkpoint.resolve("config.json"), Pretrained.configText(model));
    if (tokenizer.isPresent()) {
      tokenizer.get().save(checkpoint);
    }
  }

  /** What tells the tokenizer from others: a digest of its tokens and of what ends a text. */
  Optional<String> vocabulary() {
    return tokenizer.map(ModelSetup::digest);
  }

  private static String digest(Tokenizer tokenizer) {
    MessageDigest sha256;
    try {
      sha256 = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java platform has it
    }
    int size = tokenizer.vocabularySize();
    for (int id = 0; id < size; id++) {
      sha256.update((spelling(tokenizer, id) + "\n").getBytes(StandardCharsets.UTF_8));
    }
    sha256.update((byte) tokenizer.endOfTextId().orElse(-1));
    String digits = HexFormat.of().formatHex(sha256.digest()).substring(0, DIGITS);
    return "of %d tokens, sha256 %s".formatted(size, digits);
  }

  private static String spelling(Tokenizer tokenizer, int id) {
    try {
      return tokenizer.token(id);
    } catch (IllegalArgumentException e) {
      return ""; // a gap in the vocabulary
    }
  }

  /** The shape of the model to come, but for the vocabulary of a tokenizer of its own. */
  static ModelConfig shape(TrainingOptions options) throws IOException {
    if (options.model != null) {
      return Pretrained.readConfig(Hub.resolve(options.model));
    }
    if (options.newModel.config != null) {
      return Architectures.readNew(options.newModel.config);
    }
    var presets = Architectures.presets();
    ModelConfig preset = presets.get(preset(options));
    if (preset == null) {
      throw new IllegalArgumentException(
          "--preset %s is none of %s"
              .formatted(options.newModel.preset, String.join(", ", presets.keySet())));
    }
    return preset;
  }

  private static ModelSetup load(TrainingOptions options, TrainingData data) throws IOException {
    Path directory = Hub.resolve(options.model);
    if (options.tokenizer == null) {
      ExampleText.requireTokenizer(data.train(), directory);
      ExampleText.requireTokenizer(data.validation(), directory);
    }
    UnaryOperator<ModelConfig> adjust =
        options.dropout == null
            ? UnaryOperator.identity()
            : config -> config.withDropout(options.dropout);
    Pretrained<CausalLm> pretrained =
        Pretrained.load(directory, options.device.open(), CausalLm.class, adjust);
    Optional<Tokenizer> tokenizer = pretrained.tokenizer();
    ModelDirectory beside = pretrained.directory();
    if (options.tokenizer != null) {
      tokenizer = Optional.of(TokenizerFiles.load(options.tokenizer));
      Pretrained.requireFit(
          options.tokenizer, tokenizer.get(), pretrained.model().vocabularySize());
      beside = beside.withTemplatesOf(options.tokenizer);
      pretrained.model().setEndOfTextIds(beside.endOfTextIds(tokenizer));
    }
    return new ModelSetup(pretrained.model(), tokenizer, beside, "weights of " + options.model);
  }

  private static ModelSetup create(TrainingOptions options, Examples data, Optional<Path> resumed)
      throws IOException {
    ModelConfig config = shape(options);
    if (options.dropout != null) {
      config = config.withDropout(options.dropout);
    }
    Optional<Tokenizer> tokenizer = Optional.empty();
    ModelDirectory beside = ModelDirectory.none();
    if (options.tokenizer != null) {
      beside = beside.withTemplatesOf(options.tokenizer);
      tokenizer = Optional.of(TokenizerFiles.load(options.tokenizer));
    } else if (resumed.isPresent()) {
      tokenizer = Optional.of(TokenizerFiles.load(resumed.get())); // what the weights have learned
    } else if (!data.tokenised()) {
      int size = Math.min(OWN_VOCABULARY, config.vocabularySize());
      tokenizer = Optional.of(TokenizerTrainCommand.train(data, size));
    }
    if (tokenizer.isPresent()) {
      config = fitted(config, tokenizer.get(), options);
    }
    // Refused here: once its weights are drawn the system may have ended the process.
    MemoryPlan.requireState(
        config.parameterCount(),
        AdamW.Settings.decay(0),
        options.device.open().backend().available());
    var random = new Philox(options.seed);
    CausalLm model =
        Architectures.create(
            config, CausalLm.class, Weights.drawn(options.device.open(), random), new Philox(0));
    String shape =
        options.newModel.config != null
            ? options.newModel.config.toString()
            : "preset " + preset(options);
    return new ModelSetup(model, tokenizer, beside, "random weights, " + shape);
  }

  /** The vocabulary is the tokenizer's; a config that was given keeps its size. */
  private static ModelConfig fitted(
      ModelConfig config, Tokenizer tokenizer, TrainingOptions options) throws IOException {
    int size = tokenizer.vocabularySize();
    if (options.newModel.config != null) {
      Path source = options.tokenizer == null ? options.newModel.config : options.tokenizer;
      Pretrained.requireFit(source, tokenizer, config.vocabularySize());
      size = config.vocabularySize();
    }
    int end = tokenizer.endOfTextId().orElse(-1);
    int padding = tokenizer.paddingId().orElse(-1);
    return config.withVocabulary(size, new SpecialIds(end, end, padding));
  }

  private static String preset(TrainingOptions options) {
    return options.newModel.preset == null ? "tiny" : options.newModel.preset;
  }
}
