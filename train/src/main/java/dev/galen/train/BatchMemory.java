package dev.galen.train;

import dev.galen.model.Inputs;
import dev.galen.model.Model;
import dev.galen.tensor.Autograd;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.backend.host.HostAllocator;
import dev.galen.tensor.memory.AllocationTrace;
import dev.galen.tensor.memory.MemoryScope;
import dev.galen.train.data.Batch;
import dev.galen.train.data.Collator;
import dev.galen.train.data.TokenSequence;
import dev.galen.train.optim.MixedPrecision;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a batch of any size takes of a model, whatever its architecture: some batches of a few
 * tokens are run and their allocations written down. Each allocation is a constant times powers of
 * B, T and the number of labels U that a decoder has, and the batches tell which; then the
 * allocator's own rules are followed with the sizes that a batch [B, T] would have. Nothing that a
 * run depends on is changed: random numbers go back to where they were, and gradients are
 * forgotten.
 */
final class BatchMemory {
  private static final int PROBE_LENGTH = 8;

  /** A single row, and a few tokens of it, are computed in other ways than more of them. */
  private static final int PROBE_ROWS = 2;

  private final AllocationTrace one;
  private final AllocationTrace twoRows;
  private final AllocationTrace twiceAsLong;
  private final AllocationTrace twiceLabelled;
  private final int length;
  private final int vocabularySize;

  private BatchMemory(
      AllocationTrace one,
      AllocationTrace twoRows,
      AllocationTrace twiceAsLong,
      AllocationTrace twiceLabelled,
      int length,
      Model model) {
    this.one = one;
    this.twoRows = twoRows;
    this.twiceAsLong = twiceAsLong;
    this.twiceLabelled = twiceLabelled;
    this.length = length;
    this.vocabularySize = model.vocabularySize();
  }

  /**
   * Bytes beside those of the model.
   *
   * @param all what is live at the fullest moment
   * @param logits of these, logits and their gradients
   */
  record Usage(long all, long logits) {}

  /** Forward and backward. */
  static BatchMemory ofTraining(Model model, MixedPrecision precision, Collator collator) {
    return measure(model, precision, collator, true);
  }

  /** Forward alone, without anything kept for a backward pass. */
  static BatchMemory ofEvaluation(Model model, MixedPrecision precision, Collator collator) {
    return measure(model, precision, collator, false);
  }

  private static BatchMemory measure(
      Model model, MixedPrecision precision, Collator collator, boolean training) {
    int length = Math.max(1, Math.min(PROBE_LENGTH, model.contextLength() / 2));
    boolean wasTraining = model.isTraining();
    long random = model.random().offset();
    if (training) {
      model.train();
    } else {
      model.eval();
    }
    try {
      BatchMemory first = measure(model, precision, collator, training, length);
      // What a model makes once and keeps, such as angles, is in the first trace alone.
      return first.isRegular() ? first : measure(model, precision, collator, training, length);
    } finally {
      model.random().seek(random);
      if (training) {
        model.parameters().values().forEach(Tensor::zeroGrad);
      }
      if (wasTraining) {
        model.train();
      } else {
        model.eval();
      }
    }
  }

  private static BatchMemory measure(
      Model model, MixedPrecision precision, Collator collator, boolean training, int length) {
    return new BatchMemory(
        trace(model, precision, training, batch(collator, PROBE_ROWS, length, length)),
        trace(model, precision, training, batch(collator, 2 * PROBE_ROWS, length, length)),
        trace(model, precision, training, batch(collator, PROBE_ROWS, 2 * length, length)),
        collator.hasOwnLabels()
            ? trace(model, precision, training, batch(collator, PROBE_ROWS, length, 2 * length))
            : null,
        length,
        model);
  }

  /** Whether all batches made and freed as many pieces in the same order. */
  private boolean isRegular() {
    return one.hasOrderOf(twoRows)
        && one.hasOrderOf(twiceAsLong)
        && (twiceLabelled == null || one.hasOrderOf(twiceLabelled));
  }

  private static Batch batch(Collator collator, int rows, int cols, int labels) {
    TokenSequence sample =
        collator.hasOwnLabels() ? collator.sample(cols, labels) : collator.sample(cols);
    return collator.collate(Collections.nCopies(rows, sample));
  }

  private static AllocationTrace trace(
      Model model, MixedPrecision precision, boolean training, Batch batch) {
    return AllocationTrace.of(
        model.backend(),
        () -> {
          try (var scope = MemoryScope.open("memory plan");
              var grad = training ? null : Autograd.noGrad();
              var cast = precision.open()) {
            Inputs inputs = batch.inputs(model.backend());
            Tensor loss = model.loss(inputs, 1);
            if (training) {
              loss.backward();
            }
          }
        });
  }

