package dev.galen.train;

import static dev.galen.train.TrainingConfig.require;

import java.nio.file.Path;

/**
 * When and where a run is saved.
 *
 * @param every updates between checkpoints, 0 for none but that of a {@link Trainer#stop}
 * @param keep checkpoints that stay
 * @param output where they go, or null for none at all
 */
public record CheckpointConfig(long every, int keep, Path output) {
  /** Whether one is written after update {@code step}. */
  boolean isDue(long step) {
    return output != null && every > 0 && step % every == 0;
  }

  /** Checks the numbers. */
  public CheckpointConfig {
    require(every >= 0, "the interval of checkpoints", every, "at least 0");
    require(keep > 0, "kept checkpoints", keep, "at least 1");
  }
}
