package dev.galen.kernels.cuda;

import static dev.galen.kernels.KernelParity.normal;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.galen.kernels.CachedAttention;
import dev.galen.kernels.KernelParity.Rounded;
import dev.galen.kernels.softgpu.SoftwareGpu;
import dev.galen.tensor.DType;
import dev.galen.tensor.backend.AttentionShape;
import dev.galen.tensor.backend.Backend;
import dev.galen.tensor.backend.Span;
import dev.galen.tensor.testing.Tolerance;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Attention and its gradients on the software GPU against the reference, in each type: every head
 * size there is a kernel for and sizes between, tiles that are not full, masks, strides, dropout.
 */
@Tag("software-gpu")
@Tag("gpu")
class CudaAttentionTest {
  @ParameterizedTest
  @CsvSource({
    // batch, heads, heads of keys, queries, keys, head size, causal, window
    "1, 1, 1, 1, 1, 1, false, 0",
    "2, 3, 3, 13, 13, 5, true, 0",
    "1, 1, 1, 207, 207, 64, true, 0",
    "1, 1, 1, 70, 300, 20, true, 0",
    "2, 1, 1, 64, 207, 32, false, 0",
    "1, 1, 1, 64, 64, 80, true, 0",
    "1, 1, 1, 13, 64, 96, false, 0",
    "1, 1, 1, 130, 67, 128, true, 0",
    "1, 1, 1, 65, 70, 256, true, 0",
    "1, 1, 1, 20, 8, 7, true, 0",
    "1, 1, 1, 20, 8, 24, true, 0",
    "1, 4, 2, 13, 64, 64, true, 0",
    "2, 4, 1, 70, 13, 32, false, 0",
    "1, 1, 1, 207, 207, 32, true, 50",
    "1, 2, 1, 64, 207, 64, false, 20",
    "1, 2, 1, 70, 64, 128, true, 1",
    "1, 2, 2, 33, 36, 256, true, 13"
  })
  void agrees(
      int batch,
      int heads,
      int keyHeads,
      int queries,
      int keys,
      int size,
      boolean causal,
      int window) {
    checkAll(batch, heads, keyHeads, queries, keys, size, causal, window);
  }

  /** What goes over the cache in place: few queries, split over the keys. */
  @ParameterizedTest
  @CsvSource({
    "1, 2, 2, 1, 700, 64, true, 0",
    "2, 2, 2, 5, 40, 13, true, 0",
    "1, 1, 1, 3, 2, 100, true, 0",
    "2, 8, 2, 1, 207, 32, true, 0",
    "1, 6, 2, 3, 207, 128, true, 100",
    "1, 3, 1, 8, 64, 256, false, 7",
    "1, 1, 1, 8, 3, 64, true, 0"
  })
  void fewQueriesAgree(
      int batch,
      int heads,
      int keyHeads,
      int queries,
      int keys,
      int size,
      boolean causal,
      int window) {
    checkAll(batch, heads, keyHeads, queries, keys, size, causal, window);
  }

