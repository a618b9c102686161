package dev.galen.tensor.backend.reference;

import static dev.galen.tensor.backend.reference.Spans.assertClose;
import static dev.galen.tensor.backend.reference.Spans.assertValues;
import static dev.galen.tensor.backend.reference.Spans.f64;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.galen.tensor.DType;
import dev.galen.tensor.backend.MatmulShape;
import dev.galen.tensor.backend.Span;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReferenceMatmulTest {
  private final ReferenceMatmul matmul = new ReferenceMatmul();

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
            + " transposeB=false, strideA=0, strideB=0, strideC=0, tf32=false] needs 4",
        error.getMessage());
  }
}
