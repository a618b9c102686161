package dev.galen.train;

import dev.galen.train.data.Batch;
import dev.galen.train.data.BatchSampler;
import dev.galen.train.data.Collator;
import dev.galen.train.data.DataPosition;
import dev.galen.train.data.TokenSequence;
import dev.galen.train.data.TokenSequences;
import java.util.ArrayList;
import java.util.List;

/** The micro-batches of a run, update by update; an update never reaches over the end of a pass. */
final class UpdateBatches {
  private final TrainingConfig config;
  private final TokenSequences data;
  private final Collator collator;
  private final BatchSampler sampler;

  /** At the first update, in the order of the config's seed. */
  UpdateBatches(TrainingConfig config, TokenSequences data, Collator collator) {
    this.config = config;
    this.data = data;
    this.collator = collator;
    DataConfig order = config.data();
    sampler =
        order.groupByLength()
            ? BatchSampler.byLength(
                data, order.batchSize(), Math.toIntExact(order.perUpdate()), config.seed())
            : new BatchSampler(data.size(), order.batchSize(), order.shuffle(), config.seed());
    int batches = sampler.batchesPerEpoch();
    if (config.data().accumulate() > batches) {
      throw new IllegalArgumentException(
          "accumulate is %d, must be at most %d: one pass over the data has %d batches of %d"
              .formatted(config.data().accumulate(), batches, batches, config.data().batchSize()));
    }
  }

  /**
   * The batches of the next update.
   *
   * @param step its number, for a profiler
   */
  List<Batch> next(long step) {
    PhaseEvent reading = Phase.begin();
    List<Batch> batches = next();
    Phase.DATA.end(reading, step);
    return batches;
  }

  private List<Batch> next() {
    var batches = new ArrayList<Batch>();
    long epoch = position().epoch();
    while (batches.size() < config.data().accumulate() && position().epoch() == epoch) {
      batches.add(batch(sampler.next()));
    }
    return batches;
  }

  /** The places in the data of the next update's sequences, batch by batch; reads nothing. */
  List<int[]> nextIndices() {
    BatchSampler ahead = sampler.copy();
    long epoch = ahead.position().epoch();
    var indices = new ArrayList<int[]>();
    while (indices.size() < config.data().accumulate() && ahead.position().epoch() == epoch) {
      indices.add(ahead.next());
    }
    return indices;
  }

  /** Some sequences side by side. */
  Batch batch(int[] indices) {
    var sequences = new ArrayList<TokenSequence>();
    for (int index : indices) {
      sequences.add(data.get(index));
    }
    return collator.collate(sequences);
  }

  /** One of the sequences. */
  TokenSequence sequence(int index) {
    return data.get(index);
  }

  /** Where the next update begins. */
  DataPosition position() {
    return sampler.position();
  }

  /** Goes to a position of the same data. */
  void seek(DataPosition position) {
    sampler.seek(position);
  }

  /** Where the last update began, once one was made. */
  DataPosition previous() {
    DataPosition now = position();
    long perUpdate = config.data().perUpdate();
    if (now.offset() > 0) {
      return new DataPosition(now.epoch(), Math.max(0, now.offset() - perUpdate));
    }
    return new DataPosition(
        Math.max(0, now.epoch() - 1), (data.size() - 1) / perUpdate * perUpdate);
  }

  /** Passes over the data so far. */
  double epochs() {
    return epochs(position());
  }

  /** Passes over the data before a position. */
  double epochs(DataPosition position) {
    return position.epoch() + (double) position.offset() / data.size();
  }

  /** Updates of a pass. */
  long perEpoch() {
    return Math.ceilDiv(sampler.batchesPerEpoch(), config.data().accumulate());
  }

  /** Updates of the whole run from its beginning. */
  long planned() {
    return config.data().steps() > 0 ? config.data().steps() : config.data().epochs() * perEpoch();
  }

  /**
   * Updates that are left after {@code step}, negative beyond the end: with epochs they follow from
   * the data that are left.
   */
  long left(long step) {
    if (config.data().steps() > 0) {
      return config.data().steps() - step;
    }
    long perUpdate = config.data().perUpdate();
    long ofThisPass = Math.ceilDiv(data.size() - position().offset(), perUpdate);
    return (config.data().epochs() - position().epoch() - 1) * perEpoch() + ofThisPass;
  }

  /** What the next updates are made of, for planning. */
  BatchSampler sampler() {
    return sampler;
  }
}
