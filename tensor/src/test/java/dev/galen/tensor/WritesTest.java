package dev.galen.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.galen.tensor.backend.UpdateRule;
import dev.galen.tensor.ops.ReduceOp;
import dev.galen.tensor.ops.SampleOp;
import dev.galen.tensor.random.Philox;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is written into tensors that are there, and asked of them, without a gradient. */
class WritesTest {
  private static Tensor matrix(float... values) {
    return Tensors.of(Device.REFERENCE, values, 2, values.length / 2);
  }

  @Test
  void aFillReachesEveryElementAndNoOther() {
    Tensor x = matrix(1, 2, 3, 4);
    Tensors.fill(x.slice(0, 1, 2), 7);
    assertArrayEquals(new float[] {1, 2, 7, 7}, x.toFloats());
  }

  @Test
  void aCopyFollowsBothLayoutsAndConverts() {
    Tensor to = Tensors.zeros(Device.REFERENCE, DType.I32, Shape.of(3, 2));
    Tensors.copy(matrix(1.5f, 2, 3, 4, 5, 6).transpose(0, 1), to);
    assertArrayEquals(new int[] {1, 4, 2, 5, 3, 6}, to.toInts());
  }

  @Test
  void aPutChangesOneElement() {
    Tensor to = matrix(1, 2, 3, 4);
    Tensors.put(Tensors.of(Device.REFERENCE, new float[] {9}), to, 2);
    assertArrayEquals(new float[] {1, 2, 9, 4}, to.toFloats());
  }

  @Test
  void normAndFiniteness() {
    assertEquals(30, ReduceOp.sumOfSquares(matrix(1, -2, 3, 4)));
    assertTrue(ReduceOp.allFinite(matrix(1, -2)));
    assertFalse(ReduceOp.allFinite(matrix(1, Float.NaN)));
    assertFalse(ReduceOp.allFinite(matrix(Float.NEGATIVE_INFINITY, 1)));
  }

  @Test
  void aRuleUpdatesInPlace() {
    Tensor p = Tensors.of(Device.REFERENCE, new float[] {1, 2}, 2);
    Tensor gradient = Tensors.of(Device.REFERENCE, new float[] {4, -8}, 2);
    Tensor momentum = Tensors.of(Device.REFERENCE, new float[] {2, 0}, 2);
    var rule = new UpdateRule.Sgd(0.25, 0.5, 0, 0.5);
    rule.update(p.backend(), p.span(), gradient.span(), List.of(momentum.span()));
    assertArrayEquals(new float[] {3, -4}, momentum.toFloats());
    assertArrayEquals(new float[] {0.25f, 3}, p.toFloats());
  }

  @Test
  void theLikeliestComesWithTheBitsOfItsLogit() {
    Tensor logits = matrix(1, 5, 5, -3, -2, -1);
    Tensor likeliest = SampleOp.likeliest(logits);
    assertEquals(Shape.of(2, 2), likeliest.shape());
    int[] bits = {Float.floatToIntBits(5), Float.floatToIntBits(-1)};
    assertArrayEquals(new int[] {1, 2, bits[0], bits[1]}, likeliest.toInts());
  }

  /** The same draw as by itself, from the same counters. */
  @Test
  void aDrawBesideTheLikeliestIsTheSameDraw() {
    Tensor logits = matrix(1, 1.5f, 1, 0.5f, 0, 0.2f);
    var random = new Philox(3);
    var beside = new Philox(3);
    for (int i = 0; i < 20; i++) {
      int[] drawn = SampleOp.apply(logits, 0.9, 3, 0.95, random).toInts();
      int[] all = SampleOp.withLikeliest(logits, 0.9, 3, 0.95, beside).toInts();
      assertEquals(6, all.length);
      assertArrayEquals(drawn, new int[] {all[4], all[5]});
      assertArrayEquals(new int[] {1, 0}, new int[] {all[0], all[1]});
    }
  }
}
