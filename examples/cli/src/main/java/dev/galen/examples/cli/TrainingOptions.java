package dev.galen.examples.cli;

import dev.galen.examples.clinical.corpus.ClinicalCorpus;
import dev.galen.examples.clinical.corpus.Demonstration;
import dev.galen.model.hub.Hub;
import dev.galen.train.TrainingConfig;
import dev.galen.train.checkpoint.Setting;
import dev.galen.train.data.Packing;
import dev.galen.train.optim.MixedPrecision;
import dev.galen.train.run.FineTuningSpec;
import dev.galen.train.run.ModelSource;
import dev.galen.train.task.Tasks;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options of {@code finetune} and {@code train}. What is not given is null. */
final class TrainingOptions {
  @Option(
      names = "--task",
      paramLabel = "NAME",
      description =
          "What to learn (default: what --model's config.json is for): language-model, to continue"
              + " and answer; classification, of rows with a text and a label; masked-lm, tagging"
              + " or seq2seq, of rows with input_ids and labels; preference, of rows with prompt, chosen"
              + " and rejected.")
  String task;

  @Option(
      names = "--spec",
      paramLabel = "FILE",
      description =
          "The whole run as JSON or YAML, such as the run.json or recipe.yaml that a run leaves;"
              + " instead of the options above and below but --out, --resume, --change and"
              + " --log-every.")
  Path spec;

  @Option(
      names = "--model",
      paramLabel = "DIR",
      description = "Start from this HuggingFace directory, or hub id that was downloaded.")
  String model;

  @ArgGroup NewModel newModel = new NewModel();

  /** Where a model that does not exist yet gets its shape. */
  static final class NewModel {
    @Option(
        names = "--config",
        paramLabel = "FILE",
        description =
            "Start from random weights of this config.json's shape. A .yaml is taken as --spec.")
    Path config;

    @Option(
        names = "--preset",
        paramLabel = "NAME",
        description =
            "Start from random weights of a known shape: gpt2, gpt2-medium, gpt2-large, gpt2-xl or"
                + " tiny (default).")
    String preset;
  }

  @Option(
      names = "--tokenizer",
      paramLabel = "DIR",
      description =
          "Tokenizer files; default: the model's own, or one trained on the training data.")
  Path tokenizer;

  @Mixin NewTokenOptions newTokens = new NewTokenOptions();

  @Option(
      names = "--data",
      paramLabel = "FILE",
      arity = "1..*",
      description =
          "Training data: PubMedQA JSON, JSON lines, CSV, TSV, Parquet, Arrow, text, or a folder of"
              + " datasets; default: the clinical corpus that Galen carries.")
  List<Path> data = new ArrayList<>();

  @Option(
      names = "--valid",
      paramLabel = "FILE",
      description =
          "Validation data; default: a tenth of the training data, chosen by hash (nothing of"
              + " tokenised data).")
  Path valid;

