package dev.galen.train.run;

import dev.galen.model.Generative;
import dev.galen.model.Model;
import dev.galen.model.ModelConfig;
import dev.galen.model.SpecialIds;
import dev.galen.model.hf.LenientJson;
import dev.galen.model.hf.ModelDirectory;
import dev.galen.model.hub.Hub;
import dev.galen.model.nn.Weights;
import dev.galen.model.pretrained.Architectures;
import dev.galen.model.pretrained.Pretrained;
import dev.galen.tensor.Device;
import dev.galen.tensor.random.Philox;
import dev.galen.tokenizer.Tokenizer;
import dev.galen.tokenizer.TokenizerFiles;
import dev.galen.train.MemoryPlan;
import dev.galen.train.data.Examples;
import dev.galen.train.data.TokenizerTraining;
import dev.galen.train.task.Task;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The model and the tokenizer of a run: loaded, or new.
 *
 * @param model the network
 * @param config its shape
 * @param tokenizer its tokenizer; absent where the data are tokenised and none was given
 * @param directory what is to live on beside both
 * @param adapter what is trained in place of the network's own weights; null for those
 * @param source one line for the report
 * @param <M> the kind of model
 */
record RunModel<M extends Model>(
    M model,
    ModelConfig config,
    Optional<Tokenizer> tokenizer,
    ModelDirectory directory,
    RunAdapter adapter,
    String source) {
  /** Tokens of a tokenizer that is trained on the run's own data. */
  private static final int OWN_VOCABULARY = 2048;

  /**
   * Loads or makes both.
   *
   * @param resumed the checkpoint whose tokenizer goes on where the run trains its own
   */
  static <M extends Model> RunModel<M> of(
      FineTuningSpec spec,
      Task<M> task,
      RunData data,
      Optional<Path> resumed,
      Device device,
      SettingNames names)
      throws IOException {
    return spec.model().isPretrained()
        ? load(spec, task, data, device, names)
        : create(spec, task, data.train(), resumed, device, names);
  }

  /** The shape of the model to come, but for the vocabulary and the classes of its data. */
  static ModelConfig shape(ModelSource source, SettingNames names) throws IOException {
    if (source.isPretrained()) {
      return Pretrained.readConfig(Hub.resolve(source.directory()));
    }
    if (source.config() != null) {
      return Architectures.readNew(source.config());
    }
    var presets = Architectures.presets();
    ModelConfig preset = presets.get(preset(source));
    if (preset == null) {
      throw new IllegalArgumentException(
          "%s %s is none of %s"
              .formatted(names.of("preset"), source.preset(), String.join(", ", presets.keySet())));
    }
    return preset;
  }

  private static <M extends Model> RunModel<M> load(
      FineTuningSpec spec, Task<M> task, RunData data, Device device, SettingNames names)
      throws IOException {
    ModelSource source = spec.model();
    Path directory = Hub.resolve(source.directory());
    if (source.tokenizer() == null) {
      RunChecks.requireTokenizer(data.train(), directory, names.of("tokenizer"));
      RunChecks.requireTokenizer(data.validation(), directory, names.of("tokenizer"));
    }
    boolean hasHead = Pretrained.hasHead(directory, task.role());
    ModelConfig read = Pretrained.readConfig(directory);
    ModelConfig dropping = source.dropout() == null ? read : read.withDropout(source.dropout());
    ModelConfig shape = task.shape(dropping, hasHead, data.train());
    Pretrained<M> pretrained =
        hasHead
            ? Pretrained.load(directory, device, task.role(), config -> shape, source.weights())
            : Pretrained.loadWithNewHead(
                directory, device, task.role(), config -> shape, source.weights());
    Optional<Tokenizer> tokenizer = pretrained.tokenizer();
    ModelDirectory beside = pretrained.directory();
    if (source.tokenizer() != null) {
      tokenizer = Optional.of(TokenizerFiles.load(source.tokenizer()));
      Pretrained.requireFit(
          source.tokenizer(), tokenizer.get(), pretrained.model().vocabularySize());
      beside = beside.withTemplatesOf(source.tokenizer());
    }
    if (!source.newTokens().areNone()) {
      tokenizer = Optional.of(withNewTokens(tokenizer, source, names));
      pretrained = pretrained.withRowsFor(tokenizer.get(), source.newTokens().multiple());
    }
    if (source.tokenizer() != null) {
      if (pretrained.model() instanceof Generative generating) {
        generating.setEndOfTextIds(beside.endOfTextIds(tokenizer));
      }
    }
    M model = pretrained.model();
    return new RunModel<>(
        model,
        Architectures.config(model),
        tokenizer,
        beside,
        RunAdapter.of(spec, model),
        "weights of " + source.directory() + (hasHead ? "" : ", and a new head"));
  }

  private static Tokenizer withNewTokens(
      Optional<Tokenizer> tokenizer, ModelSource source, SettingNames names) {
    List<String> tokens = source.newTokens().tokens();
    return tokenizer
        .map(known -> known.withTokens(tokens))
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "%s is %s, but %s has no tokenizer that could know them; give one with %s"
                        .formatted(
                            names.of("new-tokens"),
                            String.join(",", tokens),
                            source.name(),
                            names.of("tokenizer"))));
  }

  private static <M extends Model> RunModel<M> create(
      FineTuningSpec spec,
      Task<M> task,
      Examples data,
      Optional<Path> resumed,
      Device device,
      SettingNames names)
      throws IOException {
    ModelSource source = spec.model();
    ModelConfig config = shape(source, names);
    if (source.dropout() != null) {
      config = config.withDropout(source.dropout());
    }
    Optional<Tokenizer> tokenizer = Optional.empty();
    ModelDirectory beside = ModelDirectory.none();
    if (source.tokenizer() != null) {
      beside = beside.withTemplatesOf(source.tokenizer());
      tokenizer = Optional.of(TokenizerFiles.load(source.tokenizer()));
    } else if (resumed.isPresent()) {
      tokenizer = Optional.of(TokenizerFiles.load(resumed.get())); // what the weights have learned
    } else if (!data.tokenised()) {
      int size = Math.min(OWN_VOCABULARY, config.vocabularySize());
      tokenizer = Optional.of(TokenizerTraining.of(data, size));
    }
    if (!source.newTokens().areNone()) {
      tokenizer = Optional.of(withNewTokens(tokenizer, source, names));
    }
    if (tokenizer.isPresent()) {
      config = fitted(config, tokenizer.get(), source);
    }
    config = task.shape(config, false, data);
    // Refused here: once its weights are initialised the system may have ended the process.
    MemoryPlan.requireState(
        config.parameterCount(), spec.training().optimizer(), device.backend().available());
    var random = new Philox(spec.training().seed());
    M model =
        Architectures.create(
            config, task.role(), Weights.initialised(device, random), new Philox(0));
    String shape =
        source.config() != null ? source.config().toString() : "preset " + preset(source);
    return new RunModel<>(model, config, tokenizer, beside, null, "random weights, " + shape);
  }

  /** The vocabulary is the tokenizer's; a config that was given keeps its size. */
  private static ModelConfig fitted(ModelConfig config, Tokenizer tokenizer, ModelSource source)
      throws IOException {
    int multiple = source.newTokens().multiple();
    int size = Math.ceilDiv(tokenizer.vocabularySize(), multiple) * multiple;
    if (source.config() != null) {
      if (source.newTokens().areNone()) {
        Path place = source.tokenizer() == null ? source.config() : source.tokenizer();
        Pretrained.requireFit(place, tokenizer, config.vocabularySize());
      }
      boolean fits = tokenizer.vocabularySize() <= config.vocabularySize();
      size = fits ? config.vocabularySize() : size;
    }
    int end = tokenizer.endOfTextId().orElse(-1);
    int padding = tokenizer.paddingId().orElse(-1);
    return config.withVocabulary(size, new SpecialIds(end, end, padding));
  }

  private static String preset(ModelSource source) {
    return source.preset() == null ? "tiny" : source.preset();
  }

  /** What makes a checkpoint a model's directory beside its weights. */
  void saveWithoutWeights(Path checkpoint) throws IOException {
    if (adapter != null) {
      adapter.saveInto(checkpoint, tokenizer.orElse(null), directory);
    } else {
      Pretrained.saveBeside(model, tokenizer.orElse(null), directory, checkpoint);
    }
  }

  /**
   * Refuses to go on with other tokenizer files than the checkpoint has: texts that are tokenised
   * already would train alike, and the model be saved with another tokenizer.
   */
  void requireTokenizerOf(Path checkpoint) throws IOException {
    if (tokenizer.isEmpty()) {
      return;
    }
    Path scratch = Files.createTempDirectory("galen-tokenizer");
    try {
      tokenizer.get().save(scratch);
      for (String name : List.of("tokenizer.json", "tokenizer_config.json")) {
        Path kept = checkpoint.resolve(name);
        Path now = scratch.resolve(name);
        if (Files.exists(kept)
            && Files.exists(now)
            && !LenientJson.readObject(kept).equals(LenientJson.readObject(now))) {
          throw new IOException(
              kept + ": the checkpoint's tokenizer is another than this run's; give it that one");
        }
      }
    } finally {
      try (var files = Files.list(scratch)) {
        for (Path file : files.toList()) {
          Files.deleteIfExists(file);
        }
      }
      Files.deleteIfExists(scratch);
    }
  }

  /** Writes all of it where the run writes. */
  void save(Path output) throws IOException {
    if (adapter != null) {
      adapter.save(tokenizer.orElse(null), directory, output);
    } else {
      Pretrained.save(model, tokenizer.orElse(null), directory, output);
    }
  }

  /** What tells the tokenizer from others: a digest of its tokens and of what ends a text. */
  Optional<String> vocabulary() {
    return tokenizer.map(VocabularyDigest::of);
  }
}
