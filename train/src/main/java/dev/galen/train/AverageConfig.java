package dev.galen.train;

import static dev.galen.train.TrainingConfig.require;

import java.util.Objects;

/**
 * Whether a run keeps an exponential moving average of its weights, with which it is then measured
 * and saved, see {@link dev.galen.train.optim.WeightAverage}.
 *
 * @param decay of the average at an update, such as 0.999; 0 for none
 * @param start what the average is at first
 */
public record AverageConfig(double decay, Start start) {
  /** What an average begins with. */
  public enum Start {
    /** The weights after the first update, as PyTorch's {@code AveragedModel}. */
    FIRST_UPDATE,
    /** The weights before the first update. */
    INITIAL
  }

  /** No average. */
  public static final AverageConfig NONE = new AverageConfig(0, Start.FIRST_UPDATE);

  /** Checks the number. */
  public AverageConfig {
    require(decay >= 0 && decay < 1, "ema", decay, "in [0, 1)");
    Objects.requireNonNull(start, "ema start");
  }

  /** Whether there is one. */
  public boolean isKept() {
    return decay > 0;
  }

  /** What a resumed run must have the same. */
  String text() {
    return isKept() ? decay + " from " + start : "none";
  }
}
