package dev.galen.tensor.ops;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import dev.galen.tensor.DType;
import dev.galen.tensor.Device;
import dev.galen.tensor.Shape;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.Tensors;
import dev.galen.tensor.random.Philox;
import org.junit.jupiter.api.Test;

/** Shared keys and windows mean what attention without them computes of repeated or fewer keys. */
class AttentionOptionsTest {
  private static final int BATCH = 2;
  private static final int TIME = 5;
  private static final int SIZE = 3;

  private static Tensor heads(int count, long seed) {
    Shape shape = Shape.of(BATCH, TIME, count * SIZE);
    return Tensors.normal(Device.REFERENCE, DType.F64, shape, 0, 1, new Philox(seed));
  }

  @Test
  void neighbouringHeadsShareKeys() {
    Tensor q = heads(4, 1);
    Tensor k = heads(2, 2);
    Tensor v = heads(2, 3);
    var own = AttentionOp.Options.causal(SIZE);
    var shared = own.withKeyHeads(2);
    double[] expected = AttentionOp.apply(q, twice(k), twice(v), 4, own).toDoubles();
    assertArrayEquals(expected, AttentionOp.apply(q, k, v, 4, shared).toDoubles());
    Tensor qkv = ConcatOp.apply(2, q, k, v);
    assertArrayEquals(expected, AttentionOp.packed(qkv, 4, shared).toDoubles());
    Tensor none = Tensors.of(Device.REFERENCE, new int[BATCH], BATCH);
    Tensor keys = Tensors.emptyLike(k);
    Tensor values = Tensors.emptyLike(v);
    assertArrayEquals(expected, AttentionOp.cached(qkv, keys, values, none, 4, shared).toDoubles());
  }

  /** Each of two heads two times. */
  private static Tensor twice(Tensor x) {
    Tensor first = x.slice(2, 0, SIZE);
    Tensor second = x.slice(2, SIZE, 2 * SIZE);
    return ConcatOp.apply(2, first, first, second, second);
  }

  @Test
  void aWindowEndsWhatAQuerySees() {
    Tensor q = heads(1, 1);
    Tensor k = heads(1, 2);
    Tensor v = heads(1, 3);
    var causal = AttentionOp.Options.causal(SIZE);
    var full = new AttentionOp.Options(causal.scale(), false, null, 0, null);
    Tensor behind = AttentionOp.apply(q, k, v, 1, causal.withWindow(3));
    Tensor around = AttentionOp.apply(q, k, v, 1, full.withWindow(2));
    Tensor packed =
        AttentionOp.packed(ConcatOp.apply(2, q, k, v), 1, causal.withWindow(3).withKeyHeads(1));
    for (int i = 0; i < TIME; i++) {
      double[] expected = seen(q, k, v, i, Math.max(0, i - 2), i + 1, full);
      assertArrayEquals(expected, row(behind, i));
      assertArrayEquals(expected, row(packed, i));
      int end = Math.min(TIME, i + 2);
      assertArrayEquals(seen(q, k, v, i, Math.max(0, i - 1), end, full), row(around, i));
    }
  }

  /** Query {@code i} over the keys from {@code first} to {@code end} alone. */
  private static double[] seen(
      Tensor q, Tensor k, Tensor v, int i, int first, int end, AttentionOp.Options full) {
    return AttentionOp.apply(
            q.slice(1, i, i + 1), k.slice(1, first, end), v.slice(1, first, end), 1, full)
        .toDoubles();
  }

  private static double[] row(Tensor x, int i) {
    return x.slice(1, i, i + 1).toDoubles();
  }
}
