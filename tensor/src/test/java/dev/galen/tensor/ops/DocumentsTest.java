package dev.galen.tensor.ops;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.galen.tensor.DType;
import dev.galen.tensor.Device;
import dev.galen.tensor.Shape;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.Tensors;
import dev.galen.tensor.random.Philox;
import org.junit.jupiter.api.Test;

/** Texts side by side in a row attend as each does alone. */
class DocumentsTest {
  private static final int SIZE = 3;
  private static final int[] LENGTHS = {2, 4, 1, 7};

  private static Tensor random(int channels, long seed) {
    Shape shape = Shape.of(2, 7, channels);
    return Tensors.normal(Device.REFERENCE, DType.F64, shape, 0, 1, new Philox(seed));
  }

  @Test
  void eachAttendsAsAlone() {
    Tensor q = random(4 * SIZE, 1).requireGrad();
    Tensor k = random(2 * SIZE, 2).requireGrad();
    Tensor v = random(2 * SIZE, 3).requireGrad();
    Tensor weights = random(4 * SIZE, 4);
    byte[] mask = {1, 1, 0, 1, 1, 1, 1, 1, 1, 0, 1, 1, 1, 1};
    Tensor mask_BT = Tensors.of(q.backend(), mask, 2, 7);
    var options =
        new AttentionOp.Options(0.6, true, mask_BT, 0, null)
            .withDocuments(new Documents(LENGTHS))
            .withKeyHeads(2)
            .withWindow(3);
    Tensor y = AttentionOp.apply(q, k, v, 4, options);
    y.mul(weights).sum().backward();
    Tensor qkv = ConcatOp.apply(2, q, k, v).detach();
    assertArrayEquals(y.toDoubles(), AttentionOp.packed(qkv, 4, options).toDoubles());
    int row = 0;
    for (int length : LENGTHS) {
      int b = row / 7;
      int from = row % 7;
      Tensor ownQ = part(q, b, from, length);
      Tensor ownK = part(k, b, from, length);
      Tensor ownV = part(v, b, from, length);
      Tensor ownMask = mask_BT.slice(0, b, b + 1).slice(1, from, from + length).contiguous();
      var alone =
          new AttentionOp.Options(0.6, true, ownMask, 0, null).withKeyHeads(2).withWindow(3);
      Tensor ownY = AttentionOp.apply(ownQ, ownK, ownV, 4, alone);
      ownY.mul(part(weights, b, from, length)).sum().backward();
      assertSame(part(y, b, from, length), ownY);
      assertSame(part(q.grad(), b, from, length), ownQ.grad());
      assertSame(part(k.grad(), b, from, length), ownK.grad());
      assertSame(part(v.grad(), b, from, length), ownV.grad());
      row += length;
    }
  }

  private static Tensor part(Tensor x, int b, int from, int length) {
    Tensor part = x.detach().slice(0, b, b + 1).slice(1, from, from + length).contiguous();
    return part.mul(1).detach().requireGrad();
  }

  private static void assertSame(Tensor expected, Tensor actual) {
    assertArrayEquals(expected.toDoubles(), actual.toDoubles());
  }

  /** Dropout of a document is drawn behind that of those before it. */
  @Test
  void dropoutIsThatOfOneAfterTheOther() {
    Tensor qkv = random(3 * SIZE, 5);
    var documents = new Documents(LENGTHS);
    var random = new Philox(9);
    Tensor y =
        AttentionOp.packed(
            qkv, 1, new AttentionOp.Options(1, true, null, 0.5, random).withDocuments(documents));
    var again = new Philox(9);
    int row = 0;
    for (int length : LENGTHS) {
      Tensor own = part(qkv, row / 7, row % 7, length);
      var options = new AttentionOp.Options(1, true, null, 0.5, again);
      assertSame(part(y, row / 7, row % 7, length), AttentionOp.packed(own, 1, options));
      row += length;
    }
    assertEquals(again.offset(), random.offset());
  }

  @Test
  void theyFillRows() {
    assertArrayEquals(new int[] {0, 1, 0, 0, 1, 2}, new Documents(new int[] {2, 1, 3}).positions());
    assertThrows(IllegalArgumentException.class, () -> new Documents(new int[] {2, 0}));
    Tensor qkv = random(3, 1);
    for (int[] lengths : new int[][] {{7}, {5, 3, 6}, {7, 7, 1}, {}}) {
      var options = AttentionOp.Options.causal(1).withDocuments(new Documents(lengths));
      assertThrows(IllegalArgumentException.class, () -> AttentionOp.packed(qkv, 1, options));
    }
    var options = AttentionOp.Options.causal(1).withDocuments(new Documents(new int[] {7, 7}));
    Tensor keys = Tensors.full(qkv.backend(), DType.F64, Shape.of(2, 9, 1), 0);
    assertThrows(
        IllegalArgumentException.class,
        () -> AttentionOp.apply(keys.slice(1, 0, 7), keys, keys, 1, options));
    Tensor none = Tensors.of(Device.REFERENCE, new int[2], 2);
    assertThrows(
        IllegalArgumentException.class,
        () -> AttentionOp.cached(qkv, keys, keys, none, 1, options));
    Tensor bias = Tensors.full(qkv.backend(), DType.F64, Shape.of(13, 1), 0);
    assertThrows(
        IllegalArgumentException.class,
        () -> AttentionOp.packed(qkv, 1, options.withDistanceBias(bias)));
  }
}
