package dev.galen.model.pretrained;

import dev.galen.model.CausalLm;
import dev.galen.model.Generative;
import dev.galen.model.Model;
import dev.galen.model.ModelConfig;
import dev.galen.model.SequenceClassifier;
import dev.galen.model.TokenClassifier;
import dev.galen.model.hf.Architecture;
import dev.galen.model.hf.ConfigJson;
import dev.galen.model.hf.Head;
import dev.galen.model.hf.LoadReport;
import dev.galen.model.hf.LoadedWeights;
import dev.galen.model.hf.ModelDirectory;
import dev.galen.model.hf.TensorNames;
import dev.galen.model.nn.Weights;
import dev.galen.tensor.Device;
import dev.galen.tensor.backend.WeightFormat;
import dev.galen.tensor.io.TensorFiles;
import dev.galen.tensor.random.Philox;
import dev.galen.tokenizer.Tokenizer;
import dev.galen.tokenizer.TokenizerFiles;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * One load of a model's directory.
 *
 * @param path where the files lie
 * @param directory what lies there beside weights and tokenizer
 * @param architecture what its config says it is
 * @param head the kind of model that is wanted
 * @param json its config
 * @param config the model's shape
 * @param newHead whether the head's own parameters may be missing
 * @param <C> the shape
 * @param <M> the kind of model
 */
