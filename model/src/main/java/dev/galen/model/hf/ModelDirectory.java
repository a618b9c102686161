package dev.galen.model.hf;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.galen.model.Generative;
import dev.galen.model.Model;
import dev.galen.model.ModelConfig;
import dev.galen.tensor.io.AtomicFile;
import dev.galen.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What a HuggingFace directory has beside its weights and its tokenizer: {@code config.json} and
 * {@code generation_config.json} with all their fields, and the user's own files, such as
 * templates, a licence or code. A model that is saved with it keeps all of them.
 */
public final class ModelDirectory {
  static final String CONFIG = "config.json";
  static final String GENERATION = "generation_config.json";

  /** Fields that newer versions of transformers do not write; kept where they are. */
  private static final Set<String> OLD_FIELDS = Set.of("n_ctx", "torch_dtype");

  private static final List<String> IDS = List.of("eos_token_id", "bos_token_id", "pad_token_id");

  /** What transformers takes from a config.json for want of a generation_config.json. */
  private static final List<String> GENERATION_FIELDS =
      Stream.concat(IDS.stream(), GenerationDefaults.FIELDS.stream()).toList();

  private static final ModelDirectory NONE =
      new ModelDirectory(
          Optional.empty(),
          Optional.empty(),
          JsonNodeFactory.instance.objectNode(),
          Optional.empty());

  private final Optional<Path> path;
  private final Optional<Path> templates;
  private final ObjectNode config;
  private final Optional<ObjectNode> generation;

  private ModelDirectory(
      Optional<Path> path,
      Optional<Path> templates,
      ObjectNode config,
      Optional<ObjectNode> generation) {
    this.path = path;
    this.templates = templates;
    this.config = config;
    this.generation = generation;
  }

  /** That of a model that comes from no directory. */
  public static ModelDirectory none() {
    return NONE;
  }

  /**
   * Reads the directory's small files; others are read when they are copied.
   *
   * @throws IOException if it is no model's directory, or one of the files is not what it should be
   */
  public static ModelDirectory read(Path directory) throws IOException {
    ObjectNode config = readConfig(requireConfig(directory));
    requireKind(config, directory);
    Path file = directory.resolve(GENERATION);
    Optional<ObjectNode> generation =
        isThere(file) ? Optional.of(readConfig(file)) : Optional.empty();
    return new ModelDirectory(Optional.of(directory), Optional.of(directory), config, generation);
  }

  /** Throws where what says how a model is loaded has another type than transformers gives it. */
  private static void requireKind(ObjectNode config, Path directory) throws IOException {
    var fields = new JsonFields(config);
    try {
      JsonNode names = config.path("architectures");
      boolean named = names.isArray() || names.isTextual() || !fields.has("architectures");
      JsonFields.require(named, "architectures", names, "a list of strings");
      fields.text("dtype", "");
      fields.text("torch_dtype", "");
    } catch (IllegalArgumentException e) {
      throw new IOException(directory.resolve(CONFIG) + ": " + e.getMessage(), e);
    }
  }

