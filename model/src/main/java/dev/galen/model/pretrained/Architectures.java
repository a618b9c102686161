package dev.galen.model.pretrained;

import static java.util.stream.Collectors.joining;

import dev.galen.model.Model;
import dev.galen.model.ModelConfig;
import dev.galen.model.bert.BertArchitecture;
import dev.galen.model.gpt2.Gpt2Architecture;
import dev.galen.model.hf.Architecture;
import dev.galen.model.hf.ConfigJson;
import dev.galen.model.hf.Head;
import dev.galen.model.hf.JsonFields;
import dev.galen.model.hf.LenientJson;
import dev.galen.model.hf.ModelDirectory;
import dev.galen.model.llama.LlamaArchitecture;
import dev.galen.model.llama.MistralArchitecture;
import dev.galen.model.llama.Qwen2Architecture;
import dev.galen.model.mixtral.MixtralArchitecture;
import dev.galen.model.nn.Weights;
import dev.galen.model.opt.OptArchitecture;
import dev.galen.model.t5.T5Architecture;
import dev.galen.tensor.random.Philox;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.ServiceLoader;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The architectures there are: those of Galen, and those that {@link ServiceLoader} finds in other
 * jars. The only place that knows them all.
 */
public final class Architectures {
  /** The model types of Galen's own. */
  private static final List<String> OWN =
      List.of("gpt2", "bert", "llama", "mistral", "mixtral", "opt", "qwen2", "t5");

  /** Those of them that were asked for so far: a start needs one, and the others cost it time. */
  private static final Architecture<?>[] MADE = new Architecture<?>[OWN.size()];

  /** What a config without {@code model_type} is taken for. */
  private static final String STANDARD = "gpt2";

  private Architectures() {}

  private static Architecture<?> make(String modelType) {
    return switch (modelType) {
      case "gpt2" -> new Gpt2Architecture();
      case "bert" -> new BertArchitecture();
      case "llama" -> new LlamaArchitecture();
      case "mistral" -> new MistralArchitecture();
      case "mixtral" -> new MixtralArchitecture();
      case "opt" -> new OptArchitecture();
      case "qwen2" -> new Qwen2Architecture();
      case "t5" -> new T5Architecture();
      default -> throw new AssertionError(modelType);
    };
  }

  private static synchronized Architecture<?> own(int index) {
    if (MADE[index] == null) {
      MADE[index] = make(OWN.get(index));
    }
    return MADE[index];
  }

  /** All of them, Galen's first. Other jars are only looked at when the stream gets there. */
  private static Stream<Architecture<?>> all() {
    return Stream.concat(
        IntStream.range(0, OWN.size()).mapToObj(Architectures::own),
        Stream.of(Architecture.class).flatMap(Architectures::found));
  }

  private static Stream<Architecture<?>> found(Class<?> service) {
    return ServiceLoader.load(Architecture.class).stream().map(ServiceLoader.Provider::get);
  }

