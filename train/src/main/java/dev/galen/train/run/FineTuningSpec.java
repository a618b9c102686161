package dev.galen.train.run;

import dev.galen.model.lora.LoraConfig;
import dev.galen.train.TrainingConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;

/**
 * All that a run follows from. {@link #read} and {@link #toJson} have it as JSON, which a run also
 * leaves in its output as {@code run.json}, and as {@code recipe.yaml}.
 *
 * @param task what the model is trained for, see {@link dev.galen.train.task.Tasks}
 * @param model where it comes from
 * @param data what it learns from
 * @param training how; its output is where everything is written
 * @param device where to compute, such as {@code cpu} or {@code cuda:0}; null for the best there is
 * @param lora the adapter that is trained instead of the model's own weights; null for those
 * @param maxNewTokens tokens of an answer at most, where answers are measured; null for what the
 *     longest reference takes
 * @param watching what the run shows of itself
 */
public record FineTuningSpec(
    String task,
    ModelSource model,
    DataSource data,
    TrainingConfig training,
    String device,
    LoraConfig lora,
    Integer maxNewTokens,
    Watching watching) {
  /** What a run is for unless it says otherwise. */
  public static final String LANGUAGE_MODEL = "language-model";

  /** Checks that nothing is missing. */
  public FineTuningSpec {
    Objects.requireNonNull(task, "task");
    Objects.requireNonNull(model, "model");
    Objects.requireNonNull(data, "data");
    Objects.requireNonNull(training, "training");
    Objects.requireNonNull(training.checkpoints().output(), "training's output");
    Objects.requireNonNull(watching, "watching");
    if (lora != null && !model.isPretrained()) {
      throw new IllegalArgumentException(
          "lora is an adapter of a model that has learned; give the model's directory");
    }
    if (model.weights().isPacked() && lora == null) {
      throw new IllegalArgumentException(
          "weights is %s, must be f32 for weights that learn; add a lora for an adapter beside them"
              .formatted(model.weights().name().toLowerCase(Locale.ROOT)));
    }
    if (maxNewTokens != null && maxNewTokens < 1) {
      throw new IllegalArgumentException(
          "max-new-tokens is " + maxNewTokens + ", must be at least 1");
    }
  }

  /** A run that is watched by its log alone. */
  public FineTuningSpec(
      String task,
      ModelSource model,
      DataSource data,
      TrainingConfig training,
      String device,
      LoraConfig lora,
      Integer maxNewTokens) {
    this(task, model, data, training, device, lora, maxNewTokens, Watching.NONE);
  }

  /** A run that trains all of the model's weights. */
  public FineTuningSpec(
      String task,
      ModelSource model,
      DataSource data,
      TrainingConfig training,
      String device,
      Integer maxNewTokens) {
    this(task, model, data, training, device, null, maxNewTokens);
  }

  /** The same run, which trains an adapter. */
  public FineTuningSpec withLora(LoraConfig lora) {
    return new FineTuningSpec(task, model, data, training, device, lora, maxNewTokens, watching);
  }

  /** The same run, which learns from other data. */
  public FineTuningSpec withData(DataSource data) {
    return new FineTuningSpec(task, model, data, training, device, lora, maxNewTokens, watching);
  }

  /** The same run, which shows more of itself. */
  public FineTuningSpec withWatching(Watching watching) {
    return new FineTuningSpec(task, model, data, training, device, lora, maxNewTokens, watching);
  }

  /** A language model of a directory that learns from files. */
  public static FineTuningSpec of(ModelSource model, DataSource data, TrainingConfig training) {
    return new FineTuningSpec(LANGUAGE_MODEL, model, data, training, null, null);
  }

  /** Where a configuration starts from: random weights take a higher rate. */
  public static TrainingConfig.Builder defaults(ModelSource model) {
    var defaults = TrainingConfig.builder();
    return model.isPretrained() ? defaults : defaults.learningRate(1e-3);
  }

  /**
   * Reads a run's JSON.
   *
   * @throws IOException in one line that names file and field where it is not what it should be
   */
  public static FineTuningSpec read(Path file) throws IOException {
    return SpecJson.read(file);
  }

  /**
   * The same of a text.
   *
   * @param source where it comes from, for messages
   */
  public static FineTuningSpec parse(String json, String source) throws IOException {
    return SpecJson.parse(json, source);
  }

  /** The run as JSON: every setting by name. */
  public String toJson() {
    return SpecJson.text(this);
  }

  /** The same as YAML, which a run leaves as {@code recipe.yaml}. */
  public String toYaml() {
    return SpecJson.yaml(this);
  }

  /** The same run, which writes to another folder. */
  public FineTuningSpec withOutput(Path output) {
    return new FineTuningSpec(
        task, model, data, training.withOutput(output), device, lora, maxNewTokens, watching);
  }

  /** Where everything is written. */
  public Path output() {
    return training.checkpoints().output();
  }
}
