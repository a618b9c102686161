package dev.galen.kernels.cpu;

import dev.galen.tensor.DType;
import dev.galen.tensor.backend.RandomKernels;
import dev.galen.tensor.backend.Sampling;
import dev.galen.tensor.backend.Span;
import dev.galen.tensor.random.Philox;
import java.lang.foreign.ValueLayout;

/**
 * Philox numbers, the same bits as the reference's: the arithmetic is in F32, in the order that the
 * reference writes down. A counter's four words are drawn once for four neighbours.
 */
final class VectorRandom implements RandomKernels {
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;
  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;

  /** Elements of a task; a multiple of 4, so that no counter is shared. */
  private static final int CHUNK = 1 << 13;

  private final WorkerPool pool;
  private final RandomKernels reference;

  VectorRandom(WorkerPool pool, RandomKernels reference) {
    this.pool = pool;
    this.reference = reference;
  }

  @Override
  public void uniform(Span y, double low, double high, long seed, long offset) {
    if (!F32.all(y)) {
      reference.uniform(y, low, high, seed, offset);
      return;
    }
    if (!(low < high)) {
      throw new IllegalArgumentException("no numbers in [" + low + ", " + high + ")");
    }
    float from = (float) low;
    float width = (float) high - from;
    float below = Math.nextDown((float) high);
    var ys = F32.memory("y", y, y.length());
    counters(
        y.length(),
        seed,
        offset,
        (words, first, count) -> {
          for (int w = 0; w < count; w++) {
            float value = from + width * Philox.uniform(words[w]);
            ys.setAtIndex(FLOAT, first + w, Math.min(value, below));
          }
        });
    F32.keep(y);
  }

  @Override
  public void normal(Span y, double mean, double deviation, long seed, long offset) {
    if (!F32.all(y)) {
      reference.normal(y, mean, deviation, seed, offset);
      return;
    }
    var ys = F32.memory("y", y, y.length());
    counters(
        y.length(),
        seed,
        offset,
        (words, first, count) -> {
          for (int w = 0; w < count; w++) {
            int pair = w / 2 * 2;
            double z = Philox.normal(words[pair], words[pair + 1], w % 2);
            ys.setAtIndex(FLOAT, first + w, (float) (mean + deviation * z));
          }
        });
    F32.keep(y);
  }

  @Override
  public void dropout(Span x, Span y, double p, long seed, long offset) {
    if (!F32.all(x, y)) {
      reference.dropout(x, y, p, seed, offset);
      return;
    }
    requireProbability(p);
    var xs = F32.same("x", x, "y", y.length());
    var ys = F32.memory("y", y, y.length());
    float bound = (float) p;
    float scale = (float) (1 / (1 - p));
    counters(
        y.length(),
        seed,
        offset,
        (words, first, count) -> {
          for (int w = 0; w < count; w++) {
            float value = xs.getAtIndex(FLOAT, first + w);
            boolean keeps = Philox.uniform(words[w]) >= bound;
            ys.setAtIndex(FLOAT, first + w, keeps ? value * scale : 0f);
          }
        });
    F32.keep(x, y);
  }

  @Override
  public void sample(
      Span x,
      Span index,
      int rows,
      int cols,
      double temperature,
      int topK,
      double topP,
      long seed,
      long offset) {
    if (!F32.all(x) || index.dtype() != DType.I32) {
      reference.sample(x, index, rows, cols, temperature, topK, topP, seed, offset);
      return;
    }
    var xs = F32.memory("x", x, F32.area(rows, cols));
    var indices = F32.memory("index", index, rows);
    Sampling.require(rows, cols, temperature, topK, topP);
    var sampler =
        new RowSampler((float) temperature, topK, Sampling.dispensable(topP), Sampling.bits(cols));
    pool.run(
        rows,
        (row, scratch) -> {
          Philox.words(seed, offset + row, scratch.words());
          int word = scratch.words()[0];
          int drawn = sampler.draw(xs, (long) row * cols, cols, word, scratch);
          indices.setAtIndex(INT, row, drawn);
        });
    F32.keep(x, index);
  }

  static void requireProbability(double p) {
    if (!(p >= 0 && p < 1)) {
      throw new IllegalArgumentException("dropout probability " + p + " is not in [0, 1)");
    }
  }

  /** Work with one counter's words. */
  private interface CounterTask {
    /** Computes the {@code count} (1 to 4) elements from {@code first}. */
    void run(int[] words, long first, int count);
  }

  private void counters(long length, long seed, long offset, CounterTask task) {
    int tasks = Math.toIntExact((length + CHUNK - 1) / CHUNK);
    pool.run(
        tasks,
        (index, _) -> {
          var words = new int[4];
          long end = Math.min(length, (index + 1L) * CHUNK);
          for (long i = (long) index * CHUNK; i < end; i += 4) {
            Philox.words(seed, offset + i / 4, words);
            task.run(words, i, (int) Math.min(4, end - i));
          }
        });
  }
}
