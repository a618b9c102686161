package dev.galen.train;

import static dev.galen.train.TrainingConfig.require;

import java.nio.file.Path;

/**
 * When and where a run is saved.
 *
 * @param every between checkpoints, never for none but that of a {@link Trainer#stop} and of the
 *     best weights
 * @param keep newest checkpoints that stay, beside that of the best weights
 * @param output where they go, or null for none at all
 */
public record CheckpointConfig(Interval every, int keep, Path output) {
  /** At intervals of updates, 0 for none. */
  public CheckpointConfig(long every, int keep, Path output) {
    this(Interval.updates(every), keep, output);
  }

  /** Whether any are written at intervals. */
  boolean areAny() {
    return output != null && !every.isNever();
  }

  /** Checks the numbers. */
  public CheckpointConfig {
    require(every.number() >= 0, "the interval of checkpoints", every.text(), "at least 0");
    require(keep > 0, "kept checkpoints", keep, "at least 1");
  }
}
