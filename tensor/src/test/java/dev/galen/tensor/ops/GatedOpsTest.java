package dev.galen.tensor.ops;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.galen.tensor.Autograd;
import dev.galen.tensor.DType;
import dev.galen.tensor.Device;
import dev.galen.tensor.Shape;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.Tensors;
import dev.galen.tensor.backend.Unary;
import dev.galen.tensor.random.Philox;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** One pass gives what the operations that it replaces give, values and gradients. */
class GatedOpsTest {
  private static Tensor random(long seed, int... dims) {
    return Tensors.uniform(Device.REFERENCE, DType.F64, Shape.of(dims), 0.2, 1.2, new Philox(seed));
  }

  private static void assertSame(
      Function<List<Tensor>, Tensor> expected,
      Function<List<Tensor>, Tensor> actual,
      int[]... shapes) {
    var results = new double[2][][];
    for (int way = 0; way < 2; way++) {
      var leaves = new Tensor[shapes.length];
      for (int i = 0; i < leaves.length; i++) {
        leaves[i] = random(i + 1, shapes[i]).requireGrad();
      }
      Tensor y = (way == 0 ? expected : actual).apply(List.of(leaves));
      y.mul(random(99, y.shape().toArray())).sum().backward();
      results[way] = new double[leaves.length + 1][];
      results[way][leaves.length] = y.toDoubles();
      for (int i = 0; i < leaves.length; i++) {
        results[way][i] = leaves[i].grad().toDoubles();
      }
    }
    for (int i = 0; i < results[0].length; i++) {
      assertArrayEquals(results[0][i], results[1][i], 1e-12, "input " + i);
    }
  }

  @ParameterizedTest
  @EnumSource(Unary.class)
  void gatesAnyFunction(Unary f) {
    int[] shape = {2, 3, 5};
    assertSame(
        in -> in.get(0).map(f).mul(in.get(1)),
        in -> GatedOp.apply(in.get(0), in.get(1), f),
        shape,
        shape);
    assertSame(
        in -> in.get(0).slice(2, 0, 5).map(f).mul(in.get(0).slice(2, 5, 10)),
        in -> GatedOp.packed(in.get(0), f),
        new int[] {2, 3, 10});
  }

  @Test
  void aTensorMayGateItself() {
    assertSame(
        in -> in.get(0).map(Unary.SILU).mul(in.get(0)),
        in -> GatedOp.apply(in.get(0), in.get(0), Unary.SILU),
        new int[] {3, 4});
  }

  private static Tensor layers(Tensor x, Tensor gate, Tensor up, Tensor down) {
    Tensor g = LinearOp.apply(x, gate, null, true).map(Unary.SILU);
    return LinearOp.apply(g.mul(LinearOp.apply(x, up, null, true)), down, null, true);
  }

  @Test
  void theFeedForwardPartIsThreeLayersAroundIt() {
    assertSame(
        in -> layers(in.get(0), in.get(1), in.get(2), in.get(3)),
        in ->
            GatedFeedForwardOp.apply(in.get(0), in.get(1), in.get(2), Unary.SILU, in.get(3), true),
        new int[] {2, 3, 5},
        new int[] {7, 5},
        new int[] {7, 5},
        new int[] {4, 7});
    assertSame(
        in -> layers(in.get(0), in.get(1).slice(0, 0, 7), in.get(1).slice(0, 7, 14), in.get(2)),
        in -> GatedFeedForwardOp.packed(in.get(0), in.get(1), Unary.SILU, in.get(2), true),
        new int[] {2, 3, 5},
        new int[] {14, 5},
        new int[] {4, 7});
  }

  /** With some weights frozen the others get the same; without any its memory is used again. */
  @Test
  void theFeedForwardPartNeedsNoGradients() {
    Tensor x = random(1, 3, 5);
    Tensor gate = random(2, 7, 5);
    Tensor up = random(3, 7, 5);
    Tensor both = ConcatOp.apply(0, gate, up);
    double[] expected = layers(x, gate, up, random(4, 4, 7)).toDoubles();
    Tensor down = random(4, 4, 7);
    assertArrayEquals(
        expected, GatedFeedForwardOp.apply(x, gate, up, Unary.SILU, down, true).toDoubles(), 1e-12);
    assertArrayEquals(
        expected, GatedFeedForwardOp.packed(x, both, Unary.SILU, down, true).toDoubles(), 1e-12);
    try (var off = Autograd.noGrad()) {
      assertArrayEquals(
          expected,
          GatedFeedForwardOp.apply(x, gate, up, Unary.SILU, down.requireGrad(), true).toDoubles(),
          1e-12);
    }
    GatedFeedForwardOp.apply(x, gate, up, Unary.SILU, down, true).sum().backward();
    double[] alone = down.grad().toDoubles();
    Tensor other = random(4, 4, 7).requireGrad();
    layers(x, gate, up, other).sum().backward();
    assertArrayEquals(other.grad().toDoubles(), alone, 1e-12);
  }

  @Test
  void otherShapesAreRefused() {
    var gated =
        assertThrows(
            IllegalArgumentException.class,
            () -> GatedOp.apply(random(1, 2, 3), random(2, 2, 4), Unary.SILU));
    assertEquals("gated needs two tensors [..., n], got [2, 3] and [2, 4]", gated.getMessage());
    var odd =
        assertThrows(
            IllegalArgumentException.class, () -> GatedOp.packed(random(1, 2, 3), Unary.SILU));
    assertEquals("gated needs gate and up side by side, [..., 2 n], got [2, 3]", odd.getMessage());
    var layers =
        assertThrows(
            IllegalArgumentException.class,
            () ->
                GatedFeedForwardOp.packed(
                    random(1, 2, 3), random(2, 5, 3), Unary.SILU, random(3, 3, 2), true));
    assertEquals(
        "gatedFeedForward of input [2, 3] with weights [5, 3] of gate and up, and [3, 2]"
            + " ([out, in])",
        layers.getMessage());
  }
}
