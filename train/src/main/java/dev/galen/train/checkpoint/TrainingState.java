package dev.galen.train.checkpoint;

import dev.galen.train.data.DataPosition;
import dev.galen.train.optim.GradScaler;
import dev.galen.train.optim.MixedPrecision;

/**
 * What a run needs besides weights and the optimizer's state to go on with the same bits.
 *
 * @param step updates made and skipped; the schedule follows from it
 * @param position the next sequences
 * @param random the next Philox counter of dropout
 * @param seed of the data's order and of dropout
 * @param precision of the products
 * @param scaler the loss scale
 */
public record TrainingState(
    long step,
    DataPosition position,
    long random,
    long seed,
    MixedPrecision precision,
    GradScaler.State scaler) {
  /** The same at another place of the data. */
  public TrainingState at(DataPosition other) {
    return new TrainingState(step, other, random, seed, precision, scaler);
  }
}
