package dev.galen.train;

import dev.galen.train.data.BatchSampler;
import dev.galen.train.data.TokenSequences;

/**
 * The batch of a run that takes the most memory.
 *
 * @param rows B
 * @param cols T, of its longest sequence
 */
record LargestBatch(int rows, int cols) {

  /**
   * The largest of the next {@code batches} of {@code sampler}, which stays where it is. Over whole
   * epochs in changing orders the longest sequence meets a full batch sooner or later.
   */
  static LargestBatch of(BatchSampler sampler, TokenSequences data, long batches) {
    if (sampler.shuffles() && batches >= sampler.batchesPerEpoch()) {
      return new LargestBatch(sampler.batchSize(), data.longest());
    }
    BatchSampler ahead = sampler.copy();
    var largest = new LargestBatch(1, 1);
    for (long i = Math.min(batches, sampler.batchesPerEpoch()); i > 0; i--) {
      int longest = 0;
      int[] batch = ahead.next();
      for (int index : batch) {
        longest = Math.max(longest, data.length(index));
      }
      if ((long) batch.length * longest > (long) largest.rows * largest.cols) {
        largest = new LargestBatch(batch.length, longest);
      }
    }
    return largest;
  }
}
