package dev.galen.train.data;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Hands out the indices of a data set batch by batch, epoch after epoch, without end. Each epoch
 * holds every index once; its last batch is smaller when the batch size does not divide the number
 * of sequences.
 *
 * <p>The order of epoch e is a Fisher-Yates shuffle of 0, 1, ..., size-1 whose random numbers come
 * from {@code new SplittableRandom(seed + e)}: for i from size-1 down to 1, swap entry i with entry
 * j, where j is the high word of the unsigned 128-bit product of {@code nextLong()} and i + 1. An
 * order therefore depends on nothing but seed and epoch, and a {@link DataPosition} alone resumes
 * exactly.
 */
public final class BatchSampler {

  private final int[] order;
  private final int batchSize;
  private final boolean shuffle;
  private final long seed;
  private long epoch;
  private int offset;

  /**
   * A sampler at {@link DataPosition#START}.
   *
   * @param size the number of sequences
   * @param batchSize the number of sequences in a batch
   * @param shuffle whether each epoch has an order of its own; else all keep the data's order
   * @param seed what the orders are drawn from
   */
  public BatchSampler(int size, int batchSize, boolean shuffle, long seed) {
    if (size < 1 || batchSize < 1) {
      throw new IllegalArgumentException(
          size + " sequences in batches of " + batchSize + "; both must be at least 1");
    }
    this.order = new int[size];
    this.batchSize = batchSize;
    this.shuffle = shuffle;
    this.seed = seed;
    arrange();
  }

  /** Another sampler with the same orders, at the same position. */
  public BatchSampler copy() {
    var copy = new BatchSampler(order.length, batchSize, shuffle, seed);
    copy.seek(position());
    return copy;
  }

  /** The number of sequences in an epoch. */
  public int size() {
    return order.length;
  }

  /** The largest number of sequences in a batch. */
  public int batchSize() {
    return Math.min(batchSize, order.length);
  }

  /** Whether each epoch has an order of its own. */
  public boolean shuffles() {
    return shuffle;
  }

  /** The number of batches in one epoch. */
  public int batchesPerEpoch() {
    return Math.ceilDiv(order.length, batchSize);
  }

  /** Where the next batch begins; never at the end of an epoch, but at the start of the next. */
  public DataPosition position() {
    return new DataPosition(epoch, offset);
  }

  /**
   * Goes to a position.
   *
   * @throws IllegalArgumentException if the position lies beyond the end of an epoch, as one from
   *     another data set may
   */
  public void seek(DataPosition position) {
    if (position.offset() >= order.length) {
      throw new IllegalArgumentException(
          position
              + " does not fit "
              + order.length
              + " sequences; resume with the data the run began with");
    }
    epoch = position.epoch();
    offset = (int) position.offset();
    arrange();
  }

  /** The indices of the next batch; the position moves behind it. */
  public int[] next() {
    int end = (int) Math.min((long) offset + batchSize, order.length);
    int[] batch = Arrays.copyOfRange(order, offset, end);
    offset = end;
    if (offset == order.length) {
      epoch++;
      offset = 0;
      arrange();
    }
    return batch;
  }

  private void arrange() {
    Arrays.setAll(order, i -> i);
    if (!shuffle) {
      return;
    }
    var random = new SplittableRandom(seed + epoch);
    for (int i = order.length - 1; i > 0; i--) {
      int j = (int) Math.unsignedMultiplyHigh(random.nextLong(), i + 1L);
      int swapped = order[i];
      order[i] = order[j];
      order[j] = swapped;
    }
  }
}
