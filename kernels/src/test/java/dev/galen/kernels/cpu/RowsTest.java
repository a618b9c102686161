package dev.galen.kernels.cpu;

import static dev.galen.kernels.cpu.Parity.normal;
import static dev.galen.kernels.cpu.Parity.normalOver;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.galen.tensor.DType;
import dev.galen.tensor.backend.Reduction;
import dev.galen.tensor.backend.Span;
import dev.galen.tensor.testing.Tolerance;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Kernels over rows and columns against the reference. */
class RowsTest {
  @ParameterizedTest
  @CsvSource({"1, 1", "13, 13", "1, 207", "207, 13", "50, 768", "3, 4098"})
  void layerNorm(int rows, int cols) {
    Parity.check(
        "layerNorm",
        Tolerance.of(DType.F32, cols),
        (backend, s) -> {
          backend.norm().layerNorm(s[0], s[1], s[2], s[3], s[4], s[5], rows, cols, 1e-5);
          backend
              .norm()
              .layerNormBackward(s[6], s[0], s[1], s[4], s[5], s[7], s[8], s[9], rows, cols);
        },
        normal(rows * cols, 1),
        normal(cols, 2),
        normal(cols, 3),
        new float[rows * cols],
        new float[rows],
        new float[rows],
        normalOver(rows, rows * cols, 4),
        new float[rows * cols],
        normal(cols, 5),
        normal(cols, 6));
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "13, 13", "1, 207", "207, 13", "50, 768", "3, 4098"})
  void residualLayerNorm(int rows, int cols) {
    Parity.check(
        "residualLayerNorm",
        Tolerance.of(DType.F32, cols),
        (backend, s) ->
            backend
                .norm()
                .residualLayerNorm(
                    s[0], s[1], s[2], s[3], s[4], s[5], s[6], s[7], rows, cols, 1e-5),
        normal(rows * cols, 1),
        normal(rows * cols, 2),
        new float[rows * cols],
        normal(cols, 3),
        normal(cols, 4),
        new float[rows * cols],
        new float[rows],
        new float[rows]);
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "13, 13", "1, 207", "207, 13", "50, 768", "3, 4098"})
  void rmsNorm(int rows, int cols) {
    Parity.check(
        "rmsNorm",
        Tolerance.of(DType.F32, Math.max(rows, cols)),
        (backend, s) -> {
          backend.norm().rmsNorm(s[0], s[1], s[2], s[3], rows, cols, 1e-5);
          backend.norm().rmsNormBackward(s[4], s[0], s[1], s[3], s[5], s[6], rows, cols);
        },
        normal(rows * cols, 1),
        normal(cols, 2),
        new float[rows * cols],
        new float[rows],
        normalOver(rows, rows * cols, 3),
        new float[rows * cols],
        normal(cols, 4));
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "13, 13", "207, 13", "3, 768", "40, 207", "2, 4098"})
  void softmax(int rows, int cols) {
    var tolerance = Tolerance.of(DType.F32, cols);
    Parity.check(
        "softmax",
        tolerance,
        (backend, s) -> {
          backend.reduce().softmax(s[0], s[1], rows, cols);
          backend.reduce().softmaxBackward(s[1], s[2], s[3], rows, cols);
        },
        normal(rows * cols, 1),
        new float[rows * cols],
        normal(rows * cols, 2),
        new float[rows * cols]);
    Parity.check(
        "logSoftmax",
        tolerance,
        (backend, s) -> {
          backend.reduce().logSoftmax(s[0], s[1], rows, cols);
          backend.reduce().logSoftmaxBackward(s[1], s[2], s[3], rows, cols);
        },
        normal(rows * cols, 1),
        new float[rows * cols],
        normalOver(cols, rows * cols, 2),
        new float[rows * cols]);
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "13, 207", "5, 4098", "2, 50257"})
  void crossEntropy(int rows, int classes) {
    var labels = new int[rows];
    for (int i = 0; i < rows; i++) {
      labels[i] = i % 3 == 1 ? -100 : i * 31 % classes;
    }
    Parity.check(
        "crossEntropy",
        Tolerance.of(DType.F32, classes),
        (backend, s) -> {
          backend.loss().crossEntropy(s[0], s[1], s[2], s[3], rows, classes, -100);
          backend
              .loss()
              .crossEntropyBackward(s[0], s[1], s[3], s[4], 0.25, s[5], rows, classes, -100);
          backend
              .loss()
              .crossEntropyBackward(s[0], s[1], s[3], s[4], 0.25, s[0], rows, classes, -100);
        },
        normal(rows * classes, 1),
        labels,
        new float[rows],
        new float[rows],
        new float[] {1.5f},
        new float[rows * classes]);
  }

  @Test
  void labelsAndIdsOutOfRangeAreNamed() {
    var backend = new VectorBackend(1);
    Span floats = span(backend, 1, 2, 3, 4);
    Span ids = new Span(backend.allocate(8), DType.I32, 0, 2);
    backend.upload(MemorySegment.ofArray(new int[] {1, 7}), ids);
    var label =
        assertThrows(
            IndexOutOfBoundsException.class,
            () -> backend.loss().crossEntropy(floats, ids, floats, floats, 2, 2, -100));
    assertTrue(label.getMessage().startsWith("label 7 at position 1"));
    var id =
        assertThrows(
            IndexOutOfBoundsException.class,
            () -> backend.embedding().gather(floats, ids, floats, 2, 2, 2));
    assertTrue(id.getMessage().startsWith("id 7 at position 1"));
  }

  @ParameterizedTest
  @CsvSource({
    "1, 1, 1",
    "13, 207, 1",
    "1, 4098, 1",
    "3, 20, 13",
    "2, 207, 40",
    "1, 13, 768",
    "4, 0, 5"
  })
  void reduce(int outer, int length, int inner) {
    for (Reduction f : Reduction.values()) {
      Parity.check(
          f.toString(),
          Tolerance.of(DType.F32, length),
          (backend, s) -> backend.reduce().reduce(f, s[0], s[1], outer, length, inner),
          normalOver(length, outer * length * inner, 1),
          new float[outer * inner]);
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "207, 13", "13, 768", "100, 207", "3, 4098"})
  void columnSum(int rows, int cols) {
    for (boolean accumulate : new boolean[] {false, true}) {
      Parity.check(
          "columnSum",
          Tolerance.of(DType.F32, rows),
          (backend, s) -> backend.reduce().columnSum(s[0], s[1], rows, cols, accumulate),
          normalOver(rows, rows * cols, 1),
          normal(cols, 2));
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "13, 13", "5, 207", "3, 4098"})
  void argmax(int rows, int cols) {
    float[] x = normal(rows * cols, 1);
    float[] ties = new float[rows * cols];
    Arrays.fill(ties, 2f);
    float[] withNaN = x.clone();
    withNaN[cols / 2] = Float.NaN;
    for (float[] values : new float[][] {x, ties, withNaN}) {
      Parity.check(
          "argmax",
          Tolerance.EXACT,
          (backend, s) -> backend.reduce().argmax(s[0], s[1], rows, cols),
          values,
          new int[rows]);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 13, 207, 4098, 100_000})
  void sumOfSquaresAndAllFinite(int size) {
    float[] x = normal(size, 1);
    double expected = 0;
    for (float value : x) {
      expected += (double) value * value;
    }
    var one = new VectorBackend(1);
    var two = new VectorBackend(2);
    double sum = one.reduce().sumOfSquares(span(one, x));
    assertEquals(expected, sum, expected * 1e-12);
    assertEquals(sum, two.reduce().sumOfSquares(span(two, x)));
    assertTrue(two.reduce().allFinite(span(two, x)));
    for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
      if (size > 0) {
        float[] y = x.clone();
        y[size * 2 / 3] = bad;
        assertFalse(two.reduce().allFinite(span(two, y)));
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 1, 1", "13, 13, 5", "207, 300, 20", "50, 768, 7"})
  void embedding(int rows, int cols, int tableRows) {
    var ids = new int[rows];
    for (int i = 0; i < rows; i++) {
      ids[i] = i * 7 % tableRows;
    }
    Parity.check(
        "gather",
        Tolerance.EXACT,
        (backend, s) -> backend.embedding().gather(s[0], s[1], s[2], rows, cols, tableRows),
        normal(tableRows * cols, 1),
        ids,
        new float[rows * cols]);
    Parity.check(
        "gatherBackward",
        Tolerance.of(DType.F32, rows),
        (backend, s) -> backend.embedding().gatherBackward(s[0], s[1], s[2], rows, cols, tableRows),
        normalOver(rows, rows * cols, 1),
        ids,
        normal(tableRows * cols, 2));
  }

  private static Span span(VectorBackend backend, float... values) {
    var span = new Span(backend.allocate(4L * values.length), DType.F32, 0, values.length);
    backend.upload(MemorySegment.ofArray(values), span);
    return span;
  }
}
