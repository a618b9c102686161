package dev.galen.examples.cli;

import dev.galen.train.AverageConfig;
import dev.galen.train.FreezingConfig;
import dev.galen.train.TrainingConfig;
import dev.galen.train.optim.HfAdafactor;
import dev.galen.train.optim.OptimizerSpec;
import dev.galen.train.optim.Optimizers;
import dev.galen.train.optim.ParameterGroup;
import dev.galen.train.optim.ParameterGroups;
import dev.galen.train.optim.StateFormat;
import dev.galen.train.schedule.Schedules;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Option;

/** The options of {@code finetune} and {@code train} that say how large updates are. */
final class UpdateOptions {
  @Option(
      names = "--learning-rate",
      paramLabel = "X",
      description = "Peak learning rate (default 5e-5 with --model, else 1e-3).")
  Double learningRate;

  @Option(
      names = "--schedule",
      paramLabel = "NAME",
      description =
          "How the learning rate goes over the run (default linear): constant, linear, cosine,"
              + " cosine_with_restarts, polynomial, inverse_sqrt, cosine_with_min_lr,"
              + " cosine_warmup_with_min_lr, warmup_stable_decay, one_cycle; reduce_lr_on_plateau"
              + " and greedy follow the validation loss.")
  String schedule;

  @Option(
      names = "--schedule-args",
      paramLabel = "NAME=X",
      split = ",",
      description =
          "The schedule's numbers by transformers' names: num_cycles=3, or"
              + " min_lr_rate=0.1,num_cycles=0.5.")
  Map<String, String> scheduleArgs = new LinkedHashMap<>();

  @Option(
      names = "--warmup",
      paramLabel = "N",
      description = "Updates until the peak (default 0); below 1 a share of the run, rounded up.")
  Double warmup;

  @Option(
      names = "--optimizer",
      paramLabel = "NAME",
      description =
          "AdamW (default), Adam, SGD, Adafactor (PyTorch's), HfAdafactor (transformers'), Lion, or"
              + " Muon for the matrices of blocks with AdamW for the rest.")
  String optimizer;

  @Option(
      names = "--optimizer-args",
      paramLabel = "NAME=X",
      split = ",",
      description =
          "The optimizer's numbers by PyTorch's or transformers' names: beta2=0.95,amsgrad=true, or"
              + " momentum=0.9,nesterov=true.")
  Map<String, String> optimizerArgs = new LinkedHashMap<>();

  @Option(
      names = "--optimizer-states",
      paramLabel = "NAME",
      description =
          "What AdamW, Adam, SGD and Lion keep from update to update: f32 (default), bf16, or int8 by"
              + " blocks of 256 with a scale each; rounded up or down at random, by --seed.")
  StateFormat optimizerStates;

  @Option(
      names = "--weight-decay",
      paramLabel = "X",
      description = "The optimizer's decay of matrices (default 0; of Muon 0.1).")
  Double weightDecay;

  @Option(
      names = "--group",
      paramLabel = "PATTERN:NAME=X",
      description =
          "Parameters with a rate (a factor on the learning rate) or weight_decay of their own, such"
              + " as '*.bias:rate=2' or '*:weight_decay=0.01', which decays vectors, too. The first"
              + " group that fits counts. May be given several times.")
  List<String> groups = new ArrayList<>();

  @Option(
      names = "--layer-decay",
      paramLabel = "X",
      description = "Factor on the rate from each block to the one below, down to the embeddings.")
  Double layerDecay;

  @Option(
      names = "--freeze",
      paramLabel = "PATTERN",
      split = ",",
      description =
          "Parameters that are not trained, by name: transformer.h.0 and all below it, '*.wte.*'.")
  List<String> freeze = new ArrayList<>();

  @Option(
      names = "--unfreeze-every",
      paramLabel = "N",
      description =
          "Gradual unfreezing: begin with the last block and what stands above it; after each N"
              + " updates the block below joins, at last the embeddings.")
  Long unfreezeEvery;

  @Option(
      names = "--clip",
      paramLabel = "X",
      description = "Largest gradient norm, 0 for none (default 1).")
  Double clip;

