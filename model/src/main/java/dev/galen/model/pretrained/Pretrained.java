package dev.galen.model.pretrained;

import dev.galen.model.CausalLm;
import dev.galen.model.Model;
import dev.galen.model.ModelConfig;
import dev.galen.model.hf.LoadReport;
import dev.galen.model.hf.ModelDirectory;
import dev.galen.model.hf.WeightFiles;
import dev.galen.tensor.Device;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.backend.WeightFormat;
import dev.galen.tensor.io.TensorFiles;
import dev.galen.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * A model with its tokenizer, as a HuggingFace directory holds them.
 *
 * @param model the network, in evaluation mode
 * @param tokenizer its tokenizer, if the directory has one
 * @param report where each parameter came from
 * @param directory what the directory says beside
 * @param <M> the kind of model
 */
public record Pretrained<M extends Model>(
    M model, Optional<Tokenizer> tokenizer, LoadReport report, ModelDirectory directory) {

  /**
   * The tokenizer of a model that is to read texts.
   *
   * @throws IOException if the directory has none; the message names it
   */
  public Tokenizer requireTokenizer() throws IOException {
    return tokenizer.orElseThrow(
        () ->
            new IOException(
                directory.name()
                    + ": has no tokenizer: neither tokenizer.json nor vocab.json with merges.txt;"
                    + " load one from elsewhere with TokenizerFiles.load"));
  }

  /**
   * The same model with more tokens, each with a row of its embedding and its head that is the mean
   * of the rows there were; only training tells them apart. This one is not to be used any more.
   *
   * @param tokens see {@link Tokenizer#withTokens}
   * @param multiple the rows become a multiple of it where there are too few, 1 for just enough:
   *     {@code pad_to_multiple_of} of transformers
   * @throws IOException if there is no tokenizer
   */
  public Pretrained<M> withTokens(List<String> tokens, int multiple) throws IOException {
    return withRowsFor(requireTokenizer().withTokens(tokens), multiple);
  }

  /** The same model with a row for each id of another tokenizer, which it has from now on. */
  public Pretrained<M> withRowsFor(Tokenizer other, int multiple) {
    if (multiple < 1) {
      throw new IllegalArgumentException(
          "the vocabulary is to be a multiple of " + multiple + ", must be at least 1");
    }
    int rows = GrownVocabulary.rows(model.vocabularySize(), other.vocabularySize(), multiple);
    M larger = rows == model.vocabularySize() ? model : GrownVocabulary.of(model, rows);
    return new Pretrained<>(larger, Optional.of(other), report, directory);
  }

  /** Loads a language model. Config and weights must agree in every tensor. */
  public static Pretrained<CausalLm> load(Path directory, Device device) throws IOException {
    return load(directory, device, CausalLm.class);
  }

  /**
   * Loads a model of any kind.
   *
   * @param role what it is to do, such as {@code SequenceClassifier.class}, or the class of an
   *     architecture's own model
   */
  public static <M extends Model> Pretrained<M> load(Path directory, Device device, Class<M> role)
      throws IOException {
    return load(directory, device, role, UnaryOperator.identity());
  }

  /**
   * The same with a changed config.
   *
   * @param adjust changes what no weight depends on, such as dropout
   */
  public static <M extends Model> Pretrained<M> load(
      Path directory, Device device, Class<M> role, UnaryOperator<ModelConfig> adjust)
      throws IOException {
    return load(directory, device, role, adjust, WeightFormat.F32);
  }

  /** The same with matrices in {@code format}: an adapter may learn beside packed ones. */
  public static <M extends Model> Pretrained<M> load(
      Path directory,
      Device device,
      Class<M> role,
      UnaryOperator<ModelConfig> adjust,
      WeightFormat format)
      throws IOException {
    return DirectoryLoad.of(directory, role, adjust, false).run(device, format);
  }

  /**
   * A language model with matrices in {@code format}. A model with packed ones generates faster and
   * in less memory, and can be neither trained nor saved; the file is not needed any more.
   */
  public static Pretrained<CausalLm> load(Path directory, Device device, WeightFormat format)
      throws IOException {
    return load(directory, device, CausalLm.class, format);
  }

  /** The same of a model of any kind. */
  public static <M extends Model> Pretrained<M> load(
      Path directory, Device device, Class<M> role, WeightFormat format) throws IOException {
    return DirectoryLoad.of(directory, role, UnaryOperator.identity(), false).run(device, format);
  }

  /**
   * A model that makes texts, whichever kind the directory has: a {@link CausalLm} or a {@link
   * dev.galen.model.Seq2SeqLm}.
   */
  public static Pretrained<? extends Model> loadGenerative(
      Path directory, Device device, WeightFormat format) throws IOException {
    return DirectoryLoad.generative(directory).run(device, format);
  }

  /**
   * A trunk with a new head where the directory has none: how a language model becomes a
   * classifier.
   *
   * @param adjust changes the config, such as {@code config -> config.withClasses(names)}
   */
  public static <M extends Model> Pretrained<M> loadWithNewHead(
      Path directory, Device device, Class<M> role, UnaryOperator<ModelConfig> adjust)
      throws IOException {
    return loadWithNewHead(directory, device, role, adjust, WeightFormat.F32);
  }

  /** The same with matrices in {@code format}. */
  public static <M extends Model> Pretrained<M> loadWithNewHead(
      Path directory,
      Device device,
      Class<M> role,
      UnaryOperator<ModelConfig> adjust,
      WeightFormat format)
      throws IOException {
    return DirectoryLoad.of(directory, role, adjust, true).run(device, format);
  }

  /**
   * Whether a directory's weights have the head of a kind of model: a language model's has no
   * classifier's head.
   */
  public static boolean hasHead(Path directory, Class<? extends Model> role) throws IOException {
    var load = DirectoryLoad.of(directory, Model.class, UnaryOperator.identity(), false);
    try (TensorFiles files = TensorFiles.open(directory)) {
      return load.hasHead(role, files);
    }
  }

  /**
   * What kind of model a directory holds: the class that its {@code config.json} names in {@code
   * architectures}, or the first of its architecture whose head its weights have.
   */
  public static Class<? extends Model> kind(Path directory) throws IOException {
    var load = DirectoryLoad.of(directory, Model.class, UnaryOperator.identity(), false);
    var named = load.namedKind();
    if (named.isPresent()) {
      return named.get();
    }
    try (TensorFiles files = TensorFiles.open(directory)) {
      return load.kind(files);
    }
  }

  /**
   * The model that a directory describes, its parameters without values: for their names, shapes
   * and number, at no cost. A {@code config.json} is enough; weights that lie beside it must agree.
   */
  public static Pretrained<? extends Model> outline(Path directory) throws IOException {
    return DirectoryLoad.outline(directory);
  }

  /** The config of a model directory, without its weights. */
  public static ModelConfig readConfig(Path directory) throws IOException {
    return DirectoryLoad.of(directory, Model.class, UnaryOperator.identity(), false).config();
  }

  /** Whether a directory holds a tokenizer beside the model. */
  public static boolean hasTokenizer(Path directory) {
    return DirectoryLoad.hasTokenizer(directory);
  }

  /**
   * Throws unless every id of {@code tokenizer} has a row in the embedding.
   *
   * @throws IOException naming the directory, or file and field of a special token that its
   *     vocabulary lacks
   */
  public static void requireFit(Path directory, Tokenizer tokenizer, int vocabularySize)
      throws IOException {
    if (tokenizer.vocabularySize() > vocabularySize) {
      var place = tokenizer.appendedBy(vocabularySize);
      if (place.isPresent()) {
        throw new IOException(
            ("%s: \"%s\" is not in the vocabulary and would have id %d, but the model's embedding"
                    + " (vocab_size) has only %d rows; take the name out, or give the model a row")
                .formatted(
                    place.get(), tokenizer.token(vocabularySize), vocabularySize, vocabularySize));
      }
      throw new IOException(
          "%s: the tokenizer has %d ids, the model's embedding (vocab_size) only %d rows"
              .formatted(directory, tokenizer.vocabularySize(), vocabularySize));
    }
  }

  /**
   * Writes a model that comes from no directory: see {@link #save(Model, Tokenizer, ModelDirectory,
   * Path)}. Without a tokenizer what stands there of one stays.
   */
  public static void save(Model model, Tokenizer tokenizer, Path directory) throws IOException {
    save(
        Architectures.Made.of(model),
        tokenizer,
        ModelDirectory.none(),
        tokenizer == null,
        directory);
  }

  /**
   * Writes a model as HuggingFace's class of its kind, with the fields and files of the directory
   * it came from. What ends a text is what ends it for the tokenizer; what else ended one goes on
   * doing so, in {@code generation_config.json}.
   *
   * @param tokenizer what its texts were written in, or null
   * @param source where it came from; {@link ModelDirectory#none} if from nowhere
   * @param directory made if it is missing; a model that stands there is replaced as a whole
   * @throws IllegalArgumentException if no architecture has the model's class
   */
  public static void save(Model model, Tokenizer tokenizer, ModelDirectory source, Path directory)
      throws IOException {
    save(Architectures.Made.of(model), tokenizer, source, false, directory);
  }

  private static <C extends ModelConfig, M extends Model> void save(
      Architectures.Made<C, M> made,
      Tokenizer tokenizer,
      ModelDirectory source,
      boolean keepsTokenizer,
      Path directory)
      throws IOException {
    source.save(
        made.architecture(), made.head(), made.model(), tokenizer, keepsTokenizer, directory);
  }

  /**
   * Writes all that {@link #save} writes but the weights and the files that are nobody's but the
   * user's: what makes a checkpoint a model's directory.
   */
  public static void saveBeside(
      Model model, Tokenizer tokenizer, ModelDirectory source, Path folder) throws IOException {
    saveBeside(Architectures.Made.of(model), tokenizer, source, folder);
  }

  private static <C extends ModelConfig, M extends Model> void saveBeside(
      Architectures.Made<C, M> made, Tokenizer tokenizer, ModelDirectory source, Path folder)
      throws IOException {
    source.saveBeside(made.architecture(), made.head(), made.model(), tokenizer, folder);
  }

  /** Writes tensors by name to one safetensors file, replacing it only when all is written. */
  public static void saveWeights(Map<String, Tensor> tensors, Path file) throws IOException {
    WeightFiles.write(tensors, file);
  }
}
