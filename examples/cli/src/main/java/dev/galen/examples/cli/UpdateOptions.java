package dev.galen.examples.cli;

import dev.galen.train.TrainingConfig;
import dev.galen.train.schedule.Schedules;
import java.util.LinkedHashMap;
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
      names = "--weight-decay",
      paramLabel = "X",
      description = "AdamW's decay of matrices (default 0).")
  Double weightDecay;

  @Option(
      names = "--clip",
      paramLabel = "X",
      description = "Largest gradient norm, 0 for none (default 1).")
  Double clip;

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
    if (weightDecay != null) {
      config.weightDecay(weightDecay);
    }
    if (clip != null) {
      config.clip(clip);
    }
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
    words.put("--weight-decay", weightDecay);
    words.put("--clip", clip);
    return words;
  }

  private static String pairs(Map<String, String> args) {
    var pairs = args.entrySet().stream().map(entry -> entry.getKey() + "=" + entry.getValue());
    return args.isEmpty() ? null : String.join(",", pairs.toList());
  }
}
