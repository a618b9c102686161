package dev.galen.kernels.cuda;

import static dev.galen.kernels.KernelParity.normal;
import static dev.galen.kernels.KernelParity.normalOver;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.galen.kernels.KernelParity;
import dev.galen.kernels.softgpu.SoftwareGpu;
import dev.galen.tensor.DType;
import dev.galen.tensor.backend.Backend;
import dev.galen.tensor.backend.Reduction;
import dev.galen.tensor.backend.Span;
import dev.galen.tensor.backend.UnsupportedKernelException;
import dev.galen.tensor.backend.reference.ReferenceBackend;
import dev.galen.tensor.testing.Tolerance;
import java.util.Arrays;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Reductions and softmax against the reference. */
@Tag("software-gpu")
@Tag("gpu")
class CudaReduceTest {
  private static final float INFINITY = Float.POSITIVE_INFINITY;

  @ParameterizedTest
  @CsvSource({
    "1, 1, 1",
    "13, 207, 1",
    "300, 13, 1",
    "1, 4098, 1",
    "3, 50257, 1",
    "3, 20, 13",
    "2, 207, 40",
    "1, 13, 768",
    "2, 1000, 13",
    "1, 4098, 64",
    "4, 0, 1",
    "4, 0, 5"
  })
  void reduce(int outer, int length, int inner) {
    for (Reduction f : Reduction.values()) {
      RowsParity.check(
          f + " of " + outer + " " + length + " " + inner,
          length,
          (backend, s) -> backend.reduce().reduce(f, s[0], s[1], outer, length, inner),
          normalOver(length, outer * length * inner, 1),
          new float[outer * inner]);
    }
  }

  @Test
  void theLargestIsNanWhereOneIs() {
    float[] x = {1, Float.NaN, -3, INFINITY, -INFINITY, -INFINITY, -2, -1};
    for (int inner : new int[] {1, 2}) {
      RowsParity.check(
          "MAX by " + inner,
          1,
          (backend, s) -> backend.reduce().reduce(Reduction.MAX, s[0], s[1], 2, 4 / inner, inner),
          x,
          new float[2 * inner]);
    }
  }

