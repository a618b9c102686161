package dev.galen.kernels.cpu;

import static dev.galen.kernels.cpu.Parity.normal;
import static dev.galen.kernels.cpu.Parity.normalOver;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.galen.kernels.LayerCases;
import dev.galen.tensor.DType;
import dev.galen.tensor.backend.MatmulShape;
import dev.galen.tensor.backend.Span;
import dev.galen.tensor.backend.host.HostBuffer;
import dev.galen.tensor.testing.Tolerance;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every orientation, at sizes that are no multiple of anything, against the reference. */
class MatmulTest {
  @ParameterizedTest
  @CsvSource({
    "1, 1, 1",
    "1, 13, 207",
    "1, 768, 207",
    "1, 1031, 768",
    "2, 50, 13",
    "3, 207, 300",
    "8, 48, 256",
    "13, 13, 13",
    "13, 768, 1",
    "207, 13, 768",
    "65, 207, 257",
    "130, 49, 600",
    "300, 400, 31",
    "5, 7, 0"
  })
  void agreesInEveryOrientation(int m, int n, int k) {
    for (boolean transposeA : new boolean[] {false, true}) {
      for (boolean transposeB : new boolean[] {false, true}) {
        check(MatmulShape.single(m, n, k, transposeA, transposeB));
      }
    }
  }

  /** A step of several sequences: each has the bits that it has alone, up to sixteen of them. */
  @ParameterizedTest
  @CsvSource({"1, 207, 300", "2, 40, 768", "3, 50, 207", "4, 1031, 70"})
  void sequencesHaveTheirBitsInAnyBatch(int positions, int n, int k) {
    for (boolean transposeB : new boolean[] {false, true}) {
      float[] b = normal(n * k, 2);
      for (int sequences : new int[] {2, 3, 5, 9, 16}) {
        int rows = sequences * positions;
        float[] a = normal(rows * k, 1);
        var shape = MatmulShape.single(rows, n, k, false, transposeB).withSequence(positions);
        check(shape);
        float[] all = product(shape, a, b);
        for (int from = 0; from < rows; from += positions) {
          float[] x = Arrays.copyOfRange(a, from * k, (from + positions) * k);
          assertArrayEquals(
              product(MatmulShape.single(positions, n, k, false, transposeB), x, b),
              Arrays.copyOfRange(all, from * n, (from + positions) * n),
              shape + ", row " + from);
        }
      }
    }
  }

  private static float[] product(MatmulShape shape, float[] a, float[] b) {
    var backend = new VectorBackend(2);
    Span left = span(backend, a);
    Span right = span(backend, b);
    Span target = span(backend, new float[shape.m() * shape.n()]);
    backend.matmul().matmul(shape, left, right, null, target, false);
    float[] c = HostBuffer.segment(target).toArray(ValueLayout.JAVA_FLOAT);
    for (Span span : new Span[] {left, right, target}) {
      span.buffer().free("test");
    }
    return c;
  }

  private static Span span(VectorBackend backend, float[] values) {
    Span span = Span.of(backend.allocate(4L * values.length), DType.F32);
    backend.upload(MemorySegment.ofArray(values), span);
    return span;
  }

  @Test
  void batchesWithStridesAndSharedOperands() {
    check(new MatmulShape(3, 17, 29, 40, false, false, 700, 1200, 500));
    check(new MatmulShape(3, 17, 29, 40, true, true, 680, 0, 493));
    check(new MatmulShape(4, 1, 29, 40, false, true, 0, 1160, 29));
    check(new MatmulShape(0, 5, 6, 7, false, false, 35, 42, 30));
  }

  @ParameterizedTest
  @CsvSource({"1, 1, 1", "1, 207, 13", "13, 40, 207", "65, 207, 257", "5, 7, 0", "0, 5, 7"})
  void layersWithWhatComesWithThem(int m, int n, int k) {
    for (LayerCases.Case c : LayerCases.of(m, n, k)) {
      Parity.check(
          c.what(), Tolerance.of(DType.F32, c.reduction()), c.call(), (Object[]) c.operands());
    }
  }

  @Test
  void shortOperandIsRefusedByName() {
    var backend = new VectorBackend(1);
    Span small = Span.of(backend.allocate(4 * 5), DType.F32);
    Span large = Span.of(backend.allocate(4 * 6), DType.F32);
    var shape = MatmulShape.single(2, 2, 3, false, false);
    var error =
        assertThrows(
            IllegalArgumentException.class,
            () -> backend.matmul().matmul(shape, large, small, null, large, false));
    assertTrue(error.getMessage().contains("B holds 5 elements, but the kernel needs 6"));
  }

  private static void check(MatmulShape s) {
    float[] a = normalOver(s.k(), size(s.batch(), s.strideA(), s.m(), s.k()), 1);
    float[] b = normal(size(s.batch(), s.strideB(), s.k(), s.n()), 2);
    float[] bias = normal(s.n(), 3);
    float[] c = normal(size(s.batch(), s.strideC(), s.m(), s.n()), 4);
    var tolerance = Tolerance.of(DType.F32, s.k());
    Parity.check(
        s + " with bias",
        tolerance,
        (backend, x) -> backend.matmul().matmul(s, x[0], x[1], x[2], x[3], false),
        a,
        b,
        bias,
        c);
    Parity.check(
        s + " accumulating",
        tolerance,
        (backend, x) -> backend.matmul().matmul(s, x[0], x[1], null, x[2], true),
        a,
        b,
        c);
  }

  private static int size(int batch, long stride, int rows, int cols) {
    return batch == 0 ? 0 : Math.toIntExact((batch - 1) * stride + (long) rows * cols);
  }
}
