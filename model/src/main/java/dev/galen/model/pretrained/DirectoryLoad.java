package dev.galen.model.pretrained;

import dev.galen.model.gpt2.Gpt2Config;
import dev.galen.model.gpt2.Gpt2ConfigJson;
import dev.galen.model.nn.Layer;
import dev.galen.model.nn.Weights;
import dev.galen.tensor.Device;
import dev.galen.tensor.backend.WeightFormat;
import dev.galen.tensor.io.TensorFiles;
import dev.galen.tensor.random.Philox;
import dev.galen.tokenizer.BpeTokenizer;
import dev.galen.tokenizer.Tokenizer;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * One load of a model's directory.
 *
 * @param directory where the files lie
 * @param device where the model is going to compute
 * @param config what its config says
 * @param format how matrices are kept
 * @param isLanguageModel whether the model has a language model's head
 * @param drawn paths that the files may lack
 * @param construct makes the model
 * @param <M> the kind of model
 */
record DirectoryLoad<M extends Layer>(
    Path directory,
    Device device,
    Gpt2Config config,
    WeightFormat format,
    boolean isLanguageModel,
    List<String> drawn,
    Construction<M> construct) {
  /** The seed of the generators that models start with; a trainer sets its own. */
  private static final long SEED = 0;

  private static final List<String> TOKENIZER_FILES =
      List.of("tokenizer.json", "vocab.json", "encoder.json");

  /** Makes a model of a config from weights. */
  @FunctionalInterface
  interface Construction<M extends Layer> {
    M of(Gpt2Config config, Weights weights, Philox random);
  }

  Pretrained<M> run() throws IOException {
    if (!format.isPacked()) {
      // Mapped as long as a parameter lies there: until the model is dropped, or trained.
      return run(Arena.ofAuto());
    }
    try (Arena arena = Arena.ofShared()) {
      var pretrained = run(arena);
      device.backend().trim(); // what the weights were packed from
      return pretrained;
    }
  }

  private Pretrained<M> run(Arena arena) throws IOException {
    ModelDirectory beside = ModelDirectory.read(directory);
    // Much of a second goes by until a first token; the tokenizer's share passes beside the
    // weights.
    var tokenizer = new FutureTask<>(this::readTokenizer);
    Thread.ofPlatform().daemon().name("galen-tokenizer").start(tokenizer);
    TensorFiles files = TensorFiles.open(directory, arena);
    Gpt2Config fitting = isLanguageModel ? Gpt2Names.borneOut(files, config) : config;
    boolean ownHead = isLanguageModel && !fitting.tiedHead();
    var names = Gpt2Names.of(files, fitting.tiedHead(), ownHead);
    var random = new Philox(SEED);
    var weights = new LoadedWeights(device, files, names, random, format, drawn);
    M model;
    try {
      model = construct.of(fitting, weights, random);
    } catch (LoadedWeights.TooManyFaults e) {
      requireAgreement(weights.report());
      throw e;
    } catch (IllegalArgumentException e) { // such as a NaN that no packed format has
      throw new IOException(directory + ": " + e.getMessage(), e);
    }
    LoadReport report = weights.report();
    requireAgreement(report);
    return new Pretrained<>(model, await(tokenizer), report, beside);
  }

  private void requireAgreement(LoadReport report) throws IOException {
    try {
      report.requireAgreement(directory, drawn);
    } catch (IOException e) {
      String assumed = Gpt2ConfigJson.assumed(ModelDirectory.requireConfig(directory));
      throw assumed.isEmpty() ? e : new IOException(e.getMessage() + "; " + assumed, e);
    }
  }

  static boolean hasTokenizer(Path directory) {
    return TOKENIZER_FILES.stream()
        .anyMatch(name -> ModelDirectory.isThere(directory.resolve(name)));
  }

  private Optional<Tokenizer> readTokenizer() throws IOException {
    if (!hasTokenizer(directory)) {
      return Optional.empty();
    }
    Tokenizer tokenizer = BpeTokenizer.load(directory);
    Pretrained.requireFit(directory, tokenizer, config.vocabularySize());
    return Optional.of(tokenizer);
  }

  private static <T> T await(FutureTask<T> task) throws IOException {
    try {
      return task.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while the tokenizer was read");
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case IOException cause -> throw cause;
        case RuntimeException cause -> throw cause;
        case Error cause -> throw cause;
        default -> throw new IllegalStateException(e.getCause());
      }
    }
  }
}