  /** The directory's {@code config.json}, which has to be there. */
  private static Path requireConfig(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      throw new IOException(directory + ": no such directory");
    }
    DirectorySave.finish(directory);
    Path file = directory.resolve(CONFIG);
    if (!isThere(file)) {
      throw new IOException(directory + ": holds no config.json, so it is no model directory");
    }
    return file;
  }

  /** Whether something has the file's name, be it a link that leads nowhere, which is an error. */
  public static boolean isThere(Path file) {
    return Files.exists(file, LinkOption.NOFOLLOW_LINKS);
  }

  private static ObjectNode readConfig(Path file) throws IOException {
    ObjectNode json = LenientJson.readObject(file);
    try {
      IDS.forEach(new JsonFields(json)::integers);
    } catch (IllegalArgumentException e) {
      throw new IOException(file + ": " + e.getMessage(), e);
    }
    return json;
  }

  /** Where it lies, for messages. */
  public String name() {
    return path.map(Path::toString).orElse("a model from no directory");
  }

  /** The {@code model_type} of {@code config.json}, or {@code absent}. */
  public String modelType(String absent) {
    return new JsonFields(config).text("model_type", absent);
  }

  /** Whether {@code config.json} has a field. */
  public boolean has(String field) {
    return config.has(field);
  }

  /** HuggingFace's classes of the model, as {@code config.json} names them; none if it does not. */
  public List<String> classNames() {
    JsonNode all = config.path("architectures");
    List<String> names = new ArrayList<>();
    if (all.isTextual()) {
      names.add(all.textValue()); // one, without a list around it
    }
    all.forEach(name -> names.add(name.asText()));
    return names;
  }

  /**
   * What transformers calls the kind of model, the first of {@code architectures}, if it is said.
   */
  public Optional<String> className() {
    JsonNode all = config.path("architectures");
    JsonNode name = all.isTextual() ? all : all.path(0);
    return name.isTextual() ? Optional.of(name.textValue()) : Optional.empty();
  }

  /**
   * What {@code config.json} says of the model.
   *
   * @param classifies whether the model needs usable classes
   */
  public ConfigJson config(Architecture<?> architecture, boolean classifies) {
    return new ConfigJson(new JsonFields(config), architecture.otherNames(), classifies);
  }

  /** Where {@code config.json} lies, for messages. */
  public Path configFile() {
    return path.orElse(Path.of("")).resolve(CONFIG);
  }

  /**
   * The same with the templates that lie beside another tokenizer, since they are written in its
   * tokens.
   */
  public ModelDirectory withTemplatesOf(Path tokenizer) {
    return new ModelDirectory(path, Optional.of(tokenizer), config, generation);
  }

  /** The directory in which the chat templates lie, if there are any; none without a directory. */
  public Optional<Path> templates() {
    return templates;
  }

  /**
   * The ids that end a text: those of {@code generation_config.json}, else those of {@code
   * config.json}, as transformers' {@code generate} takes them, and the tokenizer's end. The last
   * is ours: files exist that disagree, and a text that ran on past its end would be of no use.
   */
  public Set<Integer> endOfTextIds(Optional<Tokenizer> tokenizer) {
    String key = SpecialTokenAlignment.END;
    boolean second = generation.isPresent() && generation.get().hasNonNull(key);
    ObjectNode named = second ? generation.get() : config;
    var ends = new LinkedHashSet<>(new JsonFields(named).integers(key));
    ends.removeIf(id -> id < 0); // how some spell that there is none
    tokenizer.ifPresent(words -> words.endOfTextId().ifPresent(ends::add));
    return ends;
  }

  /** How the directory wants texts to be continued. */
  public GenerationDefaults generation() {
    String name = generation.isPresent() ? GENERATION : CONFIG;
    String source = path.map(directory -> directory.resolve(name).toString()).orElse(name);
    return new GenerationDefaults(source, generation.orElse(config));
  }

  /**
   * Writes a model with all this directory has beside: both configs, aligned with the tokenizer,
   * and the user's own files.
   *
   * @param tokenizer what its texts were written in, or null
   * @param keepsTokenizer whether what stands in {@code target} of a tokenizer stays
   * @param target made if it is missing; a model that stands there is replaced as a whole
   */
  public <C extends ModelConfig, M extends Model> void save(
      Architecture<C> architecture,
      Head<C, M> head,
      M model,
      Tokenizer tokenizer,
      boolean keepsTokenizer,
      Path target)
      throws IOException {
    model.requireUnpacked("saved");
    model.requireNoAdapters();
    DirectorySave.write(
        target,
        keepsTokenizer ? CarriedFiles.OF_TOKENIZERS : Set.of(),
        draft -> {
          if (tokenizer != null) {
            tokenizer.save(draft);
          }
          writeConfigs(architecture, head, model, tokenizer, draft);
          if (path.isPresent()) {
            CarriedFiles.copyOthers(path.get(), draft, target);
          }
          WeightFiles.write(model.parameters(), draft.resolve("model.safetensors"));
        });
  }

  /**
   * Writes what makes a folder of weights a model's directory: the tokenizer, both configs, aligned
   * with it, and the templates. Other files stay where they are.
   */
  public <C extends ModelConfig, M extends Model> void saveBeside(
      Architecture<C> architecture, Head<C, M> head, M model, Tokenizer tokenizer, Path folder)
      throws IOException {
    if (tokenizer != null) {
      tokenizer.save(folder);
    }
    writeConfigs(architecture, head, model, tokenizer, folder);
  }

  private <C extends ModelConfig, M extends Model> void writeConfigs(
      Architecture<C> architecture, Head<C, M> head, M model, Tokenizer tokenizer, Path folder)
      throws IOException {
    ObjectNode ours = ConfigJson.write(architecture, head, model);
    ObjectNode merged = merged(ours, architecture.otherNames().keySet());
    write(merged, tokenizer, model instanceof Generative, folder);
  }

  private void write(ObjectNode merged, Tokenizer tokenizer, boolean generates, Path draft)
      throws IOException {
    ObjectNode generating =
        generation.map(ObjectNode::deepCopy).orElseGet(() -> generationIn(merged));
    boolean written = generation.isPresent();
    if (tokenizer != null) {
      new SpecialTokenAlignment(merged, generating).with(tokenizer);
      // Without that file transformers goes by config.json, which is enough for one end.
      written |= generating.path(SpecialTokenAlignment.END).size() > 1;
    }
    AtomicFile.writeString(draft.resolve(CONFIG), LenientJson.text(merged));
    if (generates && written) {
      AtomicFile.writeString(draft.resolve(GENERATION), LenientJson.text(generating));
    }
    if (templates.isPresent()) {
      CarriedFiles.copyTemplates(templates.get(), draft);
    }
  }

  private ObjectNode merged(ObjectNode ours, Set<String> others) {
    ObjectNode merged = config.deepCopy();
    merged.remove(others);
    if (ours.has("id2label")) {
      merged.remove("num_labels");
    }
    for (Map.Entry<String, JsonNode> field : ours.properties()) {
      if (config.isEmpty() || !OLD_FIELDS.contains(field.getKey()) || config.has(field.getKey())) {
        merged.set(field.getKey(), field.getValue());
      }
    }
    return merged;
  }

  /** What transformers reads in a config.json that has no generation_config.json beside it. */
  private static ObjectNode generationIn(ObjectNode config) {
    ObjectNode generation = JsonNodeFactory.instance.objectNode();
    for (String key : GENERATION_FIELDS) {
      if (config.hasNonNull(key)) {
        generation.set(key, config.get(key).deepCopy());
      }
    }
    return generation;
  }
}
