package dev.galen.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** What is recorded, where, and what a backward half may hand on. */
class AutogradModesTest {
  private final Tensor weight = tensor(1, 2).requireGrad();
  private final Tensor input = tensor(3, 4);

  private static Tensor tensor(float... values) {
    return Tensors.of(Device.REFERENCE, values, values.length);
  }

  @Test
  void modesNestAndEndWhereTheyBegan() throws InterruptedException {
    assertTrue(Autograd.isEnabled());
    var elsewhere = new AtomicBoolean();
    try (var off = Autograd.noGrad()) {
      assertFalse(Autograd.isEnabled());
      try (var on = Autograd.enableGrad()) {
        assertTrue(Autograd.isEnabled());
        assertTrue(Autograd.tracks(weight));
      }
      assertFalse(Autograd.isEnabled());
      assertFalse(Autograd.tracks(weight));
      var thread = new Thread(() -> elsewhere.set(Autograd.isEnabled()));
      thread.start();
      thread.join();
    }
    assertTrue(Autograd.isEnabled());
    assertTrue(elsewhere.get(), "the mode is this thread's alone");
  }

  @Test
  void anOperationIsRecordedIfOneInputWantsAGradient() {
    assertFalse(Autograd.tracks(null, input));
    assertTrue(Autograd.tracks(null, input, weight));
    Tensor plain = tensor(0, 0);
    assertSame(plain, Autograd.record("none", plain, (dY, gradients) -> {}, null, input));
    assertNull(plain.node());
    Tensor output = tensor(0, 0);
    assertSame(output, Autograd.record("some", output, (dY, gradients) -> {}, null, input, weight));
    assertEquals("some", output.node().name());
    assertEquals(List.of(input, weight), output.node().inputs());
    Tensor attached = tensor(0, 0);
    Autograd.attach("block", attached, (dY, gradients) -> {}, input);
    assertEquals("block", attached.node().name());
    assertTrue(output.node().sequence() < attached.node().sequence());
  }

  @Test
  void aLeafCollectsForItself() {
    Tensor leaf = Autograd.leaf(weight);
    assertTrue(leaf.requiresGrad());
    assertNull(leaf.grad());
    leaf.mul(input).sum().backward();
    assertArrayEquals(new double[] {3, 4}, leaf.grad().toDoubles());
    assertNull(weight.grad());
    assertArrayEquals(new double[] {1, 2}, leaf.toDoubles());
  }

  @Test
  void aGivenGradientStaysTheCallers() {
    Tensor dOutput = tensor(5, 7);
    Autograd.backward(weight.add(weight).add(weight), dOutput);
    assertArrayEquals(new double[] {15, 21}, weight.grad().toDoubles());
    assertArrayEquals(new double[] {5, 7}, dOutput.toDoubles());
  }

  @Test
  void aBackwardHalfIsHeldToShapeAndType() {
    for (Tensor wrong : List.of(tensor(1, 2, 3), tensor(1, 2).to(DType.F64))) {
      Tensor output =
          Autograd.record(
              "wrong", tensor(1), (dY, gradients) -> gradients.add(weight, wrong), weight);
      var error = assertThrows(IllegalStateException.class, output::backward);
      assertTrue(error.getMessage().contains("for the input"), error.getMessage());
      assertTrue(Autograd.isEnabled(), "a pass that failed leaves the mode as it was");
    }
  }

  /** What wants no gradient is passed over, whatever it is given. */
  @Test
  void whatNeedsNoGradientGetsNone() {
    Tensor output =
        Autograd.record(
            "both",
            tensor(1),
            (dY, gradients) -> {
              assertTrue(gradients.needs(weight));
              assertFalse(gradients.needs(input));
              gradients.add(input, tensor(9, 9, 9));
              gradients.add(weight, tensor(9, 8));
            },
            weight,
            input);
    output.backward();
    assertNull(input.grad());
    assertArrayEquals(new double[] {9, 8}, weight.grad().toDoubles());
  }

  /** A kernel that only adds gets zeros the first time, and the sum so far the next. */
  @Test
  void aTargetSaysWhetherThereIsSomethingToAddTo() {
    for (int pass = 1; pass <= 2; pass++) {
      boolean again = pass == 2;
      Tensor output =
          Autograd.record(
              "target",
              tensor(1),
              (dY, gradients) -> {
                var target = gradients.target(weight);
                assertEquals(again, target.accumulate());
                double[] before = again ? new double[] {2, 2} : new double[2];
                assertArrayEquals(before, target.accumulator().toDoubles());
                target.tensor().backend().copy().fill(target.tensor().span(), 2);
              },
              weight);
      output.backward();
      assertArrayEquals(new double[] {2, 2}, weight.grad().toDoubles());
    }
  }

  /** The same for an input that is computed: its gradient waits until its operation is reached. */
  @Test
  void aTargetOfWhatIsComputedDoesNotTouchWhatOthersUse() {
    Tensor middle = weight.mul(input);
    Tensor dOutput = tensor(1, 1);
    Tensor output =
        Autograd.record(
            "shared",
            tensor(0, 0),
            (dY, gradients) -> {
              gradients.add(middle, dY); // the caller's own memory
              var target = gradients.target(middle);
              assertTrue(target.accumulate());
              target.tensor().backend().copy().fill(target.tensor().span(), 10);
              assertTrue(gradients.target(middle).accumulate());
            },
            middle);
    Autograd.backward(output, dOutput);
    assertArrayEquals(new double[] {1, 1}, dOutput.toDoubles());
    assertNotNull(weight.grad());
    assertArrayEquals(new double[] {30, 40}, weight.grad().toDoubles());
  }

  @Test
  void whatCannotBeDifferentiatedSaysWhy() {
    assertEquals(
        "nothing to differentiate: no input of this tensor required a gradient",
        assertThrows(IllegalStateException.class, () -> input.sum().backward()).getMessage());
    Tensor loss = weight.sum();
    loss.backward();
    String twice = assertThrows(IllegalStateException.class, loss::backward).getMessage();
    assertTrue(twice.endsWith("before; compute the loss again"), twice);
    assertEquals(
        "backward() needs a scalar, shape is [2]; use sum() or mean() first",
        assertThrows(IllegalStateException.class, () -> weight.mul(2).backward()).getMessage());
  }
}
