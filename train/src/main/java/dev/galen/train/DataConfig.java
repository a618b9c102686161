package dev.galen.train;

import static dev.galen.train.TrainingConfig.require;

/**
 * How a run goes through its data.
 *
 * @param epochs passes over the data, where {@code steps} is 0
 * @param steps updates, or 0 to count epochs
 * @param batchSize sequences per substep
 * @param accumulate substeps per update
 * @param shuffle a new order each epoch
 * @param groupByLength an order in which sequences of about one length stand together
 */
public record DataConfig(
    int epochs, long steps, int batchSize, int accumulate, boolean shuffle, boolean groupByLength) {
  /** Checks each number alone; what depends on the data is checked by the trainer. */
  public DataConfig {
    require(epochs > 0 || steps > 0, "epochs", epochs, "at least 1");
    require(steps >= 0, "steps", steps, "at least 1");
    require(batchSize > 0, "batch size", batchSize, "at least 1");
    require(accumulate > 0, "accumulate", accumulate, "at least 1");
    require(
        shuffle || !groupByLength, "group by length", true, "false where the order is the data's");
  }

  /** One in which lengths do not matter. */
  public DataConfig(int epochs, long steps, int batchSize, int accumulate, boolean shuffle) {
    this(epochs, steps, batchSize, accumulate, shuffle, false);
  }

  /** Sequences of an update. */
  public long perUpdate() {
    return (long) batchSize * accumulate;
  }
}