  @Option(
      names = "--clip-value",
      paramLabel = "X",
      description = "Largest element of a gradient, 0 for no limit (default 0).")
  Double clipValue;

  @Option(
      names = "--ema",
      paramLabel = "DECAY",
      description =
          "Keep an exponential moving average of the weights, such as 0.999, and measure and save the"
              + " model with it.")
  Double ema;

  @Option(
      names = "--ema-start",
      paramLabel = "NAME",
      description =
          "What the average is at first: the weights after the first_update (default), or the initial"
              + " ones.")
  AverageConfig.Start emaStart;

  /** What was given; the rest stays as it is. */
  void apply(TrainingConfig.Builder config) {
    if (learningRate != null) {
      config.learningRate(learningRate);
    }
    if (schedule != null) {
      config.schedule(Schedules.named(schedule, scheduleArgs));
    } else if (!scheduleArgs.isEmpty()) {
      throw new IllegalArgumentException("--schedule-args are of a --schedule, which is not given");
    }
    if (warmup != null) {
      config.warmup(warmup);
    }
    applyOptimizer(config);
    if (optimizerStates != null) {
      config.optimizerStates(optimizerStates);
    }
    if (clip != null) {
      config.clip(clip);
    }
    if (clipValue != null) {
      config.clipValue(clipValue);
    }
    if (!groups.isEmpty() || layerDecay != null) {
      config.groups(
          new ParameterGroups(
              groups.stream().map(ParameterGroup::parse).toList(),
              layerDecay == null ? 1 : layerDecay));
    }
    if (!freeze.isEmpty() || unfreezeEvery != null) {
      config.freezing(new FreezingConfig(freeze, unfreezeEvery == null ? 0 : unfreezeEvery));
    }
    if (ema != null) {
      config.average(
          new AverageConfig(ema, emaStart == null ? AverageConfig.Start.FIRST_UPDATE : emaStart));
    } else if (emaStart != null) {
      throw new IllegalArgumentException("--ema-start is of an --ema, which is not given");
    }
  }

  private void applyOptimizer(TrainingConfig.Builder config) {
    if (optimizer == null && optimizerArgs.isEmpty()) {
      if (weightDecay != null) {
        config.weightDecay(weightDecay);
      }
      return;
    }
    var numbers = new LinkedHashMap<>(optimizerArgs);
    if (weightDecay != null) {
      numbers.put("weight-decay", weightDecay.toString());
    }
    OptimizerSpec made = Optimizers.named(optimizer == null ? "AdamW" : optimizer, numbers);
    if (learningRate != null
        && made instanceof HfAdafactor.Settings adafactor
        && adafactor.relativeStep()) {
      throw new IllegalArgumentException(
          "--learning-rate is "
              + learningRate
              + ", and relative_step has a rate of its own; leave one of them out");
    }
    config.optimizer(made);
  }

  /** Name and value of each option that was given, as words of a command. */
  Map<String, Object> words() {
    var words = new LinkedHashMap<String, Object>();
    words.put("--learning-rate", learningRate);
    words.put("--schedule", schedule);
    words.put("--schedule-args", pairs(scheduleArgs));
    words.put(
        "--warmup",
        warmup != null && warmup == Math.rint(warmup) ? (Object) warmup.longValue() : warmup);
    words.put("--optimizer", optimizer);
    words.put("--optimizer-args", pairs(optimizerArgs));
    words.put("--optimizer-states", optimizerStates == null ? null : optimizerStates.word());
    words.put("--weight-decay", weightDecay);
    words.put("--layer-decay", layerDecay);
    words.put("--freeze", freeze.isEmpty() ? null : String.join(",", freeze));
    words.put("--unfreeze-every", unfreezeEvery);
    words.put("--clip", clip);
    words.put("--clip-value", clipValue);
    words.put("--ema", ema);
    words.put("--ema-start", emaStart);
    return words;
  }

  private static String pairs(Map<String, String> args) {
    var pairs = args.entrySet().stream().map(entry -> entry.getKey() + "=" + entry.getValue());
    return args.isEmpty() ? null : String.join(",", pairs.toList());
  }
}
