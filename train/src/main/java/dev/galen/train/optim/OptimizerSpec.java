package dev.galen.train.optim;

import dev.galen.tensor.Tensor;
import java.util.Map;

/**
 * Which optimizer, with which numbers: a value of the config, from which the trainer makes it. An
 * optimizer's record of settings is one, such as {@link AdamW.Settings}.
 */
public interface OptimizerSpec {
  /** Its name in reports and checkpoints: {@code AdamW}. */
  String name();

  /**
   * Makes the optimizer, at its first update.
   *
   * @param parameters of a model, by name; those that are frozen are left out
   */
  Optimizer create(Map<String, Tensor> parameters);

  /**
   * The same with another form of its state.
   *
   * @throws IllegalArgumentException if it has none but F32, as unless it says otherwise
   */
  default Optimizer create(Map<String, Tensor> parameters, StateStorage storage) {
    stateBytes(storage.format()); // refuses what it cannot keep
    return create(parameters);
  }

  /**
   * Bytes that it keeps for each trained parameter with its state in {@code format}.
   *
   * @throws IllegalArgumentException if it cannot keep it so; unless it says otherwise, none but
   *     F32
   */
  default double stateBytes(StateFormat format) {
    if (format != StateFormat.F32) {
      throw new IllegalArgumentException(
          "%s is %s, expected f32 for %s; AdamW, Adam, SGD and Lion have others"
              .formatted(StateFormat.SETTING, format.word(), name()));
    }
    return stateBytes();
  }

  /**
   * Bytes that it keeps for each trained parameter, beside weight and gradient: {@code Float.BYTES}
   * for each block of {@link Optimizer#state}. A model that does not fit is refused before anything
   * is allocated.
   */
  int stateBytes();

  /**
   * The numbers that the bits of a run follow from, by name: a run that goes on from a checkpoint
   * must have the same. {@code weight-decay} is the one that a user may name to change.
   */
  Map<String, String> settings();
}
