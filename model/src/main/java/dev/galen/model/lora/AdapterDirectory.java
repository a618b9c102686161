package dev.galen.model.lora;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.galen.model.CausalLm;
import dev.galen.model.Model;
import dev.galen.model.SequenceClassifier;
import dev.galen.model.TokenClassifier;
import dev.galen.model.hf.LenientJson;
import dev.galen.model.hf.WeightFiles;
import dev.galen.model.lora.Adapter.Placed;
import dev.galen.model.lora.Adapter.Saved;
import dev.galen.model.nn.Conv1D;
import dev.galen.model.nn.MatrixLayer;
import dev.galen.tensor.Autograd;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.Tensors;
import dev.galen.tensor.io.AtomicFile;
import dev.galen.tensor.io.TensorFiles;
import dev.galen.tensor.memory.MemoryScope;
import dev.galen.tensor.random.Philox;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * An adapter's directory, as PEFT 0.21 writes and reads it: {@code adapter_config.json} and {@code
 * adapter_model.safetensors}.
 *
 * @param path where it lies
 */
public record AdapterDirectory(Path path) {
  /** The file with an adapter's parameters. */
  public static final String WEIGHTS = "adapter_model.safetensors";

  /** Whether a directory holds an adapter. */
  public static boolean isOne(Path directory) {
    return Files.exists(directory.resolve(AdapterConfigJson.NAME));
  }

  /**
   * What {@code adapter_config.json} says.
   *
   * @throws IOException naming the field, its value and what is expected
   */
  public LoraConfig config() throws IOException {
    ObjectNode json = json();
    try {
      return AdapterConfigJson.read(FusedExperts.unfolded(json));
    } catch (IllegalArgumentException e) {
      throw new IOException(configFile() + ": " + e.getMessage(), e);
    }
  }

  /** The model that the adapter was made for, as {@code adapter_config.json} calls it. */
  public Optional<String> base() throws IOException {
    String name = json().path("base_model_name_or_path").asText("");
    return name.isEmpty() || name.equals("null") ? Optional.empty() : Optional.of(name);
  }

  /** PEFT's name of what the adapter is for, such as {@code SEQ_CLS}, if it is said. */
  public Optional<String> task() throws IOException {
    String name = json().path("task_type").asText("");
    return name.isEmpty() || name.equals("null") ? Optional.empty() : Optional.of(name);
  }

  private Path configFile() {
    return path.resolve(AdapterConfigJson.NAME);
  }

  private ObjectNode json() throws IOException {
    if (!Files.isDirectory(path)) {
      throw new IOException(path + ": no such directory");
    }
    if (!isOne(path)) {
      throw new IOException(
          path + ": holds no " + AdapterConfigJson.NAME + ", so it is no adapter's directory");
    }
    return LenientJson.readObject(configFile());
  }

  /**
   * The number of a classifier's outputs that the adapter has a head of its own for; empty where it
   * has none.
   */
  public Optional<Integer> classes() throws IOException {
    try (TensorFiles files = open()) {
      for (String head : new String[] {"classifier", "score"}) {
        var entry = files.entries().get(AdapterNames.PREFIX + head + ".weight");
        if (entry != null && entry.shape().rank() == 2) {
          return Optional.of(entry.shape().dim(0));
        }
      }
    }
    return Optional.empty();
  }

  private TensorFiles open() throws IOException {
    Path file = path.resolve(WEIGHTS);
    if (!Files.exists(file) && Files.exists(path.resolve("adapter_model.bin"))) {
      throw new IOException(
          path.resolve("adapter_model.bin")
              + ": Galen reads safetensors alone; save the adapter anew with a PEFT of today");
    }
    if (!Files.exists(file)) {
      throw new IOException(path + ": holds no " + WEIGHTS);
    }
    return TensorFiles.open(file);
  }

  /**
   * What was read.
   *
   * @param adapter the adapter
   * @param biases puts the model's own parameters that it has other values for into the model
   */
  record Found(Adapter adapter, Runnable biases) {}