  /**
   * Over a cache, by pieces and by tiles: sequences of different lengths, empty ones and full ones,
   * pieces that begin beyond a length, windows that begin in a later piece.
   */
  @ParameterizedTest
  @CsvSource({
    // heads, heads of keys, queries, capacity, head size, causal, window, lengths
    "2, 2, 1, 700, 64, true, 0, 699 3 64",
    "2, 2, 1, 40, 13, true, 0, 0 39 31",
    "8, 2, 1, 207, 32, true, 0, 200 0 128",
    "2, 2, 5, 300, 24, true, 0, 295 0 100",
    "6, 2, 3, 207, 128, true, 50, 200 9 0",
    "3, 1, 8, 160, 256, false, 7, 152 0 60",
    "2, 1, 13, 70, 64, true, 0, 57 0 20",
    "2, 2, 70, 140, 32, true, 30, 70 0 1"
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
    for (DType dtype : CudaParity.TYPES) {
      Tolerance tolerance = Tolerance.of(dtype, dtype == DType.F32 ? capacity + size : 1);
      CudaParity.check(dtype, cache.toString(), tolerance, cache, cache.operands());
    }
  }

  /** The host hears of it when it next waits; nothing is written outside of the cache. */
  @ParameterizedTest
  @CsvSource({"0 38 2, 38, 1", "-1 0 0, -1, 0", "3 0 2147483647, 2147483647, 2"})
  void aLengthWithoutRoomIsNamed(String lengths, int length, int sequence) {
    var cache = new CachedAttention(1, 1, 3, 40, 16, true, 0, lengths);
    Backend gpu = CudaParity.gpu();
    Object[] operands = new CachedAttention(1, 1, 3, 40, 16, true, 0, "0 0 0").operands();
    var spans = new Span[operands.length];
    for (int i = 0; i < spans.length; i++) {
      MemorySegment values =
          i == 1
              ? MemorySegment.ofArray(cache.lengths())
              : MemorySegment.ofArray(floats(operands[i]));
      spans[i] =
          new Span(
              gpu.allocate(values.byteSize()),
              i == 1 ? DType.I32 : DType.F32,
              0,
              values.byteSize() / 4);
      gpu.upload(values, spans[i]);
    }
    cache.on(gpu, spans);
    var error =
        assertThrows(
            IndexOutOfBoundsException.class,
            () -> gpu.download(spans[4], MemorySegment.ofArray(floats(operands[4]))));
    assertEquals(
        "length %d of sequence %d leaves no room for 3 more in a cache of 40"
            .formatted(length, sequence),
        error.getMessage());
    float[] keys = new float[floats(operands[2]).length];
    gpu.download(spans[2], MemorySegment.ofArray(keys));
    for (int i = 0; i < keys.length; i++) {
      int b = i / (41 * 16);
      boolean room = cache.lengths()[b] >= 0 && cache.lengths()[b] <= 37;
      int row = i / 16 % 41;
      boolean isNew = room && row >= cache.lengths()[b] && row < cache.lengths()[b] + 3;
      assertEquals(!isNew, Float.isNaN(keys[i]), "element " + i);
    }
    for (Span span : spans) {
      span.buffer().free("test");
    }
  }

  private static float[] floats(Object operand) {
    return operand instanceof float[] values ? values : new float[0];
  }

  /** A missing barrier shows when threads run in other orders. */
  @ParameterizedTest
  @ValueSource(ints = {32, 64, 128, 256})
  void theOrderOfThreadsDoesNotMatter(int size) {
    SoftwareGpu gpu = SoftwareGpu.start();
    try {
      for (int seed = 1; seed <= 2; seed++) {
        gpu.seed(seed);
        for (DType dtype : CudaParity.TYPES) {
          check(dtype, packed(1, 2, 1, 70, 140, size, true, 0, 0.25), true);
          check(dtype, packed(1, 2, 1, 2, 140, size, true, 0, 0.25), true);
          var cache = new CachedAttention(2, 1, 2, 140, size, true, 0, "70 0");
          Tolerance tolerance = Tolerance.of(dtype, dtype == DType.F32 ? 140 + size : 1);
          CudaParity.check(dtype, cache.toString(), tolerance, cache, cache.operands());
        }
      }
    } finally {
      gpu.seed(0);
    }
  }

  @Test
  void refusesWhatTheKernelsDoNotKnow() {
    var wide =
        assertThrows(
            IllegalArgumentException.class, () -> call(packed(1, 1, 1, 9, 9, 257, true, 0, 0)));
    assertEquals("head size 257: attention on a card knows up to 256", wide.getMessage());
    var cache =
        assertThrows(
            IllegalArgumentException.class, () -> call(packed(1, 1, 1, 1, 9, 257, true, 0, 0)));
    assertEquals(wide.getMessage(), cache.getMessage());
    var scale =
        assertThrows(
            IllegalArgumentException.class,
            () -> call(new AttentionShape(1, 1, 1, 1, 8, 8, 8, 8, 8, -1, true, 0, 0, 0)));
    assertEquals("attention on a card needs a scale above 0, not -1.0", scale.getMessage());
    var dropout =
        assertThrows(
            IllegalArgumentException.class, () -> call(packed(1, 1, 1, 9, 9, 8, true, 0, 1)));
    assertEquals("dropout probability 1.0 is not in [0, 1)", dropout.getMessage());
  }

  private static void call(AttentionShape s) {
    Backend gpu = CudaParity.gpu();
    Span x = Span.of(gpu.allocate(1 << 16), DType.F32);
    try {
      gpu.attention().attention(s, x, x, x, null, x, x);
    } finally {
      x.buffer().free("test");
    }
  }

  private static void checkAll(
      int batch,
      int heads,
      int keyHeads,
      int queries,
      int keys,
      int size,
      boolean causal,
      int window) {
    for (DType dtype : CudaParity.TYPES) {
      check(dtype, packed(batch, heads, keyHeads, queries, keys, size, causal, window, 0), false);
      check(dtype, packed(batch, heads, keyHeads, queries, keys, size, causal, window, 0.25), true);
    }
  }

  /** Queries, keys and values in rows of three times the heads' width, with rows to spare. */
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

  private static void check(DType dtype, AttentionShape s, boolean masked) {
    int queries = extent(s.batch(), s.queryLength(), s.queryBatchStride(), s.queryRowStride(), s);
    int keys = extent(s.batch(), s.keyLength(), s.keyBatchStride(), s.keyRowStride(), s);
    int rows = s.batch() * s.heads() * s.queryLength();
    int outs = rows * s.headSize();
    byte[] mask = null;
    if (masked) {
      mask = new byte[s.batch() * s.keyLength()];
      for (int i = 0; i < mask.length; i++) {
        // The first batch's first keys are hidden, so that some causal rows see nothing.
        mask[i] = (byte) (i < 2 || i % 5 == 3 ? 0 : 1);
      }
    }
    CudaParity.check(
        dtype,
        s + (masked ? " masked" : ""),
        tolerance(dtype, s),
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
        new Rounded(DType.F32, new float[rows]),
        normal(outs, 4),
        new float[queries],
        new float[keys],
        new float[keys]);
  }

  /**
   * F16 and BF16 are summed in F32, so that the length of sums does not count: what is rounded to
   * them are the weights and their gradients, whose errors average out in the weighted sums, and
   * the result.
   */
  private static Tolerance tolerance(DType dtype, AttentionShape s) {
    return Tolerance.of(dtype, dtype == DType.F32 ? s.keyLength() + s.headSize() : 1);
  }

  private static int extent(
      int batch, int length, long batchStride, long rowStride, AttentionShape s) {
    return Math.toIntExact(
        (batch - 1) * batchStride + (length - 1) * rowStride + (long) s.heads() * s.headSize());
  }
}
