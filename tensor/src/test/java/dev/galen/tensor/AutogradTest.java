package dev.galen.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.galen.tensor.memory.MemoryScope;
import dev.galen.tensor.ops.DropoutOp;
import dev.galen.tensor.ops.LinearOp;
import dev.galen.tensor.ops.Recompute;
import dev.galen.tensor.random.Philox;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class AutogradTest {
  private static Tensor leaf(double... values) {
    return Tensors.of(Device.REFERENCE, values, values.length).requireGrad();
  }

  @Test
  void aTensorUsedManyTimesCollectsEveryGradient() {
    Tensor x = leaf(2, 3);
    Tensor y = x.mul(x).add(x).add(x.mul(4)); // y' = 2x + 5
    y.sum().backward();
    assertArrayEquals(new double[] {9, 11}, x.grad().toDoubles());
  }

  @Test
  void sharedGradientsAreNotChangedUnderEachOther() {
    Tensor x = leaf(1, 1);
    Tensor a = x.mul(2);
    Tensor b = a.add(a.mul(3)); // a's gradient starts as a shared view of b's
    Tensor c = b.add(a);
    c.sum().backward();
    assertArrayEquals(new double[] {10, 10}, x.grad().toDoubles());
  }

  @Test
  void gradientsAddUpOverBackwardPassesUntilZeroed() {
    Tensor x = leaf(1, 2);
    x.mul(3).sum().backward();
    x.mul(4).sum().backward();
    assertArrayEquals(new double[] {7, 7}, x.grad().toDoubles());
    x.zeroGrad();
    assertNull(x.grad());
    x.mul(5).sum().backward();
    assertArrayEquals(new double[] {5, 5}, x.grad().toDoubles());
  }

  @Test
  void nothingIsRecordedWithoutGrad() {
    Tensor x = leaf(1);
    try (var off = Autograd.noGrad()) {
      assertFalse(x.mul(2).requiresGrad());
    }
    assertTrue(x.mul(2).requiresGrad());
    assertFalse(x.detach().mul(2).requiresGrad());
  }

  @Test
  void aGraphIsWalkedOnce() {
    Tensor y = leaf(1).mul(2).sum();
    y.backward();
    assertThrows(IllegalStateException.class, y::backward);
  }

  @Test
  void onlyScalarsStartABackwardPass() {
    var error = assertThrows(IllegalStateException.class, () -> leaf(1, 2).mul(2).backward());
    assertTrue(error.getMessage().contains("[2]"), error.getMessage());
  }

  @Test
  void backwardFreesIntermediateGradientsAtOnce() {
    Tensor x = Tensors.of(Device.REFERENCE, new double[4096], 4096).requireGrad();
    x.gradStorage();
    try (var step = MemoryScope.open("step")) {
      Tensor y = x;
      for (int i = 0; i < 50; i++) {
        y = y.mul(1.01);
      }
      Tensor loss = y.sum();
      long before = x.backend().memory().live();
      loss.backward();
      long grown = x.backend().memory().live() - before;
      assertTrue(grown < 5 * 4096 * 8, "50 gradients were kept: " + grown + " bytes");
    }
  }

  @Test
  void parametersAndGradientsOutliveTheStep() {
    Tensor x = leaf(1, 2);
    try (var step = MemoryScope.open("step")) {
      x.mul(x).sum().backward();
    }
    assertArrayEquals(new double[] {2, 4}, x.grad().toDoubles());
  }

  @Test
  void recomputedBlocksGiveTheSameBits() {
    float[] plain = gradients(false);
    float[] recomputed = gradients(true);
    assertArrayEquals(plain, recomputed);
  }

  private static float[] gradients(boolean recompute) {
    var random = new Philox(3);
    Tensor weight =
        Tensors.normal(
                Device.REFERENCE,
                dev.galen.tensor.DType.F32,
                dev.galen.tensor.Shape.of(8, 8),
                0,
                0.5,
                new Philox(1))
            .requireGrad();
    Tensor x =
        Tensors.normal(
            Device.REFERENCE,
            dev.galen.tensor.DType.F32,
            dev.galen.tensor.Shape.of(4, 8),
            0,
            1,
            new Philox(2));
    UnaryOperator<Tensor> block =
        in -> DropoutOp.apply(LinearOp.apply(in, weight, null, false).gelu(), 0.25, random);
    try (var step = MemoryScope.open("step")) {
      Tensor y = x;
      for (int i = 0; i < 3; i++) {
        y = recompute ? Recompute.of(block, y, random) : block.apply(y);
      }
      y.mul(y).sum().backward();
    }
    assertEquals(3 * 8, random.offset()); // 32 elements are 8 counters, drawn once per block
    return weight.grad().toFloats();
  }

  @Test
  void parameterBlocksMoveParametersWithoutChangingThem() {
    Tensor a = Tensors.of(Device.REFERENCE, new float[] {1, 2, 3}, 3).requireGrad();
    Tensor b = Tensors.of(Device.REFERENCE, new float[] {4, 5}, 2).requireGrad();
    var block = ParameterBlock.of(List.of(a, b));
    a.mul(2).sum().backward();
    assertArrayEquals(new float[] {1, 2, 3}, a.toFloats());
    assertArrayEquals(new float[] {4, 5}, b.toFloats());
    float[] gradients = block.gradients().toFloats();
    assertEquals(32, gradients.length);
    assertArrayEquals(
        new float[] {2, 2, 2, 0},
        new float[] {gradients[0], gradients[1], gradients[2], gradients[16]});
    block.zeroGrad();
    b.mul(3).sum().backward();
    gradients = block.gradients().toFloats();
    assertArrayEquals(new float[] {0, 3}, new float[] {gradients[0], gradients[16]});
  }

  @Test
  void parametersMoveFromOneBlockToTheNext() {
    Tensor a = Tensors.of(Device.REFERENCE, new float[] {1, 2, 3}, 3).requireGrad();
    Tensor b = Tensors.of(Device.REFERENCE, new float[] {4, 5}, 2).requireGrad();
    ParameterBlock.of(List.of(a, b)).freeGradients();
    ParameterBlock.of(List.of(b)).freeGradients(); // leaves a where it was
    assertArrayEquals(new float[] {1, 2, 3}, a.toFloats());
    var block = ParameterBlock.of(List.of(b, a));
    assertArrayEquals(new float[] {4, 5}, b.toFloats());
    assertArrayEquals(new float[] {1, 2, 3}, a.toFloats());
    a.mul(2).sum().backward();
    assertArrayEquals(new float[] {2, 2, 2}, a.grad().toFloats());
    assertEquals(32, block.gradients().toFloats().length);
  }
}