  /** Reads it for {@code model}, of which nothing is changed. */
  Found read(Model model, String name) throws IOException {
    LoraConfig config = config();
    SequencedMap<String, MatrixLayer> targets;
    var search = new TargetSearch(model);
    try {
      targets = search.targets(config.targets(), config.modulesToSave());
    } catch (IllegalArgumentException e) {
      throw new IOException(
          "%s: target_modules does not fit the model: %s".formatted(configFile(), e.getMessage()),
          e);
    }
    try (TensorFiles files = open();
        var off = Autograd.noGrad()) {
      boolean isFused = !json().path("target_parameters").isEmpty();
      var tensors =
          new AdapterTensors(path.resolve(WEIGHTS), files, model.backend(), config, isFused);
      var maker = new NewAdapter(model.backend(), config, new Philox(0), model.random());
      var updates = new LinkedHashMap<String, Placed>();
      targets.forEach(
          (at, layer) ->
              updates.put(at, new Placed(layer, tensors.update(at, layer, config, maker))));
      var saved = new LinkedHashMap<String, Saved>();
      search
          .saved(config.modulesToSave())
          .forEach((at, layer) -> saved.put(at, tensors.saved(at, layer)));
      Map<Tensor, Tensor> own = tensors.own(model);
      tensors.requireFit();
      return new Found(new Adapter(name, config, updates, saved), () -> own.forEach(Tensors::swap));
    }
  }

  /**
   * Writes an adapter, whose files are replaced one by one.
   *
   * @param base what the model is called
   */
  void write(Model model, Adapter adapter, String base) throws IOException {
    var tensors = new LinkedHashMap<String, Tensor>();
    adapter.updates().forEach((at, placed) -> put(tensors, at, placed));
    adapter
        .saved()
        .forEach(
            (at, saved) ->
                saved.values().forEach((name, tensor) -> tensors.put(key(at, name), tensor)));
    putBiases(tensors, model, adapter);
    boolean inputFirst =
        adapter.updates().values().stream().anyMatch(p -> p.layer() instanceof Conv1D);
    ObjectNode json =
        AdapterConfigJson.write(
            adapter.config(), adapter.updates().keySet(), inputFirst, base, task(model));
    Files.createDirectories(path);
    WeightFiles.write(tensors, path.resolve(WEIGHTS));
    AtomicFile.writeString(configFile(), LenientJson.text(json));
  }

  private static String key(String at, String name) {
    return AdapterNames.PREFIX + at + "." + name;
  }

  private static void put(Map<String, Tensor> tensors, String at, Placed placed) {
    AdapterNames.of(placed, "")
        .forEach(
            (name, tensor) ->
                tensors.put(
                    key(at, name),
                    name.startsWith("lora_embedding_") ? transposed(tensor) : tensor));
  }

  /** Of an embedding PEFT has both matrices the other way around. */
  private static Tensor transposed(Tensor tensor) {
    return MemoryScope.outside(() -> tensor.detach().transpose(0, 1).contiguous());
  }

  private static void putBiases(Map<String, Tensor> tensors, Model model, Adapter adapter) {
    switch (adapter.config().bias()) {
      case NONE -> {}
      case LORA_ONLY ->
          adapter.updates().forEach((at, placed) -> putBias(tensors, at, placed.layer().ownBias()));
      case ALL ->
          model.visit(
              "",
              (at, layer) -> {
                if (adapter.updates().containsKey(at)) {
                  putBias(tensors, at, adapter.updates().get(at).layer().ownBias());
                } else if (!adapter.saved().containsKey(at)) {
                  layer
                      .ownParameters()
                      .forEach(
                          (name, tensor) -> {
                            if (name.equals("bias") || name.endsWith(".bias")) {
                              String whole = at.isEmpty() ? name : at + "." + name;
                              tensors.put(AdapterNames.PREFIX + whole, tensor);
                            }
                          });
                }
              });
    }
  }

  private static void putBias(Map<String, Tensor> tensors, String at, Tensor bias) {
    if (bias != null) {
      tensors.put(key(at, AdapterNames.BASE_LAYER + ".bias"), bias);
    }
  }

  /** PEFT's name of what a model is for; null where it has none, or refuses its own. */
  private static String task(Model model) {
    return switch (model) {
      case CausalLm lm -> "CAUSAL_LM";
      case SequenceClassifier classifier -> "SEQ_CLS";
      case TokenClassifier tagger -> "TOKEN_CLS";
      default -> null;
    };
  }
}
