package dev.galen.train.checkpoint;

import dev.galen.train.data.DataPosition;
import dev.galen.train.optim.GradScaler;
import dev.galen.train.optim.MixedPrecision;
import java.util.List;
import java.util.Map;

/**
 * What a run needs besides weights and the optimizer's state to go on with the same bits.
 *
 * @param step updates made and skipped; the schedule follows from it
 * @param position the next sequences
 * @param random the next Philox counter of dropout
 * @param seed of the data's order and of dropout
 * @param precision of the products
 * @param scaler the loss scale
 * @param kept numbers of what follows a course of its own, such as a schedule that follows a metric
 */
public record TrainingState(
    long step,
    DataPosition position,
    long random,
    long seed,
    MixedPrecision precision,
    GradScaler.State scaler,
    Map<String, List<Double>> kept) {
  /** With nothing else that is kept. */
  public TrainingState(
      long step,
      DataPosition position,
      long random,
      long seed,
      MixedPrecision precision,
      GradScaler.State scaler) {
    this(step, position, random, seed, precision, scaler, Map.of());
  }

  /** The same at another place of the data. */
  public TrainingState at(DataPosition other) {
    return new TrainingState(step, other, random, seed, precision, scaler, kept);
  }
}
