package dev.galen.tensor.backend.reference;

import static dev.galen.tensor.backend.reference.Spans.assertClose;
import static dev.galen.tensor.backend.reference.Spans.f64;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.galen.tensor.backend.AdamWStep;
import dev.galen.tensor.backend.Span;
import org.junit.jupiter.api.Test;

class ReferenceOptimizerTest {
  private final ReferenceOptimizer optimizer = new ReferenceOptimizer();

  private static AdamWStep step(long number, double gradientScale) {
    return new AdamWStep(0.01, 0.9, 0.95, 1e-8, 0.1, number, gradientScale);
  }

  @Test
  void agreesWithPyTorch() {
    Span parameter = f64(PyTorch.get("adamw.start"));
    Span moment1 = f64(new double[6]);
    Span moment2 = f64(new double[6]);
    for (int i = 1; i <= 3; i++) {
      Span gradient = f64(PyTorch.get("adamw.gradient" + i));
      optimizer.adamW(step(i, 1), parameter, gradient, moment1, moment2);
      assertClose(PyTorch.get("adamw.step" + i), parameter);
    }
  }

  @Test
  void scalesTheGradientFirst() {
    Span parameter = f64(1);
    Span moment1 = f64(0);
    Span moment2 = f64(0);
    optimizer.adamW(step(1, 0.25), parameter, f64(8), moment1, moment2);
    assertClose(new double[] {0.1 * 2}, moment1);
    assertClose(new double[] {0.05 * 4}, moment2);
    // The first step moves by the learning rate, after the decay.
    assertClose(new double[] {1 - 0.001 - 0.01 / (1 + 0.5e-8)}, parameter);
  }

  @Test
  void refusesMomentsOfAnotherLengthAndStepZero() {
    Span two = f64(1, 2);
    var length =
        assertThrows(
            IllegalArgumentException.class,
            () -> optimizer.adamW(step(1, 1), two, two, f64(0), two));
    assertEquals("moment1 holds 1 elements, but parameter holds 2", length.getMessage());
    var zero =
        assertThrows(
            IllegalArgumentException.class, () -> optimizer.adamW(step(0, 1), two, two, two, two));
    assertEquals("updates count from 1, not 0", zero.getMessage());
  }
}