  @Mixin DataOptions chosen = new DataOptions();

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Where everything is written (finetune's default: galen-finetune).")
  Path out;

  @ArgGroup Duration duration = new Duration();

  /** How long to train. */
  static final class Duration {
    @Option(names = "--epochs", paramLabel = "N", description = "Passes over the data (default 3).")
    Integer epochs;

    @Option(names = "--steps", paramLabel = "N", description = "Updates, instead of epochs.")
    Long steps;
  }

  @Option(
      names = "--batch",
      paramLabel = "N",
      description = "Sequences per forward pass (default 4).")
  Integer batch;

  @Option(names = "--accumulate", paramLabel = "N", description = "Batches per update (default 1).")
  Integer accumulate;

  @Option(
      names = "--length",
      paramLabel = "N",
      description = "Longest sequence in tokens (default: the model's context).")
  Integer length;

  @Option(
      names = "--packing",
      paramLabel = "NAME",
      description =
          "Pack documents into rows of --length: bfd, side by side and each seen alone, the end of"
              + " longer ones lost; bfd_split, longer ones cut into several; wrapped, one stream cut"
              + " into rows (default: a row each, but texts joined and cut into rows).")
  String packing;

  @Mixin UpdateOptions updates = new UpdateOptions();

  @Option(
      names = "--precision",
      paramLabel = "NAME",
      description =
          "What products compute in: f32 (default), tf32, f16 or bf16. On a processor f32 is the"
              + " fastest.")
  MixedPrecision precision;

  @Mixin DeviceOption device = new DeviceOption();
  @Mixin LoraOptions lora = new LoraOptions();

  @Option(
      names = "--dropout",
      paramLabel = "X",
      description = "All dropout probabilities (default: the model's config).")
  Double dropout;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Seed of new weights, order and dropout (default 42).")
  long seed = 42;

  @Option(names = "--no-shuffle", description = "Keep the data's order in every epoch.")
  boolean noShuffle;

  @Mixin ControlOptions control = new ControlOptions();
  @Mixin WatchOptions watch = new WatchOptions();

  @Option(
      names = "--log-every",
      paramLabel = "N",
      description =
          "Updates between printed lines (default: 1 with --json, else a twentieth of the run).")
  Long logEvery;

  @Option(
      names = "--max-new-tokens",
      paramLabel = "N",
      description =
          "Longest answer in tokens when answers are scored at the end (default: what the longest"
              + " reference takes).")
  Integer maxNewTokens;

  @Option(
      names = "--recompute",
      description =
          "Gradient checkpointing: keep each block's input alone and compute the block again in the"
              + " backward pass. The same bits in less memory, about a third slower.")
  boolean recompute;

  @Mixin LossOptions loss = new LossOptions();

  @Option(
      names = "--resume",
      description =
          "Go on from the newest whole checkpoint under --out, with the same data and settings.")
  boolean resume;

  @Option(
      names = "--change",
      paramLabel = "NAME",
      split = ",",
      description =
          "With --resume: settings that may differ from the checkpoint's: data, shuffle, seed,"
              + " batch, learning-rate, schedule, warmup, epochs (or steps), weight-decay, clip,"
              + " precision, dropout. The run goes on with the next sequence; with other data it"
              + " begins the pass under way anew.")
  List<String> change = new ArrayList<>();

  /** Refuses what no run can use, before anything is read. */
  void check() {
    if (spec != null) {
      requireAlone();
    }
    if (task != null) {
      Tasks.named(task);
    }
    if (model != null && (newModel.config != null || newModel.preset != null)) {
      throw new IllegalArgumentException(
          "--model brings its own config; leave out --config and --preset");
    }
    lora.check(model);
    if (logEvery != null && logEvery < 1) {
      throw new IllegalArgumentException("--log-every is " + logEvery + ", must be at least 1");
    }
    if (dropout != null && !(dropout >= 0 && dropout < 1)) {
      throw new IllegalArgumentException("--dropout is " + dropout + ", must be in [0, 1)");
    }
    control.check();
    watch.watching();
    if (maxNewTokens != null && maxNewTokens < 1) {
      throw new IllegalArgumentException(
          "--max-new-tokens is " + maxNewTokens + ", must be at least 1");
    }
    if (!change.isEmpty() && !resume) {
      throw new IllegalArgumentException("--change is for a run that goes on: add --resume");
    }
    changed();
    device.check();
  }

  /** A run's file says all of it. */
  private void requireAlone() {
    String none = CommandWords.of("", new TrainingOptions());
    Path elsewhere = out;
    out = null;
    String given = CommandWords.of("", this);
    out = elsewhere;
    if (!given.equals(none)) {
      throw new IllegalArgumentException(
          "--spec is the whole run: leave out the other options but --out, and give their settings"
              + " in "
              + spec);
    }
  }

  /** What {@code --change} names. */
  Setting[] changed() {
    return change.stream().map(Setting::named).distinct().toArray(Setting[]::new);
  }

  /** What is to be done. */
  FineTuningSpec spec() throws IOException {
    if (spec != null) {
      FineTuningSpec read = SpecFiles.read(spec);
      read = read.withData(read.data().orGiven(ClinicalCorpus.data()));
      return out == null ? read : read.withOutput(out);
    }
    var source =
        new ModelSource(model, newModel.config, newModel.preset, tokenizer, dropout)
            .withNewTokens(newTokens.tokens())
            .withWeights(lora.weights());
    boolean demonstration = model == null && data.isEmpty();
    TrainingConfig.Builder defaults =
        demonstration ? demonstration() : FineTuningSpec.defaults(source);
    return new FineTuningSpec(
        task(),
        source,
        chosen
            .of(data, valid, length, packing == null ? null : Packing.named(packing))
            .orGiven(ClinicalCorpus.data()),
        config(defaults),
        device.name(),
        lora.config(),
        maxNewTokens,
        watch.watching());
  }

  /** Its warm-up is no longer than a run that was asked to be short. */
  private TrainingConfig.Builder demonstration() {
    TrainingConfig.Builder defaults = Demonstration.training();
    Long steps = duration.steps;
    boolean isShort = steps != null && steps > 0 && steps < Demonstration.WARMUP;
    return isShort ? defaults.warmup(steps) : defaults;
  }

  /** What was asked for, else what the model is for. */
  private String task() throws IOException {
    if (task != null || model == null) {
      return task == null ? FineTuningSpec.LANGUAGE_MODEL : task;
    }
    return Tasks.ofDirectory(Hub.resolve(model)).name();
  }

  /** The trainer's configuration; what is not given falls back to {@code defaults}. */
  private TrainingConfig config(TrainingConfig.Builder defaults) {
    if (duration.epochs != null) {
      defaults.epochs(duration.epochs);
    }
    if (duration.steps != null) {
      defaults.steps(duration.steps);
    }
    if (batch != null) {
      defaults.batchSize(batch);
    }
    if (accumulate != null) {
      defaults.accumulate(accumulate);
    }
    updates.apply(defaults);
    if (precision != null) {
      defaults.precision(precision);
    }
    control.apply(defaults);
    loss.apply(defaults);
    return defaults
        .seed(seed)
        .shuffle(!noShuffle)
        .groupByLength(chosen.groupByLength)
        .recompute(recompute)
        .output(out)
        .build();
  }
}