  /** What {@code rows} sequences of {@code cols} tokens take, and of as many labels. */
  Usage of(int rows, int cols) {
    return of(rows, cols, cols);
  }

  /** What {@code rows} sequences of {@code cols} tokens and {@code labels} labels take. */
  Usage of(int rows, int cols, int labels) {
    long[] sizes = sizes(rows, cols, labels);
    boolean[] holdLogits = holdLogits();
    var blocks = new Blocks();
    var given = new long[sizes.length];
    long logits = 0;
    long logitsAtPeak = 0;
    for (int event : one.events()) {
      int index = event < 0 ? ~event : event;
      if (event < 0) {
        blocks.free(given[index]);
        logits -= holdLogits[index] ? given[index] : 0;
      } else {
        long before = blocks.peak;
        given[index] = blocks.take(sizes[index]);
        logits += holdLogits[index] ? given[index] : 0;
        logitsAtPeak = blocks.peak > before ? logits : logitsAtPeak;
      }
    }
    return new Usage(blocks.peak, logitsAtPeak);
  }

  private long[] sizes(int rows, int cols, int labels) {
    long[] base = one.sizes();
    long[] limits = one.limits();
    boolean same = isRegular();
    long[] wider = same ? twoRows.sizes() : base;
    long[] longer = same ? twiceAsLong.sizes() : base;
    long[] labelled = same && twiceLabelled != null ? twiceLabelled.sizes() : base;
    double high = (double) rows / PROBE_ROWS;
    double stretch = (double) cols / length;
    double more = (double) labels / length;
    var sizes = new long[base.length];
    for (int i = 0; i < base.length; i++) {
      // Where a kernel cuts its work otherwise from shape to shape, take the most it can be.
      double factor =
          same
              ? power(wider[i], base[i], high)
                  * power(longer[i], base[i], stretch)
                  * power(labelled[i], base[i], more)
              : high * Math.max(stretch, twiceLabelled == null ? 0 : more);
      long size =
          Double.isNaN(factor)
              ? linear(base[i], wider[i], longer[i], labelled[i], high, stretch, more)
              : (long) (base[i] * factor);
      sizes[i] = Math.min(size, limits[i]);
    }
    return sizes;
  }

  /** The factor of a size that is {@code twice} for two: 1, x or x^2; NaN where it is another. */
  private static double power(long twice, long once, double x) {
    return twice == once ? 1 : twice == 2 * once ? x : twice == 4 * once ? x * x : Double.NaN;
  }

  /**
   * A size that is a constant and a part that grows with the batch: rounded rows, counts, masks.
   */
  private static long linear(
      long base, long wider, long longer, long labelled, double high, double stretch, double more) {
    double perRow = wider - base;
    double perLength = longer - base;
    double perLabel = labelled - base;
    double each = (perLength == 0 ? 1 : stretch) * (perLabel == 0 ? 1 : more);
    return (long)
        Math.max(
            0,
            perRow == 0
                ? base + perLength * (stretch - 1) + perLabel * (more - 1)
                : base - perRow + perRow * high * each);
  }

  /** Which allocations hold a logit of each token for each position. */
  private boolean[] holdLogits() {
    long[] base = one.sizes();
    var holdLogits = new boolean[base.length];
    for (int i = 0; i < base.length; i++) {
      long perPosition = base[i] / (PROBE_ROWS * length); // labels are as many as positions there
      holdLogits[i] = perPosition == 4L * vocabularySize || perPosition == 2L * vocabularySize;
    }
    return holdLogits;
  }

  /**
   * The allocators' rules: a freed block is kept and serves what it fits, or nearly fits. What is
   * kept does not count: it goes back to the system where that has too little.
   */
  private static final class Blocks {
    private final TreeMap<Long, Integer> free = new TreeMap<>();
    private long live;
    private long peak;

    /** The size of the block that {@code bytes} are given. */
    long take(long bytes) {
      long size = HostAllocator.blockSize(bytes);
      Map.Entry<Long, Integer> fit = free.ceilingEntry(size);
      if (fit != null && fit.getKey() <= size + size / 2) {
        size = fit.getKey();
        free.merge(size, -1, (a, b) -> a + b == 0 ? null : a + b);
      }
      live += size;
      peak = Math.max(peak, live);
      return size;
    }

    void free(long block) {
      free.merge(block, 1, Integer::sum);
      live -= block;
    }
  }
}
