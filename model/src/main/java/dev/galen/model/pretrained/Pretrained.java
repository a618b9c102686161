package dev.galen.model.pretrained;

import dev.galen.model.ClassNames;
import dev.galen.model.gpt2.Gpt2CausalLm;
import dev.galen.model.gpt2.Gpt2Classifier;
import dev.galen.model.gpt2.Gpt2Config;
import dev.galen.model.gpt2.Gpt2ConfigJson;
import dev.galen.model.nn.Layer;
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
import java.util.Set;
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
public record Pretrained<M extends Layer>(
    M model, Optional<Tokenizer> tokenizer, LoadReport report, ModelDirectory directory) {
  private static final String CLASSIFIER_HEAD = "score.weight";

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
                    + " load one from elsewhere with BpeTokenizer.load"));
  }

  /** Loads a language model. Config and weights must agree in every tensor. */
  public static Pretrained<Gpt2CausalLm> load(Path directory, Device device) throws IOException {
    return load(directory, device, WeightFormat.F32);
  }

  /**
   * The same with matrices in {@code format}. A model with packed ones generates faster and in less
   * memory, and can be neither trained nor saved; the file is not needed any more.
   */
  public static Pretrained<Gpt2CausalLm> load(Path directory, Device device, WeightFormat format)
      throws IOException {
    return load(directory, device, UnaryOperator.identity(), format);
  }

  /**
   * The same with a changed config.
   *
   * @param adjust changes what no weight depends on, such as dropout
   */
  public static Pretrained<Gpt2CausalLm> load(
      Path directory, Device device, UnaryOperator<Gpt2Config> adjust) throws IOException {
    return load(directory, device, adjust, WeightFormat.F32);
  }

  private static Pretrained<Gpt2CausalLm> load(
      Path directory, Device device, UnaryOperator<Gpt2Config> adjust, WeightFormat format)
      throws IOException {
    Gpt2Config config = adjust.apply(readConfig(directory));
    if (isClassifier(directory)) {
      throw new IOException(
          "%s: holds a classifier (there is a %s), this needs a language model"
              .formatted(directory, CLASSIFIER_HEAD));
    }
    Pretrained<Gpt2CausalLm> loaded =
        new DirectoryLoad<>(directory, device, config, format, true, List.of(), Gpt2CausalLm::new)
            .run();
    loaded.model().setEndOfTextIds(loaded.directory().endOfTextIds(loaded.tokenizer()));
    return loaded;
  }

  /** Loads a classifier with its head. */
  public static Pretrained<Gpt2Classifier> loadClassifier(Path directory, Device device)
      throws IOException {
    Gpt2Config config = Gpt2ConfigJson.readClassifier(ModelDirectory.requireConfig(directory));
    return classifier(directory, device, config, List.of());
  }

  /**
   * Puts a new head for {@code labels}, drawn from {@code random}, on a trunk from files that may
   * hold a language model.
   */
  public static Pretrained<Gpt2Classifier> newClassifier(
      Path directory, ClassNames labels, Device device) throws IOException {
    Gpt2Config config = readConfig(directory).withClasses(labels);
    return classifier(directory, device, config, List.of(CLASSIFIER_HEAD));
  }

  private static Pretrained<Gpt2Classifier> classifier(
      Path directory, Device device, Gpt2Config config, List<String> drawn) throws IOException {
    return new DirectoryLoad<>(
            directory, device, config, WeightFormat.F32, false, drawn, Gpt2Classifier::new)
        .run();
  }

  /** Whether a directory's weights have a classifier's head. */
  public static boolean isClassifier(Path directory) throws IOException {
    try (TensorFiles files = TensorFiles.open(directory)) {
      return files.entries().containsKey(CLASSIFIER_HEAD);
    }
  }

  /** The config of a model directory, without its weights. */
  public static Gpt2Config readConfig(Path directory) throws IOException {
    return Gpt2ConfigJson.read(ModelDirectory.requireConfig(directory));
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
   * Writes a language model as HuggingFace's {@code GPT2LMHeadModel}, from no directory: see {@link
   * #save(Gpt2CausalLm, Tokenizer, ModelDirectory, Path)}. Without a tokenizer what stands there of
   * one stays.
   */
  public static void save(Gpt2CausalLm model, Tokenizer tokenizer, Path directory)
      throws IOException {
    String config = Gpt2ConfigJson.write(model.config(), "GPT2LMHeadModel");
    save(model, config, true, tokenizer, ModelDirectory.none(), directory, kept(tokenizer));
  }

  /**
   * Writes a language model as HuggingFace's {@code GPT2LMHeadModel}, with the fields and files of
   * the directory it came from. What ends a text is what ends it for the tokenizer; what else ended
   * one goes on doing so, in {@code generation_config.json}.
   *
   * @param tokenizer what its texts were written in, or null
   * @param source where it came from; {@link ModelDirectory#none} if from nowhere
   * @param directory made if it is missing; a model that stands there is replaced as a whole
   */
  public static void save(
      Gpt2CausalLm model, Tokenizer tokenizer, ModelDirectory source, Path directory)
      throws IOException {
    String config = Gpt2ConfigJson.write(model.config(), "GPT2LMHeadModel");
    save(model, config, true, tokenizer, source, directory, Set.of());
  }

  /** Writes a classifier as HuggingFace's {@code GPT2ForSequenceClassification}. */
  public static void save(Gpt2Classifier model, Tokenizer tokenizer, Path directory)
      throws IOException {
    String config = Gpt2ConfigJson.write(model.config(), "GPT2ForSequenceClassification");
    save(model, config, false, tokenizer, ModelDirectory.none(), directory, kept(tokenizer));
  }

  /** The same with the fields and files of the directory it came from. */
  public static void save(
      Gpt2Classifier model, Tokenizer tokenizer, ModelDirectory source, Path directory)
      throws IOException {
    String config = Gpt2ConfigJson.write(model.config(), "GPT2ForSequenceClassification");
    save(model, config, false, tokenizer, source, directory, Set.of());
  }

  private static Set<String> kept(Tokenizer tokenizer) {
    return tokenizer == null ? CarriedFiles.OF_TOKENIZERS : Set.of();
  }

  private static void save(
      Layer model,
      String config,
      boolean generates,
      Tokenizer tokenizer,
      ModelDirectory source,
      Path directory,
      Set<String> kept)
      throws IOException {
    model.requireUnpacked("saved");
    DirectorySave.write(
        directory,
        kept,
        draft -> {
          if (tokenizer != null) {
            tokenizer.save(draft);
          }
          source.write(config, tokenizer, generates, draft, directory);
          WeightFiles.write(model.parameters(), draft.resolve("model.safetensors"));
        });
  }

  /** Writes tensors by name to one safetensors file, replacing it only when all is written. */
  public static void saveWeights(Map<String, Tensor> tensors, Path file) throws IOException {
    WeightFiles.write(tensors, file);
  }
}
