package dev.galen.train;

import static dev.galen.train.TrainingConfig.require;

import dev.galen.train.schedule.Rates;
import dev.galen.train.schedule.Schedule;
import java.util.Objects;

/**
 * How large the updates are.
 *
 * @param learningRate the peak
 * @param rule how the learning rate goes over the run
 * @param warmup updates until the peak; below 1 a share of the run, rounded up
 */
public record ScheduleConfig(double learningRate, Schedule rule, double warmup) {
  /** What a warm-up that is a share ends with. */
  private static final String OF_THE_RUN = " of the run";

  /** Checks the numbers. */
  public ScheduleConfig {
    require(
        learningRate >= 0 && learningRate < Double.POSITIVE_INFINITY,
        "learning rate",
        learningRate,
        "a number from 0 on");
    Objects.requireNonNull(rule, "schedule");
    require(warmup >= 0, "warmup", text(warmup), "at least 0");
    require(
        warmup < 1 || warmup == Math.rint(warmup) && warmup < Long.MAX_VALUE,
        "warmup",
        warmup,
        "a whole number of updates, or a share of the run below 1");
    require(
        warmup == 0 || rule.warms(),
        "warmup",
        text(warmup),
        "0: " + rule.name() + " has none, or one of its own");
    rule.over(learningRate, 0, 1); // refuses numbers that do not go with the peak
  }

  /** A number of updates, or a share. */
  private static String text(double warmup) {
    return warmup == Math.rint(warmup) ? Long.toString((long) warmup) : Double.toString(warmup);
  }

  /** The warm-up as a checkpoint and a report tell it. */
  public String warmupText() {
    return warmup > 0 && warmup < 1 ? warmup + OF_THE_RUN : text(warmup);
  }

  /**
   * Updates of the warm-up of a run.
   *
   * @param updates of the run
   * @throws IllegalArgumentException if these are fewer
   */
  public long warmupOf(long updates) {
    long rise = warmup < 1 ? (long) Math.ceil(updates * warmup) : (long) warmup;
    require(rise <= updates, "warmup", rise, "at most the run's updates, " + updates);
    return rise;
  }

  /** The rates of a run of {@code updates}. */
  Rates over(long updates) {
    return rule.over(learningRate, warmupOf(updates), updates);
  }
}
