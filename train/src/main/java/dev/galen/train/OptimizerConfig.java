package dev.galen.train;

import static dev.galen.train.TrainingConfig.require;

import dev.galen.model.Model;
import dev.galen.train.optim.Optimizer;
import dev.galen.train.optim.OptimizerSpec;
import dev.galen.train.optim.ParameterGroups;
import dev.galen.train.optim.StateFormat;
import dev.galen.train.optim.StateStorage;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * What makes updates of gradients.
 *
 * @param rule which optimizer, with its numbers
 * @param clip the largest gradient norm, or 0 for no limit
 * @param clipValue the largest element of a gradient, before the norm is taken for {@code clip}; 0
 *     for no limit
 * @param groups parameters with another rate or decay than the rest
 * @param freezing parameters that are not trained, or not yet
 * @param average the average of weights that a run keeps
 * @param states what the optimizer's state lies in between updates
 */
public record OptimizerConfig(
    OptimizerSpec rule,
    double clip,
    double clipValue,
    ParameterGroups groups,
    FreezingConfig freezing,
    AverageConfig average,
    StateFormat states) {
  /** Checks the limits, and that the optimizer has such states; it checks its numbers. */
  public OptimizerConfig {
    Objects.requireNonNull(rule, "optimizer");
    require(clip >= 0, "clip", clip, "at least 0");
    require(clipValue >= 0, "clip-value", clipValue, "at least 0");
    rule.stateBytes(states); // refuses what it cannot keep
  }

  /** All parameters alike, and no average. */
  public OptimizerConfig(OptimizerSpec rule, double clip) {
    this(
        rule,
        clip,
        0,
        ParameterGroups.NONE,
        FreezingConfig.NONE,
        AverageConfig.NONE,
        StateFormat.F32);
  }

  /** PyTorch's {@code clip_grad_norm_}: the factor that brings a norm down to the limit. */
  double clipScale(double norm) {
    return clip > 0 ? Math.min(1, clip / (norm + 1e-6)) : 1;
  }

  /**
   * The optimizer of a model, which knows its groups.
   *
   * @param seed of the bits that round its state
   */
  Optimizer create(Model model, long seed) {
    Optimizer optimizer = rule.create(model.parameters(), new StateStorage(states, seed));
    if (!groups.isNone()) {
      optimizer.group(groups.in(optimizer.names()));
    }
    return optimizer;
  }

  /** Bytes for each trained parameter beside weight and gradient. */
  double stateBytes() {
    return rule.stateBytes(states) + (average.isKept() ? Float.BYTES : 0);
  }

  /** What a resumed run must have the same, beside the rule's own numbers and the clip. */
  Map<String, String> settings() {
    var settings = new LinkedHashMap<>(groups.settings());
    settings.put("clip-value", Double.toString(clipValue));
    settings.put("unfreeze-every", Long.toString(freezing.unfreezeEvery()));
    settings.put("ema", average.text());
    settings.put(StateFormat.SETTING, states.word());
    return settings;
  }
}