record DirectoryLoad<C extends ModelConfig, M extends Model>(
    Path path,
    ModelDirectory directory,
    Architecture<C> architecture,
    Head<C, ? extends M> head,
    ConfigJson json,
    C config,
    boolean newHead) {
  /** The seed of the generators that models start with; a trainer sets its own. */
  private static final long SEED = 0;

  /**
   * Reads the small files.
   *
   * @param role the kind of model
   * @param adjust changes what no weight depends on
   * @param newHead whether the head's own parameters may be missing
   */
  static <M extends Model> DirectoryLoad<?, M> of(
      Path path, Class<M> role, UnaryOperator<ModelConfig> adjust, boolean newHead)
      throws IOException {
    ModelDirectory directory = ModelDirectory.read(path);
    try {
      return of(path, directory, Architectures.of(directory), role, adjust, newHead);
    } catch (IllegalArgumentException e) {
      throw new IOException(directory.configFile() + ": " + e.getMessage(), e);
    }
  }

  /** The same of the first kind of model that makes texts. */
  static DirectoryLoad<?, ? extends Model> generative(Path path) throws IOException {
    ModelDirectory directory = ModelDirectory.read(path);
    try {
      Architecture<?> architecture = Architectures.of(directory);
      Class<? extends Model> role = CausalLm.class; // which is named where there is neither
      for (Head<?, ?> each : architecture.heads()) {
        if (Generative.class.isAssignableFrom(each.model())) {
          role = each.model();
          break;
        }
      }
      return of(path, directory, architecture, role, UnaryOperator.identity(), false);
    } catch (IllegalArgumentException e) {
      throw new IOException(directory.configFile() + ": " + e.getMessage(), e);
    }
  }

  private static <C extends ModelConfig, M extends Model> DirectoryLoad<C, M> of(
      Path path,
      ModelDirectory directory,
      Architecture<C> architecture,
      Class<M> role,
      UnaryOperator<ModelConfig> adjust,
      boolean newHead) {
    Head<C, ? extends M> head = Architectures.head(architecture, role);
    ConfigJson json = directory.config(architecture, classifies(head) && !newHead);
    ModelConfig adjusted = adjust.apply(architecture.read(json));
    C config = architecture.configType().cast(adjusted);
    return new DirectoryLoad<>(path, directory, architecture, head, json, config, newHead);
  }

  /**
   * The model without values of its parameters: of the kind that the weights have a classifier's
   * head for, or that the config names, or the architecture's first.
   */
  static Pretrained<? extends Model> outline(Path path) throws IOException {
    ModelDirectory directory = ModelDirectory.read(path);
    boolean hasWeights = hasWeights(path);
    try {
      Architecture<?> architecture = Architectures.of(directory);
      boolean classifies = hasWeights && Pretrained.hasHead(path, SequenceClassifier.class);
      return outline(path, directory, architecture, classifies, hasWeights);
    } catch (IllegalArgumentException e) {
      throw new IOException(directory.configFile() + ": " + e.getMessage(), e);
    }
  }

  private static <C extends ModelConfig> Pretrained<? extends Model> outline(
      Path path,
      ModelDirectory directory,
      Architecture<C> architecture,
      boolean classifies,
      boolean hasWeights)
      throws IOException {
    String name = directory.className().orElse("");
    Class<? extends Model> role = architecture.heads().getFirst().model();
    for (Head<C, ?> head : architecture.heads()) {
      role = head.className().equals(name) ? head.model() : role;
    }
    role = classifies ? SequenceClassifier.class : role;
    var load = of(path, directory, architecture, role, UnaryOperator.identity(), false);
    return load.outline(hasWeights);
  }

  private Pretrained<M> outline(boolean hasWeights) throws IOException {
    Optional<Tokenizer> tokenizer = readTokenizer();
    if (!hasWeights) {
      Weights weights = LoadedWeights.outline(Device.REFERENCE);
      C shape = architecture.withoutWeights(json, config);
      M model = head.constructor().of(shape, weights, new Philox(SEED));
      var report = new LoadReport(List.of(), List.of(), List.of(), List.of());
      return new Pretrained<>(model, tokenizer, report, directory);
    }
    try (TensorFiles files = TensorFiles.open(path)) {
      TensorNames<C> names = names(files);
      var weights = LoadedWeights.outline(Device.REFERENCE, files, names.fileNames());
      M model = make(weights, names.config(), new Philox(SEED), List.of());
      requireAgreement(weights.report(), List.of());
      return new Pretrained<>(model, tokenizer, weights.report(), directory);
    }
  }

  /** Whether there is anything that may be meant for weights. */
  private static boolean hasWeights(Path path) throws IOException {
    try (Stream<Path> files = Files.list(path)) {
      return files
          .map(file -> file.getFileName().toString())
          .anyMatch(
              name -> name.endsWith(".safetensors") || name.endsWith(".safetensors.index.json"));
    }
  }

  private static boolean classifies(Head<?, ?> head) {
    return SequenceClassifier.class.isAssignableFrom(head.model())
        || TokenClassifier.class.isAssignableFrom(head.model());
  }

  /** Whether {@code files} have all that a head of {@code role} has of its own. */
  boolean hasHead(Class<? extends Model> role, TensorFiles files) {
    for (Head<C, ?> each : architecture.heads()) {
      if (role.isAssignableFrom(each.model()) && isIn(files, each)) {
        return true;
      }
    }
    return false;
  }

  private boolean isIn(TensorFiles files, Head<C, ?> each) {
    return each.ownParameters().isEmpty()
        || architecture
            .names(files, config, each)
            .fileNames()
            .keySet()
            .containsAll(each.ownParameters());
  }

  /** The class of the model that the config names, if it is one of ours. */
  Optional<Class<? extends Model>> namedKind() {
    List<String> named = directory.classNames();
    for (Head<C, ?> each : architecture.heads()) {
      if (named.contains(each.className())) {
        return Optional.of(each.model());
      }
    }
    return Optional.empty();
  }

  /** The class of the model whose head {@code files} have. */
  Class<? extends Model> kind(TensorFiles files) {
    for (Head<C, ?> each : architecture.heads()) {
      if (!each.ownParameters().isEmpty() && isIn(files, each)) {
        return each.model();
      }
    }
    return architecture.heads().getFirst().model();
  }

  /**
   * Loads the model and its tokenizer.
   *
   * @param format how matrices are kept
   */
  Pretrained<M> run(Device device, WeightFormat format) throws IOException {
    if (!format.isPacked()) {
      // Mapped as long as a parameter lies there: until the model is dropped, or trained.
      return run(device, format, Arena.ofAuto());
    }
    try (Arena arena = Arena.ofShared()) {
      var pretrained = run(device, format, arena);
      device.backend().trim(); // what the weights were packed from
      return pretrained;
    }
  }

  private Pretrained<M> run(Device device, WeightFormat format, Arena arena) throws IOException {
    // Much of a second goes by until a first token; the tokenizer's share passes beside the
    // weights.
    var task = new FutureTask<>(this::readTokenizer);
    Thread.ofPlatform().daemon().name("galen-tokenizer").start(task);
    TensorFiles files = TensorFiles.open(path, arena);
    TensorNames<C> names = names(files);
    List<String> initialised = newHead ? head.ownParameters() : List.of();
    var random = new Philox(SEED);
    var weights = new LoadedWeights(device, files, names.fileNames(), random, format, initialised);
    M model = make(weights, names.config(), random, initialised);
    LoadReport report = weights.report();
    requireAgreement(report, initialised);
    Optional<Tokenizer> tokenizer = await(task);
    if (model instanceof Generative generating) {
      generating.setEndOfTextIds(directory.endOfTextIds(tokenizer));
    }
    return new Pretrained<>(model, tokenizer, report, directory);
  }

  private M make(LoadedWeights weights, C shape, Philox random, List<String> initialised)
      throws IOException {
    try {
      return head.constructor().of(shape, weights, random);
    } catch (LoadedWeights.TooManyFaults e) {
      requireAgreement(weights.report(), initialised);
      throw e;
    } catch (IllegalArgumentException e) { // such as a NaN that no packed format has
      throw new IOException(path + ": " + e.getMessage(), e);
    }
  }

  private TensorNames<C> names(TensorFiles files) throws IOException {
    try {
      return architecture.names(files, config, head);
    } catch (IllegalArgumentException e) {
      throw new IOException(path + ": " + e.getMessage(), e);
    }
  }

  private void requireAgreement(LoadReport report, List<String> initialised) throws IOException {
    try {
      report.requireAgreement(path, initialised);
    } catch (IOException e) {
      String assumed = json.assumed();
      throw assumed.isEmpty() ? e : new IOException(e.getMessage() + "; " + assumed, e);
    }
  }

  static boolean hasTokenizer(Path directory) {
    for (String name : TokenizerFiles.VOCABULARIES) {
      if (ModelDirectory.isThere(directory.resolve(name))) {
        return true;
      }
    }
    return false;
  }

  private Optional<Tokenizer> readTokenizer() throws IOException {
    if (!hasTokenizer(path)) {
      return Optional.empty();
    }
    Tokenizer tokenizer = TokenizerFiles.load(path);
    Pretrained.requireFit(path, tokenizer, config.vocabularySize());
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
