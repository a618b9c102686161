package dev.galen.examples.cli;

import dev.galen.model.CausalLm;
import dev.galen.model.Model;
import dev.galen.model.ModelConfig;
import dev.galen.model.hf.GenerationDefaults;
import dev.galen.model.hub.Hub;
import dev.galen.model.lora.AdapterDirectory;
import dev.galen.model.pretrained.Adapted;
import dev.galen.model.pretrained.Pretrained;
import dev.galen.tensor.Device;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.backend.WeightFormat;
import dev.galen.tensor.ops.ReduceOp;
import dev.galen.tokenizer.Tokenizer;
import dev.galen.tokenizer.TokenizerFiles;
import dev.galen.train.data.Examples;
import dev.galen.train.run.RunChecks;
import dev.galen.train.task.Task;
import dev.galen.train.task.Tasks;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which model to use as it is, and with which tokenizer. */
final class ModelOptions {
  @Option(
      names = "--model",
      paramLabel = "DIR",
      required = true,
      description = "A HuggingFace directory, or a downloaded hub id.")
  private String model;

  @Option(
      names = "--tokenizer",
      paramLabel = "DIR",
      description = "Tokenizer files (default: the model's own).")
  private Path tokenizer;

  @Option(
      names = "--weights",
      paramLabel = "f32|bf16|int8",
      defaultValue = "f32",
      description =
          "How to store the matrices: less memory and faster, but rounded"
              + " (default ${DEFAULT-VALUE}).")
  private WeightFormat weights;

  @Option(
      names = "--adapter",
      paramLabel = "DIR",
      description = "A LoRA adapter of the model, as PEFT or galen train --lora wrote it.")
  private Path adapter;

  @Mixin private DeviceOption device;

  /**
   * A model that was loaded.
   *
   * @param directory where it lies
   * @param network the network
   * @param tokenizer the given one, else the model's own, else none
   * @param defaults how its directory wants texts to be continued
   */
  record Loaded(
      Path directory,
      CausalLm network,
      Optional<Tokenizer> tokenizer,
      GenerationDefaults defaults) {
    /** See {@link ModelOptions#firstNonFinite(Model)}. */
    String firstNonFinite() {
      return ModelOptions.firstNonFinite(network);
    }
  }

  /** Words on the first parameter that holds NaN or infinity; none where there is none. */
  static String firstNonFinite(Model network) {
    for (var parameter : network.parameters().entrySet()) {
      Tensor tensor = parameter.getValue();
      if (!ReduceOp.allFinite(tensor)) {
        return ", " + parameter.getKey() + " is not finite";
      }
    }
    return "";
  }

  /** The model as it was given. */
  String name() {
    return model;
  }

  /** The model of a kind, with the adapter if there is one. */
  <M extends Model> Pretrained<M> load(Class<M> role) throws IOException {
    Path directory = directory();
    return adapter == null
        ? Pretrained.load(directory, device(), role, weights)
        : Adapted.load(directory, adapter, device(), role, weights).pretrained();
  }

  /** A model that makes texts, with the adapter if there is one. */
  Pretrained<? extends Model> loadGenerative() throws IOException {
    Pretrained<? extends Model> loaded = Pretrained.loadGenerative(directory(), device(), weights);
    return adapter == null ? loaded : Adapted.of(loaded, adapter).pretrained();
  }

  /** What the adapter is for, if it says so, else what the model is. */
  Task<?> task() throws IOException {
    String task = adapter == null ? "" : new AdapterDirectory(adapter).task().orElse("");
    return switch (task) {
      case "SEQ_CLS" -> Tasks.named("classification");
      case "TOKEN_CLS" -> Tasks.named("tagging");
      default -> Tasks.ofDirectory(directory());
    };
  }

  /** Whether there is a head for {@code role}: the model's, or a classifier's of the adapter. */
  boolean hasHead(Class<? extends Model> role) throws IOException {
    return Pretrained.hasHead(directory(), role)
        || adapter != null && new AdapterDirectory(adapter).classes().isPresent();
  }

  /** The model's config, without its weights. */
  ModelConfig config() throws IOException {
    return Pretrained.readConfig(Hub.resolve(model));
  }

  /** Refuses texts for which there is no tokenizer, before the weights are loaded. */
  void requireTokenizer(Examples examples) throws IOException {
    if (tokenizer == null) {
      RunChecks.requireTokenizer(examples, Hub.resolve(model), "--tokenizer");
    }
  }

  /** Where the model lies. */
  Path directory() throws IOException {
    return Hub.resolve(model);
  }

  /** Where the chat templates lie: beside the given tokenizer, else beside the model's own. */
  Path templates() throws IOException {
    return tokenizer == null ? directory() : tokenizer;
  }

  /** How to store the matrices. */
  WeightFormat weights() {
    return weights;
  }

  /** Where to compute. */
  Device device() {
    return device.open();
  }

  /** The given tokenizer, which must fit the model, else the model's own. */
  Optional<Tokenizer> tokenizer(Pretrained<?> pretrained) throws IOException {
    if (tokenizer == null) {
      return pretrained.tokenizer();
    }
    Tokenizer given = TokenizerFiles.load(tokenizer);
    Pretrained.requireFit(tokenizer, given, pretrained.model().vocabularySize());
    return Optional.of(given);
  }

  /** Loads both; they must fit each other. */
  Loaded load() throws IOException {
    Path directory = Hub.resolve(model);
    Pretrained<CausalLm> pretrained = load(CausalLm.class);
    GenerationDefaults defaults = pretrained.directory().generation();
    Optional<Tokenizer> words = tokenizer(pretrained);
    pretrained.model().setEndOfTextIds(pretrained.directory().endOfTextIds(words));
    return new Loaded(directory, pretrained.model(), words, defaults);
  }
}
