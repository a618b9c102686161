package dev.galen.train;

import static dev.galen.train.TrainingConfig.require;

import dev.galen.train.schedule.Schedule;
import java.util.Objects;

/**
 * How large the updates are.
 *
 * @param learningRate the peak
 * @param kind the curve of the learning rate
 * @param warmup updates until the peak
 */
public record ScheduleConfig(double learningRate, Schedule.Kind kind, long warmup) {
  /** Checks the numbers. */
  public ScheduleConfig {
    require(
        learningRate >= 0 && learningRate < Double.POSITIVE_INFINITY,
        "learning rate",
        learningRate,
        "a number from 0 on");
    Objects.requireNonNull(kind, "schedule");
    require(warmup >= 0, "warmup", warmup, "at least 0");
  }

  /** The rates of a run of {@code updates}. */
  Schedule over(long updates) {
    return new Schedule(kind, learningRate, warmup, updates);
  }
}
