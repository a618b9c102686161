package dev.galen.tensor.backend.reference;

import static dev.galen.tensor.backend.reference.Spans.assertClose;
import static dev.galen.tensor.backend.reference.Spans.f64;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.galen.tensor.backend.Span;
import dev.galen.tensor.backend.UpdateRule;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReferenceOptimizerTest {
  private final ReferenceOptimizer optimizer = new ReferenceOptimizer();

  private static UpdateRule step(long number, double gradientScale) {
    return new UpdateRule.AdamW(0.01, 0.9, 0.95, 1e-8, 0.1, number, gradientScale);
  }

  @Test
  void agreesWithPyTorch() {
    Span parameter = f64(PyTorch.get("adamw.start"));
    Span moment1 = f64(new double[6]);
    Span moment2 = f64(new double[6]);
    for (int i = 1; i <= 3; i++) {
      Span gradient = f64(PyTorch.get("adamw.gradient" + i));
      optimizer.update(step(i, 1), parameter, gradient, List.of(moment1, moment2));
      assertClose(PyTorch.get("adamw.step" + i), parameter);
    }
  }

  @Test
  void sgdAgreesWithPyTorch() {
    Span parameter = f64(PyTorch.get("sgd.start"));
    Span momentum = f64(new double[6]);
    for (int i = 1; i <= 3; i++) {
      Span gradient = f64(PyTorch.get("sgd.gradient" + i));
      var rule = new UpdateRule.Sgd(0.01, 0.9, 0.1, 1);
      optimizer.update(rule, parameter, gradient, List.of(momentum));
      assertClose(PyTorch.get("sgd.step" + i), parameter);
    }
  }

  @Test
  void sgdScalesTheGradientAndNotTheDecay() {
    Span parameter = f64(2);
    Span momentum = f64(1);
    var rule = new UpdateRule.Sgd(0.1, 0.5, 0.3, 0.25);
    optimizer.update(rule, parameter, f64(8), List.of(momentum));
    assertClose(new double[] {0.5 + 2 + 0.6}, momentum);
    assertClose(new double[] {2 - 0.31}, parameter);
  }

  @Test
  void scalesTheGradientFirst() {
    Span parameter = f64(1);
    Span moment1 = f64(0);
    Span moment2 = f64(0);
    optimizer.update(step(1, 0.25), parameter, f64(8), List.of(moment1, moment2));
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
            () -> optimizer.update(step(1, 1), two, two, List.of(f64(0), two)));
    assertEquals("moment1 holds 1 elements, but parameter holds 2", length.getMessage());
    var zero =
        assertThrows(
            IllegalArgumentException.class,
            () -> optimizer.update(step(0, 1), two, two, List.of(two, two)));
    assertEquals("updates count from 1, not 0", zero.getMessage());
    var count =
        assertThrows(
            IllegalArgumentException.class,
            () -> optimizer.update(new UpdateRule.Sgd(1, 0, 0, 1), two, two, List.of()));
    assertEquals(
        "Sgd[learningRate=1.0, momentum=0.0, weightDecay=0.0, gradientScale=1.0] keeps [momentum],"
            + " which are not 0 spans",
        count.getMessage());
  }
}