  @ParameterizedTest
  @CsvSource({"0, 13", "1, 1", "207, 13", "13, 768", "768, 207", "3, 4098", "4098, 24", "2, 50257"})
  void columnSum(int rows, int cols) {
    for (boolean accumulate : new boolean[] {false, true}) {
      RowsParity.check(
          "columnSum of " + rows + " " + cols,
          rows,
          (backend, s) -> backend.reduce().columnSum(s[0], s[1], rows, cols, accumulate),
          normalOver(rows, rows * cols, 1),
          normal(cols, 2));
      for (DType dtype : new DType[] {DType.F16, DType.BF16}) {
        CudaParity.check(
            dtype,
            "columnSum into F32 of " + rows + " " + cols,
            Tolerance.of(DType.F32, rows),
            (backend, s) -> backend.reduce().columnSum(s[0], s[1], rows, cols, accumulate),
            normalOver(rows, rows * cols, 1),
            new KernelParity.Rounded(DType.F32, normal(cols, 2)));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("dev.galen.kernels.cuda.RowsParity#shapes")
  void argmax(int rows, int cols) {
    float[] x = normal(rows * cols, 1);
    float[] ties = new float[rows * cols];
    Arrays.fill(ties, 2f);
    float[] zeros = new float[rows * cols];
    zeros[0] = -0f;
    float[] withNan = x.clone();
    withNan[cols / 2] = Float.NaN;
    withNan[cols - 1] = Float.NaN;
    float[] least = new float[rows * cols];
    Arrays.fill(least, -INFINITY);
    for (float[] values : new float[][] {x, ties, zeros, withNan, least}) {
      RowsParity.check(
          "argmax of " + rows + " " + cols,
          1,
          (backend, s) -> backend.reduce().argmax(s[0], s[1], rows, cols),
          values,
          new int[rows]);
    }
  }

  @Test
  void argmaxOfNothingSaysSo() {
    Backend gpu = CudaParity.gpu();
    Span x = new Span(gpu.allocate(4), DType.F32, 0, 0);
    Span index = new Span(gpu.allocate(4), DType.I32, 0, 1);
    var thrown =
        assertThrows(IllegalArgumentException.class, () -> gpu.reduce().argmax(x, index, 1, 0));
    assertEquals("argmax of 1 rows without elements", thrown.getMessage());
  }

  @ParameterizedTest
  @MethodSource("dev.galen.kernels.cuda.RowsParity#shapes")
  void softmax(int rows, int cols) {
    RowsParity.check(
        "softmax of " + rows + " " + cols,
        cols,
        (backend, s) -> {
          backend.reduce().softmax(s[0], s[1], rows, cols);
          backend.reduce().softmaxBackward(s[2], s[3], s[4], rows, cols);
        },
        normal(rows * cols, 1),
        new float[rows * cols],
        distribution(rows, cols),
        normal(rows * cols, 2),
        new float[rows * cols]);
  }

  @ParameterizedTest
  @MethodSource("dev.galen.kernels.cuda.RowsParity#shapes")
  void logSoftmax(int rows, int cols) {
    float[] logs = distribution(rows, cols);
    for (int i = 0; i < logs.length; i++) {
      logs[i] = (float) Math.log(logs[i]);
    }
    RowsParity.check(
        "logSoftmax of " + rows + " " + cols,
        cols,
        (backend, s) -> {
          backend.reduce().logSoftmax(s[0], s[1], rows, cols);
          backend.reduce().logSoftmaxBackward(s[2], s[3], s[4], rows, cols);
        },
        normal(rows * cols, 1),
        new float[rows * cols],
        logs,
        normalOver(cols, rows * cols, 2),
        new float[rows * cols]);
  }

  /** What the forward pass would keep, the same for all: its own rounding is tested by itself. */
  private static float[] distribution(int rows, int cols) {
    var values = new float[rows * cols];
    for (int i = 0; i < values.length; i++) {
      values[i] = (1 + i % 3) / (2f * cols);
    }
    return values;
  }

  /** Rows of masked scores, of nothing but those, with an infinity, with a NaN. */
  @Test
  void softmaxOfRowsThatHaveNone() {
    int cols = 40;
    float[] x = normal(5 * cols, 1);
    Arrays.fill(x, 0, cols - 1, -INFINITY);
    Arrays.fill(x, cols, 2 * cols, -INFINITY);
    x[2 * cols + 7] = INFINITY;
    x[3 * cols + 9] = Float.NaN;
    x[4 * cols] = -INFINITY;
    RowsParity.check(
        "softmax",
        cols,
        (backend, s) -> {
          backend.reduce().softmax(s[0], s[1], 5, cols);
          backend.reduce().logSoftmax(s[0], s[2], 5, cols);
        },
        x,
        new float[5 * cols],
        new float[5 * cols]);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 13, 207, 768, 4098, 50257})
  void sumOfSquaresAndAllFinite(int size) {
    Backend gpu = CudaParity.gpu();
    Backend reference = new ReferenceBackend();
    for (DType dtype : CudaParity.TYPES) {
      for (int margin : new int[] {0, 3}) {
        byte[] bits = Numbers.bytes(dtype, normal(size, 1));
        double expected =
            reference.reduce().sumOfSquares(Numbers.upload(reference, dtype, margin, bits));
        Span x = Numbers.upload(gpu, dtype, margin, bits);
        SoftwareGpu.seedUnlessGpu(size);
        double sum = gpu.reduce().sumOfSquares(x);
        SoftwareGpu.seedUnlessGpu(size + 1);
        assertEquals(sum, gpu.reduce().sumOfSquares(x), "two runs");
        var tolerance = Tolerance.of(DType.F64, size);
        assertTrue(
            tolerance.accepts(expected, sum), () -> sum + ", not " + expected + " in " + dtype);
        assertTrue(gpu.reduce().allFinite(x));
        if (size > 0) {
          for (int bad : new int[] {0x7c00, 0xfc00, 0x7e01}) {
            assertNotFinite(gpu, dtype, margin, bits, bad);
          }
        }
      }
    }
  }

  /** Plants the F16 {@code bad} in one of the elements, the last among them. */
  private static void assertNotFinite(Backend gpu, DType dtype, int margin, byte[] bits, int bad) {
    int size = bits.length / dtype.byteSize();
    float value = Float.float16ToFloat((short) bad);
    for (int at : new int[] {0, size / 2, size - 1}) {
      byte[] planted = bits.clone();
      Numbers.set(planted, dtype, at, value);
      assertFalse(
          gpu.reduce().allFinite(Numbers.upload(gpu, dtype, margin, planted)),
          () -> value + " at " + at);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = DType.class,
      names = {"F64", "I32"})
  void typesWithoutAKernelAreNamed(DType dtype) {
    Backend gpu = CudaParity.gpu();
    Span x = new Span(gpu.allocate(8), dtype, 0, 1);
    var thrown =
        assertThrows(UnsupportedKernelException.class, () -> gpu.reduce().softmax(x, x, 1, 1));
    assertTrue(thrown.getMessage().contains(dtype.toString()), thrown.getMessage());
  }
}
