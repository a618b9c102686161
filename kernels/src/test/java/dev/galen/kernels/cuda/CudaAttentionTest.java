package dev.galen.kernels.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.galen.kernels.AttentionCase;
import dev.galen.kernels.CachedAttention;
import dev.galen.kernels.KernelParity;
import dev.galen.tensor.DType;
import dev.galen.tensor.backend.AttentionShape;
import dev.galen.tensor.backend.Backend;
import dev.galen.tensor.backend.Span;
import dev.galen.tensor.testing.Tolerance;
import java.lang.foreign.MemorySegment;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Attention and its gradients on the software GPU against the reference, in each type. Each run has
 * its threads in another order and must give the same bits: a missing barrier shows.
 */
@Tag("software-gpu")
@Tag("gpu")
class CudaAttentionTest {
  static Stream<AttentionCase> all() {
    return AttentionCase.all();
  }

  static Stream<AttentionCase> fewQueries() {
    return AttentionCase.fewQueries();
  }

  @ParameterizedTest
  @MethodSource("all")
  void agrees(AttentionCase c) {
    for (DType dtype : CudaParity.TYPES) {
      check(dtype, c, c.both(0), false);
      check(dtype, c, c.both(0.25), true);
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void withABiasByDistanceAgrees(AttentionCase c) {
    for (DType dtype : CudaParity.TYPES) {
      boolean exact = dtype == DType.F32;
      RowsParity.check(
          dtype,
          c + ", bias, dropout and mask",
          Tolerance.of(dtype, exact ? (long) c.batch() * c.queries() * c.size() + c.keys() : 1),
          c.biased(0.25),
          c.biasedOperands(true));
    }
  }

  /** Split over the keys. Gradients, whose kernels are the same for any queries, are above. */
  @ParameterizedTest
  @MethodSource("fewQueries")
  void fewQueriesAgree(AttentionCase c) {
    for (DType dtype : CudaParity.TYPES) {
      check(dtype, c, c.forward(0), false);
      check(dtype, c, c.forward(0.25), true);
    }
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
      RowsParity.check(dtype, cache.toString(), tolerance, cache, cache.operands());
      RowsParity.check(dtype, cache + " with a bias", tolerance, cache, cache.biasedOperands());
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

  @Test
  void refusesWhatTheKernelsDoNotKnow() {
    var wide = assertThrows(IllegalArgumentException.class, () -> call(shape(9, 257, 0)));
    assertEquals("head size 257: attention on a GPU knows up to 256", wide.getMessage());
    var cache = assertThrows(IllegalArgumentException.class, () -> call(shape(1, 257, 0)));
    assertEquals(wide.getMessage(), cache.getMessage());
    var scale =
        assertThrows(
            IllegalArgumentException.class,
            () -> call(new AttentionShape(1, 1, 1, 1, 8, 8, 8, 8, 8, -1, true, 0, 0, 0)));
    assertEquals("attention on a GPU needs a scale above 0, not -1.0", scale.getMessage());
    var dropout = assertThrows(IllegalArgumentException.class, () -> call(shape(9, 8, 1)));
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

  private static AttentionShape shape(int queries, int size, double dropout) {
    return new AttentionCase(1, 1, 1, queries, 9, size, true, 0).shape(dropout);
  }

  private static void check(
      DType dtype, AttentionCase c, KernelParity.Call call, boolean droppedAndMasked) {
    RowsParity.check(
        dtype,
        c + (droppedAndMasked ? ", dropout and mask" : ""),
        tolerance(dtype, c),
        call,
        c.operands(droppedAndMasked));
  }

  /**
   * F16 and BF16 are summed in F32, so that the length of sums does not count: what is rounded to
   * them are the weights and their gradients, whose errors average out in the weighted sums, and
   * the result.
   */
  private static Tolerance tolerance(DType dtype, AttentionCase c) {
    return Tolerance.of(dtype, dtype == DType.F32 ? c.keys() + c.size() : 1);
  }
}
