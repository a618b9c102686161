package dev.galen.train.tensorboard;

import dev.galen.tensor.DType;
import dev.galen.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * How many values lie between limits that grow by a tenth from 1e-12 to 1e20 to both sides of 0:
 * TensorFlow's and PyTorch's default. Bucket i holds the values from limit i - 1 up to below limit
 * i. What is no finite number is not counted.
 */
public final class Histogram {
  private static final double FIRST = 1e-12;
  private static final double LAST = 1e20;
  private static final double GROWTH = 1.1;

  /** Values of a tensor that are on the heap at a time. */
  private static final int PIECE = 1 << 16;

  /** The limits above 0. */
  private static final double[] POSITIVE = positive();

  /** All limits, from the lowest to the highest. */
  private static final double[] LIMITS = limits();

  private final long[] counts = new long[LIMITS.length];
  private double min = Double.POSITIVE_INFINITY;
  private double max = Double.NEGATIVE_INFINITY;
  private long count;
  private double sum;
  private double squares;

  /** Of no values yet. */
  public Histogram() {}

  private static double[] positive() {
    var limits = new double[1024];
    int count = 0;
    for (double limit = FIRST; limit < LAST; limit *= GROWTH) {
      limits[count++] = limit;
    }
    limits[count++] = Double.MAX_VALUE;
    return Arrays.copyOf(limits, count);
  }

  private static double[] limits() {
    int n = POSITIVE.length;
    var limits = new double[2 * n + 1];
    for (int i = 0; i < n; i++) {
      limits[n - 1 - i] = -POSITIVE[i];
      limits[n + 1 + i] = POSITIVE[i];
    }
    return limits;
  }

  /**
   * Adds all values of a tensor, each times a factor.
   *
   * @param factor such as one over the scale of a loss
   */
  public Histogram add(Tensor tensor, double factor) {
    if (tensor.dtype() != DType.F32 || !tensor.layout().isContiguous()) {
      for (double value : tensor.toDoubles()) {
        add(value * factor);
      }
      return this;
    }
    long size = tensor.shape().size();
    var piece = new float[(int) Math.min(PIECE, size)];
    for (long from = 0; from < size; from += piece.length) {
      int length = (int) Math.min(piece.length, size - from);
      MemorySegment target = MemorySegment.ofArray(piece).asSlice(0, (long) length * Float.BYTES);
      tensor.backend().download(tensor.span().slice(from, length), target);
      for (int i = 0; i < length; i++) {
        add(piece[i] * factor);
      }
    }
    return this;
  }

  /** Adds one value. */
  public void add(double value) {
    if (!Double.isFinite(value)) {
      return;
    }
    counts[bucket(value)]++;
    min = Math.min(min, value);
    max = Math.max(max, value);
    count++;
    sum += value;
    squares += value * value;
  }

  /** The first limit above a value. */
  private static int bucket(double value) {
    int zero = POSITIVE.length;
    if (value >= 0) {
      return zero + 1 + above(value);
    }
    // Below 0 a limit belongs to the bucket above it: -1e-12 itself lies in the one up to 0.
    int index = above(-value);
    return index > 0 && POSITIVE[index - 1] == -value ? zero - index + 1 : zero - index;
  }

  /** The first of the limits above 0 that is above a value that is not negative. */
  private static int above(double value) {
    if (value < FIRST) {
      return 0;
    }
    int last = POSITIVE.length - 1;
    int guess = Math.min(last, (int) (Math.log(value / FIRST) / Math.log(GROWTH)));
    while (guess > 0 && POSITIVE[guess - 1] > value) {
      guess--;
    }
    while (guess < last && POSITIVE[guess] <= value) {
      guess++;
    }
    return guess;
  }

  /** TensorBoard's HistogramProto; runs of empty buckets are one. */
  Proto proto() {
    var limits = new double[counts.length];
    var filled = new double[counts.length];
    int used = 0;
    for (int i = 0; i < counts.length; i++) {
      boolean goesOn = used > 0 && counts[i] == 0 && filled[used - 1] == 0;
      used += goesOn ? 0 : 1;
      limits[used - 1] = LIMITS[i];
      filled[used - 1] = counts[i];
    }
    return new Proto()
        .number(1, count == 0 ? 0 : min)
        .number(2, count == 0 ? 0 : max)
        .number(3, count)
        .number(4, sum)
        .number(5, squares)
        .numbers(6, Arrays.copyOf(limits, used))
        .numbers(7, Arrays.copyOf(filled, used));
  }
}
