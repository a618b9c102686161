package dev.galen.model.pretrained;

import dev.galen.model.gpt2.Gpt2Classifier;
import dev.galen.model.gpt2.Gpt2Config;
import dev.galen.model.gpt2.Gpt2ConfigJson;
import dev.galen.model.gpt2.Gpt2LanguageModel;
import dev.galen.model.gpt2.Labels;
import dev.galen.model.nn.Layer;
import dev.galen.model.nn.Weights;
import dev.galen.model.pretrained.Gpt2Names.Head;
import dev.galen.tensor.Device;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.backend.Span;
import dev.galen.tensor.backend.WeightFormat;
import dev.galen.tensor.io.AtomicFile;
import dev.galen.tensor.io.NamedTensorData;
import dev.galen.tensor.io.SafetensorsWriter;
import dev.galen.tensor.io.TensorFiles;
import dev.galen.tensor.memory.HostBuffer;
import dev.galen.tensor.random.Philox;
import dev.galen.tokenizer.BpeTokenizer;
import dev.galen.tokenizer.Tokenizer;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * A model with its tokenizer, as a HuggingFace directory holds them.
 *
 * @param model the network, in evaluation mode
 * @param tokenizer its tokenizer, if the directory has one
 * @param report where each parameter came from
 * @param <M> the kind of model
 */
