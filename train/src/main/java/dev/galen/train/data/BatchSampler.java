package dev.galen.train.data;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.IntUnaryOperator;

/**
 * Hands out the indices of a data set batch by batch, epoch after epoch, without end. Each epoch
 * holds every index once; its last batch is smaller when the batch size does not divide the number
 * of sequences.
 *
 * <p>The order of epoch e is {@link Permutation#of} the size and seed + e. {@link #byLength} brings
 * sequences of about one length together in it. An order therefore depends on nothing but seed,
 * epoch and the data's lengths, and a {@link DataPosition} alone resumes exactly.
 */
public final class BatchSampler {

  private final int[] order;
  private final int batchSize;
  private final boolean shuffle;
  private final long seed;
  private final IntUnaryOperator lengthOf; // null where lengths do not matter
  private final int perUpdate;
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
    this(size, batchSize, shuffle, seed, null, batchSize);
  }

  private BatchSampler(
      int size,
      int batchSize,
      boolean shuffle,
      long seed,
      IntUnaryOperator lengthOf,
      int perUpdate) {
    if (size < 1 || batchSize < 1) {
      throw new IllegalArgumentException(
          size + " sequences in batches of " + batchSize + "; both must be at least 1");
    }
    this.order = new int[size];
    this.batchSize = batchSize;
    this.shuffle = shuffle;
    this.seed = seed;
    this.lengthOf = lengthOf;
    this.perUpdate = perUpdate;
    arrange();
  }

  /**
   * A sampler whose batches hold sequences of about one length, as transformers' {@code
   * group_by_length} does it: of each fifty updates, in an order at random, the long ones come
   * first, and the longest of an epoch in its first batch.
   *
   * @param perUpdate sequences of an update: the batch size times accumulation
   */
  public static BatchSampler byLength(
      TokenSequences data, int batchSize, int perUpdate, long seed) {
    return new BatchSampler(data.size(), batchSize, true, seed, data::length, perUpdate);
  }

  /** Another sampler with the same orders, at the same position. */
  public BatchSampler copy() {
    var copy = new BatchSampler(order.length, batchSize, shuffle, seed, lengthOf, perUpdate);
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
    Permutation.shuffle(order, new SplittableRandom(seed + epoch));
    if (lengthOf != null) {
      LengthGroups.arrange(order, lengthOf, perUpdate);
    }
  }
}
