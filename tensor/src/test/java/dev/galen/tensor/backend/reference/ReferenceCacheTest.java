package dev.galen.tensor.backend.reference;

import static dev.galen.tensor.backend.reference.Spans.assertClose;
import static dev.galen.tensor.backend.reference.Spans.assertValues;
import static dev.galen.tensor.backend.reference.Spans.f64;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.galen.tensor.backend.AttentionShape;
import dev.galen.tensor.backend.Span;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Attention over a cache, against attention over the same keys. */
class ReferenceCacheTest {
  private final ReferenceAttention attention = new ReferenceAttention();

  /** Query, key and value of new positions side by side, caches contiguous. */
  private static AttentionShape shape(
      int batch,
      int heads,
      int keyHeads,
      int time,
      int capacity,
      int size,
      boolean causal,
      int window,
      double dropout) {
    long width = (long) keyHeads * size;
    long row = (long) heads * size + 2 * width;
    return new AttentionShape(
        batch,
        heads,
        keyHeads,
        time,
        capacity,
        size,
        time * row,
        row,
        capacity * width,
        width,
        0.6,
        causal,
        window,
        dropout,
        0,
        0);
  }

  private static Span from(Span span, long start) {
    return span.slice(start, span.length() - start);
  }

  /**
   * What a cache had and what is new, put together by hand, give what a cache gives; its other rows
   * stay as they are, NaN here, and reach nothing.
   */
  @ParameterizedTest
  @CsvSource({"2, 2, 1, true, 0", "4, 2, 3, true, 0", "2, 1, 2, true, 2", "2, 2, 3, false, 0"})
  void aCacheGivesWhatAllOfItsKeysGive(
      int heads, int keyHeads, int time, boolean causal, int window) {
    int size = 3;
    int capacity = 9;
    int c = heads * size;
    int width = keyHeads * size;
    int row = c + 2 * width;
    var shape = shape(3, heads, keyHeads, time, capacity, size, causal, window, 0);
    int[] lengths = {0, 4, capacity - time};
    Span qkv = f64(Spans.random(3 * time * row, 1));
    double[][] caches = {
      Spans.random(3 * capacity * width, 2), Spans.random(3 * capacity * width, 3)
    };
    Span[] spans = new Span[2];
    for (int part = 0; part < 2; part++) {
      for (int b = 0; b < 3; b++) {
        int from = (b * capacity + lengths[b]) * width;
        Arrays.fill(caches[part], from, (b + 1) * capacity * width, Double.NaN);
      }
      spans[part] = f64(caches[part]);
    }
    Span out = Spans.fresh(3 * time * c);
    attention.attentionWithCache(
        shape,
        qkv,
        from(qkv, c),
        from(qkv, c + width),
        Spans.i32(0, 4, capacity - time),
        spans[0],
        spans[1],
        out);
    for (int b = 0; b < 3; b++) {
      int keys = lengths[b] + time;
      double[][] whole = new double[2][];
      for (int part = 0; part < 2; part++) {
        for (int i = 0; i < time; i++) {
          double[] added = Values.read(qkv, (long) (b * time + i) * row + c + part * width, width);
          System.arraycopy(added, 0, caches[part], (b * capacity + lengths[b] + i) * width, width);
        }
        int first = b * capacity * width;
        whole[part] = Arrays.copyOfRange(caches[part], first, first + keys * width);
      }
      Span expected = Spans.fresh(time * c);
      attention.attention(
          shape.with(1, keys),
          from(qkv, (long) b * time * row),
          f64(whole[0]),
          f64(whole[1]),
          null,
          expected,
          Spans.fresh(heads * time));
      assertValues(out.slice((long) b * time * c, (long) time * c), Values.read(expected));
    }
    assertValues(spans[0], caches[0]);
    assertValues(spans[1], caches[1]);
  }

  @Test
  void readsOnlyTheFilledPartOfACache() {
    // Capacity 4, two rows filled, the rest NaN.
    AttentionShape s = new AttentionShape(2, 1, 1, 2, 1, 1, 1, 4, 1, 1, true, 0, 0, 0);
    double nan = Double.NaN;
    Span keys = f64(0, 0, nan, nan, 0, Math.log(3), nan, nan);
    Span values = f64(2, 4, nan, nan, 2, 4, nan, nan);
    Span out = Spans.fresh(2);
    Span logSumExp = Spans.fresh(2);
    attention.attention(s, f64(1, 1), keys, values, null, out, logSumExp);
    assertClose(new double[] {3, 3.5}, out);
    assertClose(new double[] {Math.log(2), Math.log(4)}, logSumExp);
  }

  @Test
  void refusesWhatACacheCannotTake() {
    AttentionShape s = shape(2, 1, 1, 2, 5, 3, true, 0, 0);
    refusesCache(
        IndexOutOfBoundsException.class,
        "length 4 of sequence 1 leaves no room for 2 more in a cache of 5",
        s,
        Spans.i32(3, 4));
    refusesCache(
        IndexOutOfBoundsException.class,
        "length -1 of sequence 0 leaves no room for 2 more in a cache of 5",
        s,
        Spans.i32(-1, 0));
    refusesCache(
        IllegalArgumentException.class,
        "6 new positions do not fit a cache of 5",
        shape(2, 1, 1, 6, 5, 3, true, 0, 0),
        Spans.i32(0, 0));
    refusesCache(
        IllegalArgumentException.class,
        "attention over a cache has no dropout, got probability 0.5",
        shape(2, 1, 1, 2, 5, 3, true, 0, 0.5),
        Spans.i32(0, 0));
    refusesCache(
        IllegalArgumentException.class, "lengths must be I32, not F64", s, Spans.f64(0, 0));
  }

  private void refusesCache(
      Class<? extends Exception> type, String message, AttentionShape s, Span lengths) {
    Span x = Spans.fresh(100);
    var thrown =
        assertThrows(
            type, () -> attention.attentionWithCache(s, x, x, x, lengths, x, x, Spans.fresh(100)));
    assertEquals(message, thrown.getMessage());
  }
}
