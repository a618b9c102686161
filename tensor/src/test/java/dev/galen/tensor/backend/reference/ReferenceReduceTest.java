package dev.galen.tensor.backend.reference;

import static dev.galen.tensor.backend.reference.Spans.assertClose;
import static dev.galen.tensor.backend.reference.Spans.assertValues;
import static dev.galen.tensor.backend.reference.Spans.f64;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.galen.tensor.DType;
import dev.galen.tensor.backend.Reduction;
import dev.galen.tensor.backend.Span;
import org.junit.jupiter.api.Test;

class ReferenceReduceTest {
  private static final double NAN = Double.NaN;
  private static final double INFINITY = Double.POSITIVE_INFINITY;

  private final ReferenceReduce reduce = new ReferenceReduce();

  private Span reduce(Reduction f, int outer, int length, int inner, double... x) {
    Span y = Spans.fresh(outer * inner);
    reduce.reduce(f, f64(x), y, outer, length, inner);
    return y;
  }

  @Test
  void reducesTheMiddle() {
    double[] x = {1, 2, 3, 4, 5, 6, -1, -2, -3, -4, -5, -6};
    assertValues(reduce(Reduction.SUM, 2, 3, 2, x), 9, 12, -9, -12);
    assertValues(reduce(Reduction.MEAN, 2, 3, 2, x), 3, 4, -3, -4);
    assertValues(reduce(Reduction.MAX, 2, 3, 2, x), 5, 6, -1, -2);
    assertValues(reduce(Reduction.SUM, 1, 12, 1, x), 0);
  }

  @Test
  void reducesNothingAndNaN() {
    assertValues(reduce(Reduction.SUM, 1, 0, 2), 0, 0);
    assertValues(reduce(Reduction.MAX, 1, 3, 1, 1, NAN, 2), NAN);
  }

  @Test
  void accumulatesBeyondTheTypeOfTheElements() {
    // In F32 every addition of 1 to 2^24 would be lost.
    Span x = Spans.filled(DType.F32, 1001, 1);
    Values.write(new double[] {0x1p24}, x);
    Span y = Spans.filled(DType.F32, 1, 0);
    reduce.reduce(Reduction.SUM, x, y, 1, 1001, 1);
    assertValues(y, 0x1p24 + 1000);
  }

  @Test
  void sumsColumns() {
    Span x = f64(1, 2, 3, 4, 5, 6);
    Span y = f64(10, 20, 30);
    reduce.columnSum(x, y, 2, 3, true);
    assertValues(y, 15, 27, 39);
    reduce.columnSum(x, y, 2, 3, false);
    assertValues(y, 5, 7, 9);
  }

  @Test
  void findsTheFirstLargest() {
    Span index = Spans.i32(9, 9, 9, 9);
    double[] x = {1, 3, 3, -2, -1, -3, 5, NAN, NAN, -INFINITY, -INFINITY, -INFINITY};
    reduce.argmax(f64(x), index, 4, 3);
    assertValues(index, 1, 1, 1, 0);
    var error =
        assertThrows(
            IllegalArgumentException.class,
            () -> reduce.argmax(f64(x), Spans.of(DType.I64, 0, 0, 0, 0), 4, 3));
    assertEquals("index must be I32, not I64", error.getMessage());
  }

  @Test
  void softmaxAgreesWithPyTorch() {
    Span y = Spans.fresh(15);
    Span dX = Spans.fresh(15);
    reduce.softmax(f64(PyTorch.get("softmax.x")), y, 3, 5);
    assertClose(PyTorch.get("softmax.out"), y);
    reduce.softmaxBackward(y, f64(PyTorch.get("softmax.dOut")), dX, 3, 5);
    assertClose(PyTorch.get("softmax.d_x"), dX);

    reduce.logSoftmax(f64(PyTorch.get("log_softmax.x")), y, 3, 5);
    assertClose(PyTorch.get("log_softmax.out"), y);
    reduce.logSoftmaxBackward(y, f64(PyTorch.get("log_softmax.dOut")), dX, 3, 5);
    assertClose(PyTorch.get("log_softmax.d_x"), dX);
  }

  @Test
  void softmaxBearsExtremes() {
    Span y = Spans.fresh(3);
    reduce.softmax(f64(1e4, 1e4, -INFINITY), y, 1, 3);
    assertValues(y, 0.5, 0.5, 0);
    reduce.softmax(f64(-INFINITY, -INFINITY, -INFINITY), y, 1, 3);
    assertValues(y, NAN, NAN, NAN);
  }

  @Test
  void sumsSquaresAndFindsWhatIsNotFinite() {
    assertEquals(14, reduce.sumOfSquares(Spans.of(DType.BF16, 1, -2, 3)));
    assertEquals(100_000, reduce.sumOfSquares(Spans.filled(DType.F32, 100_000, -1)));
    assertTrue(reduce.allFinite(f64(1, -2, Double.MAX_VALUE)));
    assertFalse(reduce.allFinite(f64(1, NAN)));
    assertFalse(reduce.allFinite(Spans.of(DType.F16, 1, 70_000)));
  }

  @Test
  void refusesShortSpans() {
    var error =
        assertThrows(
            IllegalArgumentException.class,
            () -> reduce.softmax(Spans.fresh(5), Spans.fresh(6), 2, 3));
    assertEquals("x holds 5 elements, but the kernel needs 6", error.getMessage());
  }
}
