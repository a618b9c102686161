package dev.galen.tensor.backend.reference;

import static dev.galen.tensor.backend.reference.Spans.assertClose;
import static dev.galen.tensor.backend.reference.Spans.assertValues;
import static dev.galen.tensor.backend.reference.Spans.f64;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.galen.tensor.DType;
import dev.galen.tensor.Layout;
import dev.galen.tensor.Shape;
import dev.galen.tensor.backend.Binary;
import dev.galen.tensor.backend.Span;
import dev.galen.tensor.backend.Unary;
import java.util.Arrays;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReferencePointwiseTest {
  private static final double NAN = Double.NaN;

  private final ReferencePointwise pointwise = new ReferencePointwise();

  private Span unary(Unary f, double... x) {
    Span y = Spans.fresh(x.length);
    pointwise.unary(f, f64(x), y);
    return y;
  }

  private Span binary(Binary f, double[] a, double[] b) {
    Layout layout = Layout.contiguous(Shape.of(a.length));
    Span y = Spans.fresh(a.length);
    pointwise.binary(f, f64(a), layout, f64(b), layout, y);
    return y;
  }

  @Test
  void computesUnaryFunctions() {
    assertValues(unary(Unary.NEG, 2, -0.5), -2, 0.5);
    assertValues(unary(Unary.EXP, 0, 1), 1, Math.E);
    assertValues(unary(Unary.LOG, 1, Math.E), 0, 1);
    assertValues(unary(Unary.SQRT, 0, 9), 0, 3);
    assertValues(unary(Unary.SQUARE, -3, 0.5), 9, 0.25);
    assertValues(unary(Unary.RECIPROCAL, 4, -0.5), 0.25, -2);
    assertValues(unary(Unary.ABS, -4, 3), 4, 3);
    assertValues(unary(Unary.RELU, -4, 3, NAN), 0, 3, NAN);
    assertValues(unary(Unary.SIGMOID, 0, 1000, -1000), 0.5, 1, 0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"gelu_tanh", "gelu_erf", "silu", "sigmoid", "tanh"})
  void agreesWithPyTorch(String name) {
    Unary f = Unary.valueOf(name.toUpperCase(Locale.ROOT));
    Span x = f64(PyTorch.get(name + ".x"));
    Span y = Spans.fresh(9);
    Span dX = Spans.fresh(9);
    pointwise.unary(f, x, y);
    assertClose(PyTorch.get(name + ".out"), y);
    pointwise.unaryBackward(f, x, y, f64(PyTorch.get(name + ".dOut")), dX);
    assertClose(PyTorch.get(name + ".d_x"), dX);
  }

  @ParameterizedTest
  @EnumSource
  void derivativesAgreeWithDifferences(Unary f) {
    double[] x = {0.3, 0.9, 1.7, 2.4};
    double[] dY = {1, -2, 0.5, 3};
    Span dX = Spans.fresh(4);
    pointwise.unaryBackward(f, f64(x), unary(f, x), f64(dY), dX);
    double[] expected =
        FiniteDifferences.gradient(
            moved -> FiniteDifferences.dot(Values.read(unary(f, moved)), dY), x);
    assertClose(expected, Values.read(dX), FiniteDifferences.TOLERANCE);
  }

  @Test
  void kinksHaveTheDocumentedDerivative() {
    Span dX = Spans.fresh(3);
    pointwise.unaryBackward(Unary.ABS, f64(-2, 0, 2), f64(2, 0, 2), f64(3, 3, 3), dX);
    assertValues(dX, -3, 0, 3);
    pointwise.unaryBackward(Unary.RELU, f64(-2, 0, 2), f64(0, 0, 2), f64(3, 3, 3), dX);
    assertValues(dX, 0, 0, 3);
  }

  @Test
  void computesBinaryFunctions() {
    double[] a = {6, -1, 2, NAN};
    double[] b = {3, 2, 2, 1};
    assertValues(binary(Binary.ADD, a, b), 9, 1, 4, NAN);
    assertValues(binary(Binary.SUB, a, b), 3, -3, 0, NAN);
    assertValues(binary(Binary.MUL, a, b), 18, -2, 4, NAN);
    assertValues(binary(Binary.DIV, a, b), 2, -0.5, 1, NAN);
    assertValues(binary(Binary.MAX, a, b), 6, 2, 2, NAN);
    assertValues(binary(Binary.MIN, a, b), 3, -1, 2, NAN);
    assertValues(binary(Binary.EQUAL, a, b), 0, 0, 1, 0);
    assertValues(binary(Binary.LESS, a, b), 0, 1, 0, 0);
  }

  @Test
  void broadcastsOperandsOfDifferentTypes() {
    Shape shape = Shape.of(2, 3);
    Layout column = Layout.contiguous(Shape.of(2, 1)).expand(shape);
    Layout row = Layout.contiguous(Shape.of(3)).expand(shape);
    Span y = Spans.filled(DType.BF16, 6, 0);
    pointwise.binary(Binary.ADD, Spans.i32(10, 20), column, Spans.of(DType.F32, 1, 2, 3), row, y);
    assertValues(y, 11, 12, 13, 21, 22, 23);
  }

  @Test
  void scalesAndAddsInPlace() {
    Span y = Spans.of(DType.F32, 1, 2, 3);
    pointwise.affine(y, 2, -1, y);
    assertValues(y, 1, 3, 5);
    pointwise.axpy(0.5, Spans.of(DType.F32, 2, 4, 6), y);
    assertValues(y, 2, 5, 8);
  }

  @Test
  void longSpansAreCutWithoutSeams() {
    var x = new double[200_001];
    Arrays.setAll(x, i -> i);
    Span y = f64(x);
    pointwise.affine(y, 3, 1, y);
    double[] result = Values.read(y);
    for (int i = 0; i < x.length; i++) {
      assertEquals(3.0 * i + 1, result[i]);
    }
  }

  @Test
  void namesLengthsThatDiffer() {
    var error =
        assertThrows(
            IllegalArgumentException.class,
            () -> pointwise.unary(Unary.EXP, Spans.fresh(3), Spans.fresh(4)));
    assertEquals("x holds 3 elements, but y holds 4", error.getMessage());
  }
}
