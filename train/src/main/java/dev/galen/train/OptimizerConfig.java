package dev.galen.train;

import static dev.galen.train.TrainingConfig.require;

import dev.galen.train.optim.OptimizerSpec;
import java.util.Objects;

/**
 * What makes updates of gradients.
 *
 * @param rule which optimizer, with its numbers
 * @param clip the largest gradient norm, or 0 for no limit
 */
public record OptimizerConfig(OptimizerSpec rule, double clip) {
  /** Checks the limit; the optimizer checks its numbers. */
  public OptimizerConfig {
    Objects.requireNonNull(rule, "optimizer");
    require(clip >= 0, "clip", clip, "at least 0");
  }

  /** PyTorch's {@code clip_grad_norm_}: the factor that brings a norm down to the limit. */
  double clipScale(double norm) {
    return clip > 0 ? Math.min(1, clip / (norm + 1e-6)) : 1;
  }
}
