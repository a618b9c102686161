package dev.galen.kernels;

import dev.galen.tensor.DType;
import dev.galen.tensor.backend.AttentionShape;
import dev.galen.tensor.backend.Backend;
import dev.galen.tensor.backend.Span;
import java.util.Arrays;

/**
 * A call of attention over a cache, for {@link KernelParity}: query, key and value of new positions
 * in the rows of one operand, caches with rows to spare, and NaN in every row that no sequence has
 * filled, so that a kernel that lets one reach its output is seen.
 */
public final class CachedAttention implements KernelParity.Call {
  private final AttentionShape shape;
  private final int[] lengths;

  /**
   * A call.
   *
   * @param lengths of each sequence, separated by blanks
   */
  public CachedAttention(
      int heads,
      int keyHeads,
      int queries,
      int capacity,
      int size,
      boolean causal,
      int window,
      String lengths) {
    this.lengths = Arrays.stream(lengths.split(" ")).mapToInt(Integer::parseInt).toArray();
    long row = (long) (heads + 2 * keyHeads) * size;
    long width = (long) keyHeads * size;
    shape =
        new AttentionShape(
            this.lengths.length,
            heads,
            keyHeads,
            queries,
            capacity,
            size,
            queries * row,
            row,
            (capacity + 1) * width,
            width,
            1 / Math.sqrt(size),
            causal,
            window,
            0,
            0,
            0);
  }

  /** {@link #operands} and a bias by distance, which a causal call has no later keys' rows of. */
  public Object[] biasedOperands() {
    Object[] operands = Arrays.copyOf(operands(), 6);
    int rows = shape.cacheBiasRows();
    operands[5] = new KernelParity.Rounded(DType.F32, KernelParity.normal(rows * shape.heads(), 4));
    return operands;
  }

  /** {@code [B, T, 3C]}, the lengths, both caches and the output. */
  public Object[] operands() {
    int batch = shape.batch();
    return new Object[] {
      KernelParity.normal((int) (batch * shape.queryBatchStride()), 1),
      lengths,
      cache(2),
      cache(3),
      new float[batch * shape.queryLength() * shape.heads() * shape.headSize()]
    };
  }

  /** Of each sequence. */
  public int[] lengths() {
    return lengths.clone();
  }

  private float[] cache(long seed) {
    int stride = (int) shape.keyBatchStride();
    float[] rows = KernelParity.normal(shape.batch() * stride, seed);
    for (int b = 0; b < shape.batch(); b++) {
      int filled = b * stride + lengths[b] * (int) shape.keyRowStride();
      Arrays.fill(rows, filled, (b + 1) * stride, Float.NaN);
    }
    return rows;
  }

  @Override
  public void on(Backend backend, Span[] s) {
    int queries = shape.heads() * shape.headSize();
    backend
        .attention()
        .attentionWithCache(
            shape,
            s[0],
            from(s[0], queries),
            from(s[0], queries + shape.keyRowStride()),
            s[1],
            s[2],
            s[3],
            s.length > 5 ? s[5] : null,
            s[4]);
  }

  private static Span from(Span span, long start) {
    return span.slice(start, span.length() - start);
  }

  @Override
  public String toString() {
    return shape + " over " + Arrays.toString(lengths);
  }
}
