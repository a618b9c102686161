package dev.galen.train.data;

/**
 * How far a training run has read its data: with the sampler's seed, all that a checkpoint needs to
 * go on with the very next batch.
 *
 * @param epoch the number of whole passes behind us
 * @param offset the number of sequences of this pass that were handed out
 */
public record DataPosition(long epoch, long offset) {

  /** Before the first sequence of the first epoch. */
  public static final DataPosition START = new DataPosition(0, 0);

  /** Checks that neither is negative. */
  public DataPosition {
    if (epoch < 0 || offset < 0) {
      throw new IllegalArgumentException(
          "epoch " + epoch + ", offset " + offset + "; neither may be negative");
    }
  }
}