  /**
   * The architecture of a {@code model_type}.
   *
   * @throws IllegalArgumentException naming those there are
   */
  static Architecture<?> of(String modelType) {
    int index = OWN.indexOf(modelType); // at every start: this costs less than a stream's classes
    if (index >= 0) {
      return own(index);
    }
    return all()
        .filter(architecture -> architecture.modelType().equals(modelType))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "model_type is %s, which is not supported yet; this reads %s"
                        .formatted(
                            modelType, all().map(Architecture::modelType).collect(joining(", ")))));
  }

  /**
   * The architecture of what {@code directory}'s config says. The first configs of GPT-2 do not say
   * it, but name their sizes as no other does; without a directory it is the standard one.
   */
  static Architecture<?> of(ModelDirectory directory) {
    String type = directory.modelType("");
    if (type.isEmpty() && directory != ModelDirectory.none() && !hasSizesOfGpt2(directory)) {
      throw new IllegalArgumentException(
          "model_type is missing; it says what the model is: "
              + all().map(Architecture::modelType).collect(joining(", ")));
    }
    return of(type.isEmpty() ? STANDARD : type);
  }

  private static boolean hasSizesOfGpt2(ModelDirectory directory) {
    return directory.has("n_embd") || directory.has("n_layer") || directory.has("n_head");
  }

  /** The shapes that have a name, of all architectures. */
  public static SequencedMap<String, ModelConfig> presets() {
    var presets = new LinkedHashMap<String, ModelConfig>();
    all().forEach(architecture -> architecture.presets().forEach(presets::putIfAbsent));
    return presets;
  }

  /**
   * The shape of a model that does not exist yet, from a {@code config.json} that gives all sizes
   * or none of them.
   */
  public static ModelConfig readNew(Path file) throws IOException {
    var fields = new JsonFields(LenientJson.readObject(file));
    try {
      return ConfigJson.readNew(of(fields.text("model_type", STANDARD)), fields);
    } catch (IllegalArgumentException e) {
      throw new IOException(file + ": " + e.getMessage(), e);
    }
  }

  /**
   * A new model.
   *
   * @param role what it is to do, such as {@code CausalLm.class}
   * @param weights where parameters come from
   * @param random what dropout draws from
   * @throws IllegalArgumentException if the architecture has no such model
   */
  public static <M extends Model> M create(
      ModelConfig config, Class<M> role, Weights weights, Philox random) {
    return create(of(config.modelType()), config, role, weights, random);
  }

  private static <C extends ModelConfig, M extends Model> M create(
      Architecture<C> architecture,
      ModelConfig config,
      Class<M> role,
      Weights weights,
      Philox random) {
    C shape = architecture.configType().cast(config);
    return head(architecture, role).constructor().of(shape, weights, random);
  }

  /** The shape of a model that one of the architectures made. */
  public static ModelConfig config(Model model) {
    return Made.of(model).config();
  }

  /** HuggingFace's class of a model that one of the architectures made. */
  public static String className(Model model) {
    return Made.of(model).head().className();
  }

  /** The first head whose model has {@code role}. */
  @SuppressWarnings("unchecked") // The head's class says what its model is.
  static <C extends ModelConfig, M extends Model> Head<C, ? extends M> head(
      Architecture<C> architecture, Class<M> role) {
    for (Head<C, ?> head : architecture.heads()) {
      if (role.isAssignableFrom(head.model())) {
        return (Head<C, ? extends M>) head;
      }
    }
    throw new IllegalArgumentException(
        "%s has no %s; it has %s"
            .formatted(
                architecture.modelType(),
                role.getSimpleName(),
                architecture.heads().stream().map(Head::className).collect(joining(", "))));
  }

  /**
   * A model with the architecture and the head it was made by.
   *
   * @param architecture of its config
   * @param head of its class
   * @param model the model
   * @param config its shape
   */
  record Made<C extends ModelConfig, M extends Model>(
      Architecture<C> architecture, Head<C, M> head, M model, C config) {

    /**
     * Of any model.
     *
     * @throws IllegalArgumentException if no architecture has its class
     */
    static Made<?, ?> of(Model model) {
      return all()
          .flatMap(architecture -> heads(architecture, model))
          .findFirst()
          .orElseThrow(
              () ->
                  new IllegalArgumentException(
                      "no architecture makes a %s; register one to load and save it"
                          .formatted(model.getClass().getName())));
    }

    private static <C extends ModelConfig> Stream<Made<?, ?>> heads(
        Architecture<C> architecture, Model model) {
      return architecture.heads().stream().flatMap(head -> of(architecture, head, model).stream());
    }

    private static <C extends ModelConfig, M extends Model> Optional<Made<C, M>> of(
        Architecture<C> architecture, Head<C, M> head, Model model) {
      if (!head.model().equals(model.getClass())) {
        return Optional.empty();
      }
      M made = head.model().cast(model);
      C config = head.config().apply(made);
      // Architectures may share a class, as LLaMA and its relatives do.
      return config.modelType().equals(architecture.modelType())
          ? Optional.of(new Made<>(architecture, head, made, config))
          : Optional.empty();
    }
  }
}
