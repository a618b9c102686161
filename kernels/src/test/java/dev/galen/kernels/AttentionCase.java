package dev.galen.kernels;

import static dev.galen.kernels.KernelParity.normal;

import dev.galen.kernels.KernelParity.Rounded;
import dev.galen.tensor.DType;
import dev.galen.tensor.backend.AttentionShape;
import java.util.Arrays;
import java.util.stream.Stream;

/**
 * A way to call attention, by which backends are held against the reference. Queries, keys and
 * values lie in rows of three times the heads' width, with rows to spare.
 */
public record AttentionCase(
    int batch,
    int heads,
    int keyHeads,
    int queries,
    int keys,
    int size,
    boolean causal,
    int window) {

  private static AttentionCase of(
      int batch,
      int heads,
      int keyHeads,
      int queries,
      int keys,
      int size,
      boolean causal,
      int window) {
    return new AttentionCase(batch, heads, keyHeads, queries, keys, size, causal, window);
  }

  /**
   * Each head size that a GPU has a kernel for and sizes between; tiles that are not full, several
   * of them, rows that see no key, shared keys, windows, and few queries with their gradients.
   */
  public static Stream<AttentionCase> all() {
    return Stream.of(
        of(1, 1, 1, 1, 1, 1, false, 0),
        of(2, 3, 3, 13, 13, 5, true, 0),
        of(1, 1, 1, 207, 207, 64, true, 0),
        of(1, 1, 1, 70, 300, 20, true, 0),
        of(2, 1, 1, 64, 207, 32, false, 0),
        of(1, 1, 1, 64, 64, 80, true, 0),
        of(1, 1, 1, 13, 64, 96, false, 0),
        of(1, 1, 1, 130, 67, 128, true, 0),
        of(1, 1, 1, 65, 70, 256, true, 0),
        of(1, 1, 1, 20, 8, 7, true, 0),
        of(1, 1, 1, 20, 8, 24, true, 0),
        of(2, 4, 2, 13, 13, 5, true, 0),
        of(1, 4, 2, 13, 64, 64, true, 0),
        of(2, 4, 1, 70, 13, 32, false, 0),
        of(1, 4, 1, 20, 8, 7, true, 3),
        of(1, 1, 1, 207, 207, 32, true, 50),
        of(1, 2, 1, 64, 207, 64, false, 20),
        of(1, 2, 1, 70, 64, 128, true, 1),
        of(1, 2, 2, 33, 36, 256, true, 13),
        of(2, 2, 2, 5, 40, 13, true, 0),
        of(1, 4, 2, 5, 40, 13, false, 7),
        of(1, 1, 1, 8, 3, 64, true, 0));
  }

  /** Few queries over many keys. */
  public static Stream<AttentionCase> fewQueries() {
    return Stream.of(
        of(1, 2, 2, 1, 700, 64, true, 0),
        of(1, 1, 1, 3, 2, 100, true, 0),
        of(2, 8, 2, 1, 207, 32, true, 0),
        of(1, 6, 2, 3, 207, 128, true, 100),
        of(1, 3, 1, 8, 64, 256, false, 7));
  }

  /** More of a size than the software GPU has time for. */
  public static Stream<AttentionCase> larger() {
    return Stream.of(
        of(1, 2, 2, 207, 207, 64, true, 0),
        of(2, 1, 1, 100, 513, 16, false, 0),
        of(2, 6, 2, 207, 207, 16, true, 50),
        of(2, 3, 1, 70, 300, 20, false, 90),
        of(2, 2, 2, 100, 513, 16, true, 1),
        of(2, 8, 2, 1, 700, 64, true, 300));
  }

  /** What the kernels are told. */
  public AttentionShape shape(double dropout) {
    long width = 3L * heads * size;
    return new AttentionShape(
        batch,
        heads,
        keyHeads,
        queries,
        keys,
        size,
        (queries + 2) * width,
        width,
        (keys + 1) * width,
        width,
        1 / Math.sqrt(size),
        causal,
        window,
        dropout,
        7,
        1L << 33);
  }

  /** The forward kernel on {@link #operands}. */
  public KernelParity.Call forward(double dropout) {
    AttentionShape s = shape(dropout);
    return (backend, x) -> backend.attention().attention(s, x[0], x[1], x[2], x[3], x[4], x[5]);
  }

  /** The forward kernel, then the backward one. */
  public KernelParity.Call both(double dropout) {
    AttentionShape s = shape(dropout);
    return (backend, x) -> {
      backend.attention().attention(s, x[0], x[1], x[2], x[3], x[4], x[5]);
      backend
          .attention()
          .attentionBackward(s, x[0], x[1], x[2], x[3], x[4], x[5], x[6], x[7], x[8], x[9]);
    };
  }

  /** The forward kernel, then the backward one, with a bias by distance and its gradient. */
  public KernelParity.Call biased(double dropout) {
    AttentionShape s = shape(dropout);
    return (backend, x) -> {
      backend.attention().attention(s, x[0], x[1], x[2], x[3], x[10], x[4], x[5]);
      backend
          .attention()
          .attentionBackward(
              s, x[0], x[1], x[2], x[3], x[10], x[4], x[5], x[6], x[7], x[8], x[9], x[11]);
    };
  }

  /** {@link #operands}, a bias and where its gradient is added. */
  public Object[] biasedOperands(boolean masked) {
    Object[] operands = Arrays.copyOf(operands(masked), 12);
    int length = (queries + keys - 1) * heads;
    operands[10] = new Rounded(DType.F32, normal(length, 5));
    operands[11] = new Rounded(DType.F32, normal(length, 6));
    return operands;
  }

  /** q, k, v, the key mask, out, logSumExp, dOut, dQ, dK, dV. */
  public Object[] operands(boolean masked) {
    int width = 3 * heads * size;
    int queryExtent = ((batch - 1) * (queries + 2) + queries - 1) * width + heads * size;
    int keyExtent = ((batch - 1) * (keys + 1) + keys - 1) * width + heads * size;
    int rows = batch * heads * queries;
    return new Object[] {
      normal(queryExtent, 1),
      normal(keyExtent, 2),
      normal(keyExtent, 3),
      masked ? mask() : null,
      new float[rows * size],
      new Rounded(DType.F32, new float[rows]),
      normal(rows * size, 4),
      new float[queryExtent],
      new float[keyExtent],
      new float[keyExtent]
    };
  }

  private byte[] mask() {
    var mask = new byte[batch * keys];
    for (int i = 0; i < mask.length; i++) {
      // The first batch's first keys are hidden, so that some causal rows see nothing.
      mask[i] = (byte) (i < 2 || i % 5 == 3 ? 0 : 1);
    }
    return mask;
  }
}
