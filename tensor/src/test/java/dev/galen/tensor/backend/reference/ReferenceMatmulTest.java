package dev.galen.tensor.backend.reference;

import static dev.galen.tensor.backend.reference.Spans.assertClose;
import static dev.galen.tensor.backend.reference.Spans.assertValues;
import static dev.galen.tensor.backend.reference.Spans.f64;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.galen.tensor.DType;
import dev.galen.tensor.backend.Epilogue;
import dev.galen.tensor.backend.MatmulShape;
import dev.galen.tensor.backend.Span;
import dev.galen.tensor.backend.Unary;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReferenceMatmulTest {
  private final ReferenceMatmul matmul = new ReferenceMatmul();
  private final ReferencePointwise pointwise = new ReferencePointwise();

  @Test
  void multipliesByHand() {
    Span c = Spans.fresh(4);
    matmul.matmul(
        MatmulShape.single(2, 2, 3, false, false),
        f64(1, 2, 3, 4, 5, 6),
        f64(7, 8, 9, 10, 11, 12),
        f64(0.5, -0.5),
        c,
        false);
    assertValues(c, 58.5, 63.5, 139.5, 153.5);
  }

  /** Every transposition against sums of elements fetched one by one. */
  @ParameterizedTest
  @CsvSource({
    "1, 3, 5, 7, false, false",
    "1, 3, 5, 7, true, false",
    "1, 3, 5, 7, false, true",
    "1, 3, 5, 7, true, true",
    "3, 4, 1, 2, false, true",
    "2, 1, 6, 1, true, false",
    "2, 3, 4, 0, false, false",
    "0, 3, 4, 2, false, false",
  })
  void agreesWithTheDefinition(int batch, int m, int n, int k, boolean tA, boolean tB) {
    var shape = new MatmulShape(batch, m, n, k, tA, tB, (long) m * k, (long) k * n, (long) m * n);
    double[] a = Spans.random(batch * m * k, 1);
    double[] b = Spans.random(batch * k * n, 2);
    double[] bias = Spans.random(n, 3);
    double[] before = Spans.random(batch * m * n, 4);
    Span c = f64(before);
    var expected = new double[before.length];
    for (int x = 0; x < batch; x++) {
      for (int i = 0; i < m; i++) {
        for (int j = 0; j < n; j++) {
          double sum = bias[j];
          for (int p = 0; p < k; p++) {
            double left = a[x * m * k + (tA ? p * m + i : i * k + p)];
            double right = b[x * k * n + (tB ? j * k + p : p * n + j)];
            sum += left * right;
          }
          expected[(x * m + i) * n + j] = sum;
        }
      }
    }
    matmul.matmul(shape, f64(a), f64(b), f64(bias), c, false);
    assertClose(expected, c);

    Values.write(before, c);
    matmul.matmul(shape, f64(a), f64(b), f64(bias), c, true);
    for (int i = 0; i < expected.length; i++) {
      expected[i] += before[i];
    }
    assertClose(expected, c);
  }

  /** Against separate kernels, which round nothing between in F64. */
  @Test
  void activationAndItsBackwardHalf() {
    for (Unary f : Unary.values()) {
      for (boolean transposed : new boolean[] {false, true}) {
        var shape = MatmulShape.single(3, 5, 2, false, transposed);
        Span a = f64(1.5, 0.25, 2, 0.125, 0.5, 1);
        Span b = f64(0.5, 0.75, 1, 0.25, 2, 1.5, 0.375, 1, 0.25, 0.5);
        Span bias = f64(0.25, 1, 0.5, 2, 0.125);
        Span z = Spans.fresh(15);
        Span y = Spans.fresh(15);
        matmul.matmul(shape, a, b, bias, z, false);
        pointwise.unary(f, z, y);
        Span keptZ = Spans.fresh(15);
        Span keptY = Spans.fresh(15);
        Span alone = Spans.fresh(15);
        matmul.matmul(shape, a, b, keptY, false, new Epilogue.Activation(bias, f, keptZ));
        matmul.matmul(shape, a, b, alone, false, new Epilogue.Activation(bias, f, null));
        assertClose(Values.read(z), keptZ);
        assertClose(Values.read(y), keptY);
        assertClose(Values.read(y), alone);

        Span dZ = Spans.fresh(15);
        matmul.matmul(shape, a, b, null, dZ, false);
        pointwise.unaryBackward(f, z, y, dZ, dZ);
        Span fused = Spans.fresh(15);
        for (boolean accumulate : new boolean[] {false, true}) {
          Span sums = f64(7, 6, 5, 4, 3);
          Span dBias = f64(7, 6, 5, 4, 3);
          new ReferenceReduce().columnSum(dZ, sums, 3, 5, accumulate);
          matmul.matmul(
              shape,
              a,
              b,
              fused,
              false,
              new Epilogue.ActivationBackward(f, z, y, dBias, accumulate));
          assertClose(Values.read(dZ), fused);
          assertClose(Values.read(sums), dBias);
        }
        matmul.matmul(
            shape, a, b, fused, false, new Epilogue.ActivationBackward(f, z, y, null, false));
        assertClose(Values.read(dZ), fused);
      }
    }
  }

  @Test
  void gradientsOfWeightAndBiasByHand() {
    var shape = MatmulShape.single(2, 3, 2, true, false);
    Span a = f64(1, 2, 3, 4);
    Span b = f64(5, 6, 7, 8, 9, 10);
    Span c = Spans.fresh(6);
    Span sumsOfA = Spans.fresh(2);
    matmul.matmul(shape, a, b, c, false, new Epilogue.BiasGradient(true, sumsOfA, false));
    assertValues(c, 29, 33, 37, 42, 48, 54);
    assertValues(sumsOfA, 4, 6);
    Span sumsOfB = f64(100, 200, 300);
    matmul.matmul(shape, a, b, c, true, new Epilogue.BiasGradient(false, sumsOfB, true));
    assertValues(c, 58, 66, 74, 84, 96, 108);
    assertValues(sumsOfB, 113, 215, 317);
    matmul.matmul(shape, a, b, c, false, new Epilogue.BiasGradient(false, sumsOfB, false));
    assertValues(sumsOfB, 13, 15, 17);
  }

  @Test
  void refusesShapesThatTheyDoNotHave() {
    Span x = f64(1, 2, 3, 4);
    var twice = new MatmulShape(2, 1, 1, 1, true, false, 1, 1, 1);
    var straight = MatmulShape.single(2, 2, 2, false, false);
    var activation = new Epilogue.Activation(x, Unary.RELU, x);
    var backward = new Epilogue.ActivationBackward(Unary.RELU, x, x, null, false);
    var gradient = new Epilogue.BiasGradient(true, x, false);
    for (Epilogue epilogue : List.of(activation, backward, gradient)) {
      assertRefused("one product", () -> matmul.matmul(twice, x, x, x, false, epilogue));
    }
    assertRefused("A transposed", () -> matmul.matmul(straight, x, x, x, false, gradient));
    for (Epilogue epilogue : List.of(activation, backward)) {
      assertRefused("overwrites C", () -> matmul.matmul(straight, x, x, x, true, epilogue));
    }
  }

  private static void assertRefused(String text, Executable refused) {
    var error = assertThrows(IllegalArgumentException.class, refused);
    assertTrue(error.getMessage().contains(text), error.getMessage());
  }

  @Test
  void strideZeroSharesAnOperand() {
    var shape = new MatmulShape(2, 1, 1, 2, false, false, 2, 0, 1);
    Span c = Spans.fresh(2);
    matmul.matmul(shape, f64(1, 2, 3, 4), f64(10, 100), null, c, false);
    assertValues(c, 210, 430);
  }

  @Test
  void leavesTheGapsBetweenProductsAlone() {
    var shape = new MatmulShape(2, 1, 1, 1, false, false, 1, 1, 3);
    Span c = Spans.filled(DType.F32, 4, -7);
    matmul.matmul(shape, f64(2, 3), f64(5, 7), null, c, false);
    assertValues(c, 10, -7, -7, 21);
  }

  @Test
  void roundsOnceToNarrowTypes() {
    // 1 + 2^-8 is a tie in BF16, but together with 2^-8 it is exact.
    Span c = Spans.filled(DType.BF16, 1, 0);
    matmul.matmul(
        MatmulShape.single(1, 1, 3, false, false),
        Spans.of(DType.BF16, 1, 0x1p-8, 0x1p-8),
        Spans.of(DType.BF16, 1, 1, 1),
        null,
        c,
        false);
    assertValues(c, 1 + 0x1p-7);
  }

  @Test
  void refusesShortOperands() {
    var error =
        assertThrows(
            IllegalArgumentException.class,
            () ->
                matmul.matmul(
                    MatmulShape.single(2, 2, 2, false, false),
                    Spans.fresh(4),
                    Spans.fresh(3),
                    null,
                    Spans.fresh(4),
                    false));
    assertEquals(
        "B holds 3 elements, but MatmulShape[batch=1, m=2, n=2, k=2, transposeA=false,"
            + " transposeB=false, strideA=0, strideB=0, strideC=0, tf32=false, sequence=2] needs 4",
        error.getMessage());
  }
}
