package dev.galen.tensor.backend.reference;

import static dev.galen.tensor.backend.reference.Spans.assertClose;
import static dev.galen.tensor.backend.reference.Spans.assertValues;
import static dev.galen.tensor.backend.reference.Spans.f64;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.galen.tensor.DType;
import dev.galen.tensor.backend.AttentionShape;
import dev.galen.tensor.backend.Span;
import dev.galen.tensor.random.Philox;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReferenceAttentionTest {
  private static final long SEED = 99;
  private static final long OFFSET = 1000;

  private final ReferenceAttention attention = new ReferenceAttention();

  /** Queries [B, Tq, C] and keys [B, Tk, C], each contiguous. */
  private static AttentionShape plain(
      int batch, int heads, int tq, int tk, int size, boolean causal, double dropout) {
    int c = heads * size;
    return new AttentionShape(
        batch,
        heads,
        tq,
        tk,
        size,
        (long) tq * c,
        c,
        (long) tk * c,
        c,
        1 / Math.sqrt(size),
        causal,
        dropout,
        SEED,
        OFFSET);
  }

  /** Queries, keys and values side by side in rows of {@code row} elements. */
  private static AttentionShape packed(AttentionShape s, int row) {
    return new AttentionShape(
        s.batch(),
        s.heads(),
        s.queryLength(),
        s.keyLength(),
        s.headSize(),
        (long) s.queryLength() * row,
        row,
        (long) s.keyLength() * row,
        row,
        s.scale(),
        s.causal(),
        s.dropout(),
        s.seed(),
        s.offset());
  }

  /** What a forward pass gives. */
  private static final class Result {
    private final double[] out;
    private final double[] logSumExp;

    Result(double[] out, double[] logSumExp) {
      this.out = out;
      this.logSumExp = logSumExp;
    }
  }

  private Result forward(AttentionShape s, double[] q, double[] k, double[] v, Span mask) {
    Span out = Spans.fresh(s.batch() * s.queryLength() * s.heads() * s.headSize());
    Span logSumExp = Spans.fresh(s.batch() * s.heads() * s.queryLength());
    attention.attention(s, f64(q), f64(k), f64(v), mask, out, logSumExp);
    return new Result(Values.read(out), Values.read(logSumExp));
  }

  /** The gradients of q, k and v, one after the other. */
  private double[][] backward(
      AttentionShape s, double[] q, double[] k, double[] v, Span mask, double[] dOut) {
    Result result = forward(s, q, k, v, mask);
    Span dQ = Spans.fresh(q.length);
    Span dK = Spans.fresh(k.length);
    Span dV = Spans.fresh(v.length);
    attention.attentionBackward(
        s,
        f64(q),
        f64(k),
        f64(v),
        mask,
        f64(result.out),
        f64(result.logSumExp),
        f64(dOut),
        dQ,
        dK,
        dV);
    return new double[][] {Values.read(dQ), Values.read(dK), Values.read(dV)};
  }

  /** Softmax of the whole matrix of scores, then dropout, then the product: nothing fused. */
  private static Result unfused(
      AttentionShape s, double[] q, double[] k, double[] v, double[] mask) {
    int c = s.heads() * s.headSize();
    var out = new double[s.batch() * s.queryLength() * c];
    var logSumExp = new double[s.batch() * s.heads() * s.queryLength()];
    int n = 0;
    for (int row = 0; row < logSumExp.length; row++) {
      int i = row % s.queryLength();
      int h = row / s.queryLength() % s.heads();
      int b = row / s.queryLength() / s.heads();
      int at = (b * s.queryLength() + i) * c + h * s.headSize();
      var e = new double[s.keyLength()];
      double total = 0;
      for (int j = 0; j < e.length; j++) {
        double score = 0;
        for (int d = 0; d < s.headSize(); d++) {
          score += q[at + d] * k[(b * s.keyLength() + j) * c + h * s.headSize() + d];
        }
        int ahead = j - i - (s.keyLength() - s.queryLength());
        boolean future = s.causal() && ahead > 0;
        boolean far = s.window() > 0 && Math.abs(ahead) >= s.window();
        boolean hidden = mask != null && mask[b * s.keyLength() + j] == 0;
        e[j] = future || far || hidden ? 0 : Math.exp(score * s.scale());
        total += e[j];
      }
      logSumExp[row] = Math.log(total);
      for (int j = 0; j < e.length; j++, n++) {
        double u = Philox.uniform(Philox.word(s.seed(), s.offset() + n / 4, n % 4));
        if (total > 0 && u >= (float) s.dropout()) {
          for (int d = 0; d < s.headSize(); d++) {
            out[at + d] +=
                e[j]
                    / total
                    * (float) (1 / (1 - s.dropout()))
                    * v[(b * s.keyLength() + j) * c + h * s.headSize() + d];
          }
        }
      }
    }
    return new Result(out, logSumExp);
  }

  private static double[] mask(AttentionShape s) {
    double[] mask = Spans.random(s.batch() * s.keyLength(), 17);
    return Arrays.stream(mask).map(x -> x < 0.5 ? 1 : 0).toArray();
  }

  @ParameterizedTest
  @CsvSource({
    "1, 1, 1, 1, 1, true,  false, 0",
    "2, 3, 5, 5, 3, true,  false, 0",
    "2, 3, 5, 5, 3, false, true,  0",
    "1, 2, 4, 7, 5, true,  true,  0",
    "2, 1, 1, 6, 4, true,  false, 0.3",
    "2, 2, 7, 3, 2, true,  false, 0",
    "2, 2, 3, 5, 4, true,  true,  0.5",
    "1, 3, 6, 6, 1, false, false, 0.1",
  })
  void agreesWithTheUnfusedCompositionAndDifferences(
      int batch, int heads, int tq, int tk, int size, boolean causal, boolean masked, double p) {
    AttentionShape s = plain(batch, heads, tq, tk, size, causal, p);
    double[] q = Spans.random(batch * tq * heads * size, 1);
    double[] k = Spans.random(batch * tk * heads * size, 2);
    double[] v = Spans.random(batch * tk * heads * size, 3);
    double[] mask = masked ? mask(s) : null;
    Span maskSpan = masked ? Spans.of(DType.BOOL, mask) : null;

    Result expected = unfused(s, q, k, v, mask);
    Result actual = forward(s, q, k, v, maskSpan);
    assertClose(expected.out, actual.out, Spans.F64_TOLERANCE);
    assertClose(expected.logSumExp, actual.logSumExp, Spans.F64_TOLERANCE);

    double[] dOut = Spans.random(q.length, 4);
    double[][] gradients = backward(s, q, k, v, maskSpan, dOut);
    double[][] differences = {
      FiniteDifferences.gradient(
          x -> FiniteDifferences.dot(unfused(s, x, k, v, mask).out, dOut), q),
      FiniteDifferences.gradient(
          x -> FiniteDifferences.dot(unfused(s, q, x, v, mask).out, dOut), k),
      FiniteDifferences.gradient(
          x -> FiniteDifferences.dot(unfused(s, q, k, x, mask).out, dOut), v),
    };
    for (int i = 0; i < 3; i++) {
      assertClose(differences[i], gradients[i], FiniteDifferences.TOLERANCE);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "4, 2, 5, 5, true,  0, 0",
    "2, 2, 6, 6, true,  2, 0",
    "3, 1, 4, 7, false, 3, 0.3",
    "4, 1, 7, 3, true,  2, 0.5",
  })
  void sharedHeadsAndAWindowAgreeWithRepeatedKeysAndDifferences(
      int heads, int keyHeads, int tq, int tk, boolean causal, int window, double p) {
    int size = 3;
    int group = heads / keyHeads;
    AttentionShape s = windowed(plain(2, heads, tq, tk, size, causal, p), keyHeads, window);
    AttentionShape repeated = windowed(plain(2, heads, tq, tk, size, causal, p), heads, window);
    double[] q = Spans.random(2 * tq * heads * size, 1);
    double[] k = Spans.random(2 * tk * keyHeads * size, 2);
    double[] v = Spans.random(2 * tk * keyHeads * size, 3);
    double[] dOut = Spans.random(q.length, 4);

    double[] keys = repeat(k, size, group);
    double[] values = repeat(v, size, group);
    Result expected = unfused(repeated, q, keys, values, null);
    Result actual = forward(s, q, k, v, null);
    assertClose(expected.out, actual.out, Spans.F64_TOLERANCE);
    assertClose(expected.logSumExp, actual.logSumExp, Spans.F64_TOLERANCE);

    double[][] gradients = backward(s, q, k, v, null, dOut);
    double[][] differences = {
      FiniteDifferences.gradient(
          x -> FiniteDifferences.dot(unfused(repeated, x, keys, values, null).out, dOut), q),
      FiniteDifferences.gradient(
          x ->
              FiniteDifferences.dot(
                  unfused(repeated, q, repeat(x, size, group), values, null).out, dOut),
          k),
      FiniteDifferences.gradient(
          x ->
              FiniteDifferences.dot(
                  unfused(repeated, q, keys, repeat(x, size, group), null).out, dOut),
          v),
    };
    for (int i = 0; i < 3; i++) {
      assertClose(differences[i], gradients[i], FiniteDifferences.TOLERANCE);
    }
  }

  /** The same with fewer heads of keys, whose rows are as much shorter, and a window. */
  private static AttentionShape windowed(AttentionShape s, int keyHeads, int window) {
    long c = (long) keyHeads * s.headSize();
    return new AttentionShape(
        s.batch(),
        s.heads(),
        keyHeads,
        s.queryLength(),
        s.keyLength(),
        s.headSize(),
        s.queryBatchStride(),
        s.queryRowStride(),
        s.keyLength() * c,
        c,
        s.scale(),
        s.causal(),
        window,
        s.dropout(),
        s.seed(),
        s.offset());
  }

  /** Each head of {@code size} elements {@code group} times. */
  private static double[] repeat(double[] x, int size, int group) {
    var repeated = new double[x.length * group];
    for (int i = 0; i < repeated.length; i++) {
      repeated[i] = x[i / (size * group) * size + i % size];
    }
    return repeated;
  }

  @Test
  void refusesHeadsThatDoNotShareEvenly() {
    var thrown =
        assertThrows(
            IllegalArgumentException.class, () -> windowed(plain(1, 4, 1, 1, 2, true, 0), 3, 0));
    assertEquals("4 heads cannot share 3 heads of keys", thrown.getMessage());
  }

  /** PyTorch's [B, H, T, D] as [B, T, H, D]. */
  private static double[] rows(String name, int heads, int time, int size) {
    double[] values = PyTorch.get(name);
    var rows = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      int d = i % size;
      int t = i / size % time;
      int h = i / size / time % heads;
      int b = i / size / time / heads;
      rows[((b * time + t) * heads + h) * size + d] = values[i];
    }
    return rows;
  }

  @Test
  void agreesWithPyTorch() {
    AttentionShape s = plain(2, 2, 3, 5, 4, true, 0);
    double[] q = rows("attention.q", 2, 3, 4);
    double[] k = rows("attention.k", 2, 5, 4);
    double[] v = rows("attention.v", 2, 5, 4);
    Span mask = Spans.of(DType.U8, PyTorch.get("attention.mask"));
    assertClose(PyTorch.get("attention.out"), forward(s, q, k, v, mask).out, Spans.F64_TOLERANCE);
    double[][] gradients = backward(s, q, k, v, mask, PyTorch.get("attention.dOut"));
    assertClose(rows("attention.d_q", 2, 3, 4), gradients[0], Spans.F64_TOLERANCE);
    assertClose(rows("attention.d_k", 2, 5, 4), gradients[1], Spans.F64_TOLERANCE);
    assertClose(rows("attention.d_v", 2, 5, 4), gradients[2], Spans.F64_TOLERANCE);
  }

  @Test
  void packedRowsGiveTheSameBitsAndGapsStayAlone() {
    AttentionShape s = plain(2, 2, 3, 3, 2, true, 0.25);
    int c = 4;
    int row = 3 * c + 1;
    double[][] parts = {Spans.random(24, 1), Spans.random(24, 2), Spans.random(24, 3)};
    Span qkv = Spans.filled(DType.F64, 6 * row, Double.NaN);
    Span gradient = Spans.filled(DType.F64, 6 * row, -77);
    for (int i = 0; i < 6; i++) {
      for (int part = 0; part < 3; part++) {
        double[] values = Arrays.copyOfRange(parts[part], i * c, (i + 1) * c);
        Values.write(values, qkv, (long) i * row + (long) part * c);
      }
    }
    double[] dOut = Spans.random(24, 4);
    Result expected = forward(s, parts[0], parts[1], parts[2], null);
    double[][] gradients = backward(s, parts[0], parts[1], parts[2], null, dOut);

    AttentionShape strided = packed(s, row);
    Span out = Spans.fresh(24);
    Span logSumExp = Spans.fresh(12);
    attention.attention(
        strided, from(qkv, 0), from(qkv, c), from(qkv, 2L * c), null, out, logSumExp);
    assertValues(out, expected.out);
    assertValues(logSumExp, expected.logSumExp);
    attention.attentionBackward(
        strided,
        from(qkv, 0),
        from(qkv, c),
        from(qkv, 2L * c),
        null,
        out,
        logSumExp,
        f64(dOut),
        from(gradient, 0),
        from(gradient, c),
        from(gradient, 2L * c));
    for (int i = 0; i < 6; i++) {
      for (int part = 0; part < 3; part++) {
        assertValues(
            gradient.slice((long) i * row + (long) part * c, c),
            Arrays.copyOfRange(gradients[part], i * c, (i + 1) * c));
      }
      assertValues(gradient.slice((long) i * row + 3L * c, 1), -77);
    }
  }

  private static Span from(Span span, long start) {
    return span.slice(start, span.length() - start);
  }

  @Test
  void rowsThatSeeNoKeyGiveZeros() {
    // Three queries over one key: causally, only the last query sees it; in batch 1 nobody does.
    AttentionShape s = plain(2, 1, 3, 1, 2, true, 0);
    double[] q = Spans.random(12, 1);
    double[] k = {1, 2, Double.NaN, Double.NaN};
    double[] v = {5, 6, Double.NaN, Double.NaN};
    Span mask = Spans.of(DType.BOOL, 1, 0);
    Result result = forward(s, q, k, v, mask);
    assertClose(new double[] {0, 0, 0, 0, 5, 6, 0, 0, 0, 0, 0, 0}, result.out, 0);
    double none = Double.NEGATIVE_INFINITY;
    double seen = (q[4] + 2 * q[5]) / Math.sqrt(2);
    assertClose(
        new double[] {none, none, seen, none, none, none}, result.logSumExp, Spans.F64_TOLERANCE);

    double[][] gradients = backward(s, q, k, v, mask, Spans.random(12, 2));
    double[] dOut = Spans.random(12, 2);
    assertClose(new double[12], gradients[0], Spans.F64_TOLERANCE);
    assertClose(new double[4], gradients[1], Spans.F64_TOLERANCE);
    assertClose(new double[] {dOut[4], dOut[5], 0, 0}, gradients[2], Spans.F64_TOLERANCE);
  }

  @Test
  void refusesShortSpansAndStrangeMasks() {
    AttentionShape s = plain(1, 2, 3, 3, 2, true, 0);
    Span whole = Spans.fresh(12);
    Span sums = Spans.fresh(6);
    var keys =
        assertThrows(
            IllegalArgumentException.class,
            () -> attention.attention(s, whole, Spans.fresh(11), whole, null, whole, sums));
    assertEquals("k holds 11 elements, but the kernel needs 12", keys.getMessage());
    var mask =
        assertThrows(
            IllegalArgumentException.class,
            () -> attention.attention(s, whole, whole, whole, f64(1, 1, 1), whole, sums));
    assertEquals("keyMask must be U8 or BOOL, not F64", mask.getMessage());
  }
}
