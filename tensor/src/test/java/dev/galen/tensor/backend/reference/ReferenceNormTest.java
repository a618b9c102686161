package dev.galen.tensor.backend.reference;

import static dev.galen.tensor.backend.reference.Spans.assertClose;
import static dev.galen.tensor.backend.reference.Spans.assertValues;
import static dev.galen.tensor.backend.reference.Spans.f64;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.galen.tensor.backend.Span;
import org.junit.jupiter.api.Test;

class ReferenceNormTest {
  private final ReferenceNorm norm = new ReferenceNorm();

  @Test
  void normalisesByHand() {
    Span y = Spans.fresh(4);
    Span mean = Spans.fresh(1);
    Span rstd = Spans.fresh(1);
    // Mean 2, biased variance 4.
    norm.layerNorm(f64(0, 0, 4, 4), f64(1, 2, 3, 4), f64(0, 0, 0, 10), y, mean, rstd, 1, 4, 0);
    assertValues(mean, 2);
    assertValues(rstd, 0.5);
    assertValues(y, -1, -2, 3, 14);
  }

  @Test
  void agreesWithPyTorchAndAccumulates() {
    Span x = f64(PyTorch.get("layer_norm.x"));
    Span weight = f64(PyTorch.get("layer_norm.weight"));
    Span y = Spans.fresh(28);
    Span mean = Spans.fresh(4);
    Span rstd = Spans.fresh(4);
    norm.layerNorm(x, weight, f64(PyTorch.get("layer_norm.bias")), y, mean, rstd, 4, 7, 1e-5);
    assertClose(PyTorch.get("layer_norm.out"), y);

    Span dY = f64(PyTorch.get("layer_norm.dOut"));
    Span dX = Spans.fresh(28);
    Span dWeight = f64(1, 1, 1, 1, 1, 1, 1);
    Span dBias = f64(2, 2, 2, 2, 2, 2, 2);
    norm.layerNormBackward(dY, x, weight, mean, rstd, dX, dWeight, dBias, 4, 7);
    assertClose(PyTorch.get("layer_norm.d_x"), dX);
    var pointwise = new ReferencePointwise();
    pointwise.affine(dWeight, 1, -1, dWeight);
    pointwise.affine(dBias, 1, -2, dBias);
    assertClose(PyTorch.get("layer_norm.d_weight"), dWeight);
    assertClose(PyTorch.get("layer_norm.d_bias"), dBias);
  }

  @Test
  void largeMeansDoNotCancel() {
    Span y = Spans.fresh(2);
    norm.layerNorm(
        f64(1e9 - 1, 1e9 + 1), f64(1, 1), f64(0, 0), y, Spans.fresh(1), Spans.fresh(1), 1, 2, 0);
    assertValues(y, -1, 1);
  }

  @Test
  void rmsNormByHand() {
    Span y = Spans.fresh(4);
    Span rstd = Spans.fresh(1);
    // Mean square 4.
    norm.rmsNorm(f64(2, -2, 2, -2), f64(1, 2, 3, 4), y, rstd, 1, 4, 0);
    assertValues(rstd, 0.5);
    assertValues(y, 1, -2, 3, -4);
  }

  @Test
  void rmsNormAgreesWithPyTorchAndAccumulates() {
    Span x = f64(PyTorch.get("rms_norm.x"));
    Span weight = f64(PyTorch.get("rms_norm.weight"));
    Span y = Spans.fresh(28);
    Span rstd = Spans.fresh(4);
    norm.rmsNorm(x, weight, y, rstd, 4, 7, 1e-5);
    assertClose(PyTorch.get("rms_norm.out"), y);

    Span dX = Spans.fresh(28);
    Span dWeight = f64(1, 1, 1, 1, 1, 1, 1);
    norm.rmsNormBackward(f64(PyTorch.get("rms_norm.dOut")), x, weight, rstd, dX, dWeight, 4, 7);
    assertClose(PyTorch.get("rms_norm.d_x"), dX);
    new ReferencePointwise().affine(dWeight, 1, -1, dWeight);
    assertClose(PyTorch.get("rms_norm.d_weight"), dWeight);
  }

  @Test
  void theResidualIsAddedBeforeTheNorm() {
    Span sum = Spans.fresh(4);
    Span y = Spans.fresh(4);
    Span mean = Spans.fresh(1);
    Span rstd = Spans.fresh(1);
    norm.residualLayerNorm(
        f64(-1, 0, 3, 1),
        f64(1, 0, 1, 3),
        sum,
        f64(1, 2, 3, 4),
        f64(0, 0, 0, 10),
        y,
        mean,
        rstd,
        1,
        4,
        0);
    assertValues(sum, 0, 0, 4, 4);
    assertValues(mean, 2);
    assertValues(rstd, 0.5);
    assertValues(y, -1, -2, 3, 14);
  }

  @Test
  void refusesShortStatistics() {
    Span x = Spans.fresh(4);
    Span cols = Spans.fresh(2);
    var error =
        assertThrows(
            IllegalArgumentException.class,
            () ->
                norm.layerNorm(
                    x, cols, cols, Spans.fresh(4), Spans.fresh(2), Spans.fresh(1), 2, 2, 1e-5));
    assertEquals("rstd holds 1 elements, but the kernel needs 2", error.getMessage());
  }
}
