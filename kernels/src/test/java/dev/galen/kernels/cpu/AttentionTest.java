package dev.galen.kernels.cpu;

import static dev.galen.kernels.cpu.Parity.normal;

import dev.galen.kernels.CachedAttention;
import dev.galen.tensor.DType;
import dev.galen.tensor.backend.AttentionShape;
import dev.galen.tensor.testing.Tolerance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Attention and its gradients against the reference: blocks, tiles, masks, strides, dropout. */
class AttentionTest {
  @ParameterizedTest
  @CsvSource({
    // batch, heads, queries, keys, head size, causal
    "1, 1, 1, 1, 1, false",
    "2, 3, 13, 13, 5, true",
    "1, 2, 207, 207, 64, true",
    "1, 1, 70, 300, 20, true",
    "2, 1, 100, 513, 16, false",
    "1, 2, 1, 700, 64, true",
    "2, 2, 5, 40, 13, true",
    "1, 1, 20, 8, 7, true",
    "1, 1, 3, 2, 100, true"
  })
  void agrees(int batch, int heads, int queries, int keys, int size, boolean causal) {
    for (double dropout : new double[] {0, 0.25}) {
      for (boolean masked : new boolean[] {false, true}) {
        check(packed(batch, heads, heads, queries, keys, size, causal, 0, dropout), masked);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    // heads, heads of keys, queries, keys, head size, causal, window
    "4, 2, 13, 13, 5, true, 0",
    "6, 2, 207, 207, 16, true, 50",
    "3, 1, 70, 300, 20, false, 90",
    "2, 2, 100, 513, 16, true, 1",
    "8, 2, 1, 700, 64, true, 300",
    "4, 4, 5, 40, 13, false, 7",
    "4, 1, 20, 8, 7, true, 3"
  })
  void agreesWhereHeadsShareKeysOrSeeAWindow(
      int heads, int keyHeads, int queries, int keys, int size, boolean causal, int window) {
    for (double dropout : new double[] {0, 0.25}) {
      for (boolean masked : new boolean[] {false, true}) {
        check(packed(2, heads, keyHeads, queries, keys, size, causal, window, dropout), masked);
      }
    }
  }

  private static AttentionShape packed(
      int batch,
      int heads,
      int keyHeads,
      int queries,
      int keys,
      int size,
      boolean causal,
      int window,
      double dropout) {
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

  private static void check(AttentionShape s, boolean masked) {
    int row = s.heads() * s.headSize();
    int queries =
        Math.toIntExact(
            extent(s.batch(), s.queryLength(), s.queryBatchStride(), s.queryRowStride()) + row);
    int keys =
        Math.toIntExact(
            extent(s.batch(), s.keyLength(), s.keyBatchStride(), s.keyRowStride()) + row);
    int outs = s.batch() * s.queryLength() * row;
    int rows = s.batch() * s.heads() * s.queryLength();
    byte[] mask = null;
    if (masked) {
      mask = new byte[s.batch() * s.keyLength()];
      for (int i = 0; i < mask.length; i++) {
        // The first batch's first keys are hidden, so that some causal rows see nothing.
        mask[i] = (byte) (i < 2 || i % 5 == 3 ? 0 : 1);
      }
    }
    Parity.check(
        s + (masked ? " masked" : ""),
        Tolerance.of(DType.F32, s.keyLength() + s.headSize()),
        (backend, x) -> {
          backend.attention().attention(s, x[0], x[1], x[2], x[3], x[4], x[5]);
          backend
              .attention()
              .attentionBackward(s, x[0], x[1], x[2], x[3], x[4], x[5], x[6], x[7], x[8], x[9]);
        },
        normal(queries, 1),
        normal(keys, 2),
        normal(keys, 3),
        mask,
        new float[outs],
        new float[rows],
        normal(outs, 4),
        new float[queries],
        new float[keys],
        new float[keys]);
  }

  private static long extent(int batch, int length, long batchStride, long rowStride) {
    return (batch - 1) * batchStride + (length - 1) * rowStride;
  }

  /** One length for all, and one each; few queries and many; whatever lies beyond is not read. */
  @ParameterizedTest
  @CsvSource({
    // heads, heads of keys, queries, capacity, head size, causal, window, lengths
    "2, 2, 1, 700, 64, true, 0, 500 500 500",
    "2, 2, 1, 70, 13, true, 0, 0 69 31",
    "4, 2, 3, 70, 20, true, 9, 67 0 31",
    "2, 1, 13, 70, 24, true, 0, 0 0 0",
    "3, 3, 70, 300, 16, true, 0, 230 1 64",
    "2, 2, 5, 40, 8, false, 6, 35 35 35"
  })
  void overACacheAgrees(
      int heads,
      int keyHeads,
      int queries,
      int capacity,
      int size,
      boolean causal,
      int window,
      String lengths) {
    var cache =
        new CachedAttention(heads, keyHeads, queries, capacity, size, causal, window, lengths);
    Parity.check(
        cache.toString(), Tolerance.of(DType.F32, capacity + size), cache, cache.operands());
  }
}
