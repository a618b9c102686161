package dev.galen.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.galen.tensor.memory.MemoryScope;
import org.junit.jupiter.api.Test;

/**
 * A backward pass gives back each gradient that it made, on every way that gradients meet; what a
 * pass keeps would add up over a step's operations.
 */
class GradientMemoryTest {
  private static final int SIZE = 4096;
  private static final long BYTES = SIZE * 8L;

  private final Tensor x = Tensors.of(Device.REFERENCE, new double[SIZE], SIZE).requireGrad();

  private long live() {
    return x.backend().memory().live();
  }

  /** Less than one gradient is left: the cleaner may give back more meanwhile, never take. */
  private void requireNothingKept(Tensor loss) {
    long before = live();
    loss.backward();
    long kept = live() - before;
    assertTrue(kept < BYTES, kept + " bytes are left of gradients of " + BYTES);
  }

  @Test
  void gradientsThatMeetAreGivenBack() {
    x.gradStorage();
    try (var step = MemoryScope.open("step")) {
      Tensor a = x.mul(2);
      requireNothingKept(a.add(a.mul(3)).add(a.mul(4)).add(x.mul(5)).sum());
    }
    assertTrue(x.grad().toDoubles()[0] == 21);
  }

  @Test
  void aTargetThatWasCopiedGivesTheFirstBack() {
    x.gradStorage();
    try (var step = MemoryScope.open("step")) {
      Tensor middle = x.mul(2);
      Tensor output =
          Autograd.record(
              "shared",
              Tensors.zeros(Device.REFERENCE, DType.F64, x.shape()),
              (dY, gradients) -> {
                gradients.add(middle, dY);
                gradients.target(middle);
              },
              middle);
      requireNothingKept(output.mul(3).sum());
    }
    assertTrue(x.grad().toDoubles()[0] == 6);
  }

  /** So that a block that is computed again leaves nothing outside of its step. */
  @Test
  void aLeafsGradientEndsWithItsScope() {
    long before = live();
    try (var step = MemoryScope.open("step")) {
      Autograd.leaf(x).mul(2).sum().backward();
    }
    long kept = live() - before;
    assertTrue(kept < BYTES, kept + " bytes are left of a leaf's gradient");
  }

  /** A view that lies in another order cannot be added to where it lies. */
  @Test
  void aTransposedGradientIsAddedTo() {
    Tensor matrix =
        Tensors.of(Device.REFERENCE, new double[] {1, 2, 3, 4, 5, 6}, 2, 3).requireGrad();
    Tensor factors = Tensors.of(Device.REFERENCE, new double[] {10, 20, 30, 40, 50, 60}, 3, 2);
    Tensor a = matrix.mul(1);
    a.mul(7).sum().add(a.transpose(0, 1).mul(factors).sum()).backward();
    assertArrayEquals(new double[] {17, 37, 57, 27, 47, 67}, matrix.grad().toDoubles());
  }
}
