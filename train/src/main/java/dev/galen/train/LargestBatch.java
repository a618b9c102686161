package dev.galen.train;

import dev.galen.train.data.BatchSampler;
import dev.galen.train.data.Collator;
import dev.galen.train.data.TokenSequences;

/**
 * The batch of a run that takes the most memory.
 *
 * @param rows B
 * @param cols T, of its longest sequence
 * @param labels U, the most that a sequence has, where they are counted apart; else T
 */
record LargestBatch(int rows, int cols, int labels) {

  /**
   * The largest of the next {@code batches} of {@code sampler}, which stays where it is. Over whole
   * epochs in changing orders the longest sequence meets a full batch sooner or later.
   */
  static LargestBatch of(
      BatchSampler sampler, TokenSequences data, long batches, Collator collator) {
    if (sampler.shuffles() && batches >= sampler.batchesPerEpoch()) {
      return ofAll(sampler.batchSize(), data, collator);
    }
    BatchSampler ahead = sampler.copy();
    var largest = new LargestBatch(1, 1, 1);
    for (long i = Math.min(batches, sampler.batchesPerEpoch()); i > 0; i--) {
      int longest = 0;
      int labels = 0;
      int[] batch = ahead.next();
      for (int index : batch) {
        longest = Math.max(longest, data.length(index));
        labels = Math.max(labels, labels(data, index, collator));
      }
      if ((long) batch.length * (longest + labels)
          > (long) largest.rows * (largest.cols + largest.labels)) {
        largest = new LargestBatch(batch.length, longest, labels);
      }
    }
    return largest;
  }

  /** Of {@code rows} sequences, the longest among them. */
  static LargestBatch ofAll(int rows, TokenSequences data, Collator collator) {
    int labels = data.longest();
    if (collator.hasOwnLabels()) {
      labels = 1;
      for (int i = 0; i < data.size(); i++) {
        labels = Math.max(labels, labels(data, i, collator));
      }
    }
    return new LargestBatch(Math.min(rows, data.size()), data.longest(), labels);
  }

  private static int labels(TokenSequences data, int index, Collator collator) {
    return collator.hasOwnLabels() ? data.get(index).labels().length : data.length(index);
  }
}