public record Pretrained<M extends Layer>(
    M model, Optional<Tokenizer> tokenizer, LoadReport report) {
  /** The seed of the generators that models start with; a trainer sets its own. */
  private static final long SEED = 0;

  /** What HuggingFace's loader asks a model's weights for. */
  private static final Map<String, String> FORMAT = Map.of("format", "pt");

  /** Where a save collects its small files. */
  private static final String DRAFT = ".saving.tmp";

  private static final String CLASSIFIER_HEAD = "score.weight";

  private static final List<String> TOKENIZER_FILES =
      List.of("tokenizer.json", "vocab.json", "encoder.json");

  /** Loads a language model. Config and weights must agree in every tensor. */
  public static Pretrained<Gpt2LanguageModel> load(Path directory, Device device)
      throws IOException {
    return load(directory, device, WeightFormat.F32);
  }

  /**
   * The same with matrices in {@code format}. A model with packed ones generates faster and in less
   * memory, and can be neither trained nor saved; the file is not needed any more.
   */
  public static Pretrained<Gpt2LanguageModel> load(
      Path directory, Device device, WeightFormat format) throws IOException {
    return load(directory, device, UnaryOperator.identity(), format);
  }

  /**
   * The same with a changed config.
   *
   * @param adjust changes what no weight depends on, such as dropout
   */
  public static Pretrained<Gpt2LanguageModel> load(
      Path directory, Device device, UnaryOperator<Gpt2Config> adjust) throws IOException {
    return load(directory, device, adjust, WeightFormat.F32);
  }

  private static Pretrained<Gpt2LanguageModel> load(
      Path directory, Device device, UnaryOperator<Gpt2Config> adjust, WeightFormat format)
      throws IOException {
    Gpt2Config config = adjust.apply(readConfig(directory));
    if (isClassifier(directory)) {
      throw new IOException(
          "%s: holds a classifier (there is a %s), this needs a language model"
              .formatted(directory, CLASSIFIER_HEAD));
    }
    return load(
        directory,
        device,
        config,
        config.tiedHead() ? Head.TIED : Head.OWN,
        format,
        List.of(),
        (weights, random) -> new Gpt2LanguageModel(config, weights, random));
  }

  /** Loads a classifier with its head. */
  public static Pretrained<Gpt2Classifier> loadClassifier(Path directory, Device device)
      throws IOException {
    Gpt2Config config = readConfig(directory);
    return load(
        directory,
        device,
        config,
        Head.UNUSED,
        WeightFormat.F32,
        List.of(),
        (weights, random) -> new Gpt2Classifier(config, weights, random));
  }

  /**
   * Puts a new head for {@code labels}, drawn from {@code random}, on a trunk from files that may
   * hold a language model.
   */
  public static Pretrained<Gpt2Classifier> newClassifier(
      Path directory, Labels labels, Device device) throws IOException {
    Gpt2Config config = readConfig(directory).withLabels(labels);
    return load(
        directory,
        device,
        config,
        Head.UNUSED,
        WeightFormat.F32,
        List.of(CLASSIFIER_HEAD),
        (weights, random) -> new Gpt2Classifier(config, weights, random));
  }

  private static <M extends Layer> Pretrained<M> load(
      Path directory,
      Device device,
      Gpt2Config config,
      Head head,
      WeightFormat format,
      List<String> drawn,
      BiFunction<Weights, Philox, M> construct)
      throws IOException {
    if (!format.isPacked()) {
      // Mapped as long as a parameter lies there: until the model is dropped, or trained.
      return load(directory, device, config, head, format, drawn, construct, Arena.ofAuto());
    }
    try (Arena arena = Arena.ofShared()) {
      var pretrained = load(directory, device, config, head, format, drawn, construct, arena);
      device.backend().trim(); // what the weights were packed from
      return pretrained;
    }
  }

  private static <M extends Layer> Pretrained<M> load(
      Path directory,
      Device device,
      Gpt2Config config,
      Head head,
      WeightFormat format,
      List<String> drawn,
      BiFunction<Weights, Philox, M> construct,
      Arena arena)
      throws IOException {
    // Much of a second goes by until a first token; the tokenizer's share passes beside the
    // weights.
    var tokenizer = new FutureTask<>(() -> readTokenizer(directory, config));
    Thread.ofPlatform().daemon().name("galen-tokenizer").start(tokenizer);
    TensorFiles files = TensorFiles.open(directory, arena);
    var names = Gpt2Names.of(files, head);
    var random = new Philox(SEED);
    var weights = new LoadedWeights(device, files, names, random, format, drawn);
    M model;
    try {
      model = construct.apply(weights, random);
    } catch (LoadedWeights.TooManyFaults e) {
      weights.report().requireAgreement(directory, drawn);
      throw e;
    }
    LoadReport report = weights.report();
    report.requireAgreement(directory, drawn);
    return new Pretrained<>(model, await(tokenizer), report);
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

  /** Whether a directory's weights have a classifier's head. */
  public static boolean isClassifier(Path directory) throws IOException {
    try (TensorFiles files = TensorFiles.open(directory)) {
      return files.entries().containsKey(CLASSIFIER_HEAD);
    }
  }

  /** The config of a model directory, without its weights. */
  public static Gpt2Config readConfig(Path directory) throws IOException {
    Path file = directory.resolve("config.json");
    if (!Files.isDirectory(directory)) {
      throw new IOException(directory + ": no such directory");
    }
    if (!Files.exists(file)) {
      throw new IOException(directory + ": holds no config.json, so it is no model directory");
    }
    return Gpt2ConfigJson.read(file);
  }

  private static Optional<Tokenizer> readTokenizer(Path directory, Gpt2Config config)
      throws IOException {
    if (TOKENIZER_FILES.stream().noneMatch(name -> Files.exists(directory.resolve(name)))) {
      return Optional.empty();
    }
    Tokenizer tokenizer = BpeTokenizer.load(directory);
    requireFit(directory, tokenizer, config.vocabularySize());
    return Optional.of(tokenizer);
  }

  /** Throws unless every id of {@code tokenizer} has a row in the embedding. */
  public static void requireFit(Path directory, Tokenizer tokenizer, int vocabularySize)
      throws IOException {
    if (tokenizer.vocabularySize() > vocabularySize) {
      throw new IOException(
          "%s: the tokenizer has %d ids, the model's embedding (vocab_size) only %d rows"
              .formatted(directory, tokenizer.vocabularySize(), vocabularySize));
    }
  }

  /** Writes a language model as HuggingFace's {@code GPT2LMHeadModel}. */
  public static void save(Gpt2LanguageModel model, Tokenizer tokenizer, Path directory)
      throws IOException {
    save(model, model.config(), "GPT2LMHeadModel", tokenizer, directory);
  }

  /** Writes a classifier as HuggingFace's {@code GPT2ForSequenceClassification}. */
  public static void save(Gpt2Classifier model, Tokenizer tokenizer, Path directory)
      throws IOException {
    save(model, model.config(), "GPT2ForSequenceClassification", tokenizer, directory);
  }

  private static void save(
      Layer model, Gpt2Config config, String architecture, Tokenizer tokenizer, Path directory)
      throws IOException {
    model.requireUnpacked("saved");
    Files.createDirectories(directory);
    // Config and tokenizer wait for the weights, which need the most room: a full disk must not
    // leave a new config with old weights.
    Path draft = directory.resolve(DRAFT);
    removeDraft(draft);
    Files.createDirectory(draft);
    try {
      AtomicFile.writeString(
          draft.resolve("config.json"), Gpt2ConfigJson.write(config, architecture));
      if (tokenizer != null) {
        tokenizer.save(draft);
      }
      writeWeights(model.parameters(), directory);
      for (Path file : files(draft)) {
        Files.move(file, directory.resolve(file.getFileName()), StandardCopyOption.ATOMIC_MOVE);
      }
    } finally {
      removeDraft(draft);
    }
  }

  private static void writeWeights(Map<String, Tensor> parameters, Path directory)
      throws IOException {
    try (var staging = Arena.ofConfined()) {
      // Takes the shards of an earlier save away, which nobody would read any more.
      SafetensorsWriter.writeSharded(directory, data(parameters, staging), FORMAT, Long.MAX_VALUE);
    } finally {
      Reference.reachabilityFence(parameters);
    }
  }

  private static void removeDraft(Path draft) throws IOException {
    if (Files.exists(draft)) {
      for (Path file : files(draft)) {
        Files.delete(file);
      }
      Files.delete(draft);
    }
  }

  private static List<Path> files(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.toList();
    }
  }

  /** Writes tensors by name to one safetensors file, replacing it only when all is written. */
  public static void saveWeights(Map<String, Tensor> tensors, Path file) throws IOException {
    try (var staging = Arena.ofConfined()) {
      SafetensorsWriter.write(file, data(tensors, staging), FORMAT);
    } finally {
      Reference.reachabilityFence(tensors); // Their bytes are written from where they lie.
    }
  }

  private static List<NamedTensorData> data(Map<String, Tensor> tensors, Arena staging) {
    List<NamedTensorData> data = new ArrayList<>();
    tensors.forEach(
        (name, tensor) ->
            data.add(
                new NamedTensorData(
                    name, tensor.dtype(), tensor.shape(), () -> bytes(tensor, staging))));
    return data;
  }

  private static MemorySegment bytes(Tensor tensor, Arena staging) {
    Span span = tensor.contiguousSpan();
    if (span.buffer() instanceof HostBuffer) {
      return HostBuffer.segment(span);
    }
    MemorySegment host = staging.allocate(Math.max(span.byteSize(), 1), 64);
    MemorySegment bytes = host.asSlice(0, span.byteSize());
    tensor.backend().download(span, bytes);
    return bytes;
  }
}
