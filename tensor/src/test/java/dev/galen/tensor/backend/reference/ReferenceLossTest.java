package dev.galen.tensor.backend.reference;

import static dev.galen.tensor.backend.reference.Spans.assertClose;
import static dev.galen.tensor.backend.reference.Spans.assertValues;
import static dev.galen.tensor.backend.reference.Spans.f64;
import static dev.galen.tensor.backend.reference.Spans.i32;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.galen.tensor.backend.Span;
import org.junit.jupiter.api.Test;

class ReferenceLossTest {
  private static final int IGNORED = -100;

  private final ReferenceLoss loss = new ReferenceLoss();

  @Test
  void uniformLogitsCostTheLogarithmOfTheClasses() {
    Span losses = Spans.fresh(2);
    Span sums = Spans.fresh(2);
    loss.crossEntropy(f64(7, 7, 7, 7, 0, 0, 0, 0), i32(2, -100), losses, sums, 2, 4, IGNORED);
    assertClose(new double[] {Math.log(4), 0}, losses);
    assertClose(new double[] {7 + Math.log(4), Math.log(4)}, sums);
  }

  @Test
  void agreesWithPyTorch() {
    Span logits = f64(PyTorch.get("cross_entropy.logits"));
    Span labels = i32(PyTorch.get("cross_entropy.labels"));
    Span losses = Spans.fresh(5);
    Span sums = Spans.fresh(5);
    loss.crossEntropy(logits, labels, losses, sums, 5, 6, IGNORED);
    assertClose(PyTorch.get("cross_entropy.out"), losses);

    // One dLoss serves all rows, so PyTorch's five come one row at a time, half of each as scale.
    double[] dOut = PyTorch.get("cross_entropy.dOut");
    for (int i = 0; i < 5; i++) {
      Span row = logits.slice(6L * i, 6);
      loss.crossEntropyBackward(
          row, labels.slice(i, 1), sums.slice(i, 1), f64(2 * dOut[i]), 0.5, row, 1, 6, IGNORED);
    }
    assertClose(PyTorch.get("cross_entropy.d_logits"), logits);
  }

  @Test
  void ignoredRowsGiveZerosEvenOfNaN() {
    Span dLogits = Spans.fresh(2);
    loss.crossEntropyBackward(
        f64(Double.NaN, 1), i32(7), Spans.fresh(1), f64(1), 1, dLogits, 1, 2, 7);
    assertValues(dLogits, 0, 0);
  }

  @Test
  void namesLabelsOutOfRange() {
    var error =
        assertThrows(
            IndexOutOfBoundsException.class,
            () ->
                loss.crossEntropy(
                    Spans.fresh(8), i32(1, 4), Spans.fresh(2), Spans.fresh(2), 2, 4, IGNORED));
    assertEquals(
        "label 4 at position 1 is none of the 4 classes and not -100, which is ignored",
        error.getMessage());
  }
}
