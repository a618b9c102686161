package dev.galen.kernels.cpu;

import static dev.galen.kernels.cpu.Parity.normal;
import static dev.galen.kernels.cpu.Parity.normalOver;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.galen.kernels.CachedAttention;
import dev.galen.kernels.KernelParity.Rounded;
import dev.galen.kernels.LayerCases;
import dev.galen.tensor.DType;
import dev.galen.tensor.Layout;
import dev.galen.tensor.Shape;
import dev.galen.tensor.backend.AttentionShape;
import dev.galen.tensor.backend.Binary;
import dev.galen.tensor.backend.MatmulShape;
import dev.galen.tensor.backend.Reduction;
import dev.galen.tensor.backend.Span;
import dev.galen.tensor.backend.Unary;
import dev.galen.tensor.testing.Tolerance;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** F16 and BF16 against the reference, on any number of threads, in one block and in several. */
class HalfKernelsTest {
  /** More than a block of scratch holds, and no multiple of a vector. */
  private static final int MANY = (1 << 18) + 1021;

  private static Object[] all(DType dtype, Object... operands) {
    for (int i = 0; i < operands.length; i++) {
      if (operands[i] instanceof float[] values) {
        operands[i] = new Rounded(dtype, values);
      }
    }
    return operands;
  }

  @ParameterizedTest
  @EnumSource(names = {"F16", "BF16"})
  void products(DType dtype) {
    var shape = new MatmulShape(3, 17, 29, 40, true, false, 680, 1160, 500);
    var tolerance = Tolerance.rounded(dtype, 40);
    for (boolean accumulate : new boolean[] {false, true}) {
      Parity.check(
          "matmul with gaps in C",
          tolerance,
          (backend, s) -> backend.matmul().matmul(shape, s[0], s[1], s[2], s[3], accumulate),
          all(
              dtype,
              normalOver(40, 3 * 680, 1),
              normal(3 * 1160, 2),
              normal(29, 3),
              normal(1600, 4)));
    }
  }

  /** A product of rounded operands reaches F32 memory without being rounded. */
  @ParameterizedTest
  @EnumSource(names = {"F16", "BF16"})
  void gradientsOfParametersAreF32(DType dtype) {
    var shape = MatmulShape.single(50, 60, 33, true, false);
    for (boolean accumulate : new boolean[] {false, true}) {
      Parity.check(
          "matmul into F32",
          Tolerance.of(DType.F32, 33),
          (backend, s) -> backend.matmul().matmul(shape, s[0], s[1], null, s[2], accumulate),
          new Rounded(dtype, normalOver(33, 50 * 33, 1)),
          new Rounded(dtype, normal(60 * 33, 2)),
          normal(50 * 60, 3));
    }
  }

  /** Sums of rounded gradients may reach F32 memory, too. */
  @ParameterizedTest
  @EnumSource(names = {"F16", "BF16"})
  void layersWithWhatComesWithThem(DType dtype) {
    for (LayerCases.Case c : LayerCases.of(33, 40, 19)) {
      for (boolean wide : new boolean[] {false, true}) {
        Object[] operands =
            all(dtype, Arrays.copyOf(c.operands(), c.operands().length, Object[].class));
        if (wide && c.sums() >= 0) {
          operands[c.sums()] = c.operands()[c.sums()];
        }
        Parity.check(
            c + " in " + dtype, Tolerance.rounded(dtype, c.reduction()), c.call(), operands);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"F16", "BF16"})
  void sumsOfColumns(DType dtype) {
    for (boolean accumulate : new boolean[] {false, true}) {
      Parity.check(
          "columnSum",
          Tolerance.rounded(dtype, 50),
          (backend, s) -> backend.reduce().columnSum(s[0], s[1], 50, 77, accumulate),
          all(dtype, normalOver(50, 50 * 77, 1), normal(80, 2)));
      Parity.check(
          "columnSum into F32",
          Tolerance.of(DType.F32, 50),
          (backend, s) -> backend.reduce().columnSum(s[0], s[1], 50, 77, accumulate),
          new Rounded(dtype, normalOver(50, 50 * 77, 1)),
          normal(80, 2));
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"F16", "BF16"})
  void packedAttention(DType dtype) {
    int channels = 2 * 24;
    int time = 37;
    long row = 3L * channels;
    var shape =
        new AttentionShape(
            2, 2, time, time, 24, time * row, row, time * row, row, 0.2, true, 0.1, 3, 5);
    Parity.check(
        "attention",
        Tolerance.rounded(dtype, time),
        (backend, s) -> {
          Span q = s[0];
          Span k = third(q, 1, channels);
          Span v = third(q, 2, channels);
          backend.attention().attention(shape, q, k, v, null, s[1], s[2]);
          backend
              .attention()
              .attentionBackward(
                  shape,
                  q,
                  k,
                  v,
                  null,
                  s[1],
                  s[2],
                  s[3],
                  s[4],
                  third(s[4], 1, channels),
                  third(s[4], 2, channels));
        },
        new Rounded(dtype, normal(2 * time * 3 * channels, 1)),
        new Rounded(dtype, new float[2 * time * channels]),
        new float[2 * 2 * time],
        new Rounded(dtype, normal(2 * time * channels, 2)),
        new Rounded(dtype, new float[2 * time * 3 * channels]));
  }

  @ParameterizedTest
  @EnumSource(names = {"F16", "BF16"})
  void attentionOverACache(DType dtype) {
    var cache = new CachedAttention(4, 2, 3, 50, 24, true, 0, "0 47 20");
    Parity.check(
        "attention over a cache",
        Tolerance.rounded(dtype, 50),
        cache,
        all(dtype, cache.operands()));
  }

  private static Span third(Span packed, int index, int channels) {
    return packed.slice((long) index * channels, packed.length() - (long) index * channels);
  }

  @ParameterizedTest
  @EnumSource(names = {"F16", "BF16"})
  void layerNormWithF32Parameters(DType dtype) {
    int rows = MANY / 207;
    Parity.check(
        "layerNorm",
        Tolerance.rounded(dtype, rows),
        (backend, s) -> {
          backend.norm().layerNorm(s[0], s[1], s[2], s[3], s[4], s[5], rows, 207, 1e-5);
          backend
              .norm()
              .layerNormBackward(s[6], s[0], s[1], s[4], s[5], s[7], s[8], s[9], rows, 207);
        },
        new Rounded(dtype, normal(rows * 207, 1)),
        normal(207, 2),
        normal(207, 3),
        new Rounded(dtype, new float[rows * 207]),
        new float[rows],
        new float[rows],
        new Rounded(dtype, normalOver(rows, rows * 207, 4)),
        new Rounded(dtype, new float[rows * 207]),
        normal(207, 5),
        normal(207, 6));
  }

  @ParameterizedTest
  @EnumSource(names = {"F16", "BF16"})
  void residualLayerNormRoundsTheSum(DType dtype) {
    int rows = MANY / 207;
    Parity.check(
        "residualLayerNorm",
        Tolerance.rounded(dtype, 207),
        (backend, s) ->
            backend
                .norm()
                .residualLayerNorm(s[0], s[1], s[2], s[3], s[4], s[5], s[6], s[7], rows, 207, 1e-5),
        new Rounded(dtype, normal(rows * 207, 1)),
        new Rounded(dtype, normal(rows * 207, 2)),
        new Rounded(dtype, new float[rows * 207]),
        normal(207, 3),
        normal(207, 4),
        new Rounded(dtype, new float[rows * 207]),
        new float[rows],
        new float[rows]);
  }

  @ParameterizedTest
  @EnumSource(names = {"F16", "BF16"})
  void rmsNorm(DType dtype) {
    int rows = MANY / 207;
    Parity.check(
        "rmsNorm",
        Tolerance.rounded(dtype, rows),
        (backend, s) -> {
          backend.norm().rmsNorm(s[0], s[1], s[2], s[3], rows, 207, 1e-5);
          backend.norm().rmsNormBackward(s[4], s[0], s[1], s[3], s[5], s[6], rows, 207);
        },
        new Rounded(dtype, normal(rows * 207, 1)),
        normal(207, 2),
        new Rounded(dtype, new float[rows * 207]),
        new float[rows],
        new Rounded(dtype, normalOver(rows, rows * 207, 3)),
        new Rounded(dtype, new float[rows * 207]),
        normal(207, 4));
  }

  @ParameterizedTest
  @EnumSource(names = {"F16", "BF16"})
  void rowsInSeveralBlocks(DType dtype) {
    int classes = 50257;
    int rows = 7;
    var labels = new int[] {3, -100, 50256, 0, 17, -100, 40000};
    Parity.check(
        "crossEntropy",
        Tolerance.rounded(dtype, classes),
        (backend, s) -> {
          backend.loss().crossEntropy(s[0], s[1], s[2], s[3], rows, classes, -100);
          backend
              .loss()
              .crossEntropyBackward(s[0], s[1], s[3], s[4], 0.25, s[0], rows, classes, -100);
        },
        new Rounded(dtype, normal(rows * classes, 1)),
        labels,
        new float[rows],
        new float[rows],
        new float[] {1.5f});
    Parity.check(
        "softmax",
        Tolerance.rounded(dtype, classes),
        (backend, s) -> {
          backend.reduce().softmax(s[0], s[1], rows, classes);
          backend.reduce().argmax(s[0], s[2], rows, classes);
          backend.reduce().reduce(Reduction.MEAN, s[0], s[3], rows, classes, 1);
        },
        all(
            dtype,
            normal(rows * classes, 1),
            new float[rows * classes],
            new int[rows],
            new float[rows]));
  }

  @ParameterizedTest
  @EnumSource(names = {"F16", "BF16"})
  void elementsInSeveralBlocks(DType dtype) {
    var tolerance = Tolerance.rounded(dtype, 1);
    Parity.check(
        "pointwise, in place",
        tolerance,
        (backend, s) -> {
          backend.pointwise().unary(Unary.GELU_TANH, s[0], s[1]);
          backend.pointwise().unaryBackward(Unary.GELU_TANH, s[0], s[1], s[2], s[2]);
          backend.pointwise().affine(s[3], 3, -0.5, s[3]);
          backend.pointwise().axpy(0.5, s[0], s[3]);
        },
        all(dtype, normal(MANY, 1), new float[MANY], normal(MANY, 2), normal(MANY, 3)));
    Parity.check(
        "random",
        tolerance,
        (backend, s) -> {
          backend.random().dropout(s[0], s[1], 0.3, 5, 9);
          backend.random().uniform(s[2], -1, 1, 5, 9);
          backend.random().normal(s[3], 0, 1, 5, 9);
        },
        all(dtype, normal(MANY, 1), new float[MANY], new float[MANY], new float[MANY]));
  }

  @ParameterizedTest
  @EnumSource(names = {"F16", "BF16"})
  void stridedOperands(DType dtype) {
    Layout matrix = Layout.contiguous(Shape.of(19, 45));
    Layout row = Layout.contiguous(Shape.of(45)).expand(Shape.of(19, 45));
    Parity.check(
        "binary",
        Tolerance.rounded(dtype, 1),
        (backend, s) -> {
          backend.pointwise().binary(Binary.MUL, s[0], matrix, s[1], row, s[2]);
          backend.copy().fill(s[3], 0.1);
        },
        all(dtype, normal(19 * 45, 1), normal(45, 2), new float[19 * 45], new float[7]));
    Layout flipped = Layout.contiguous(Shape.of(45, 19)).permute(1, 0);
    Parity.check(
        "casts",
        Tolerance.EXACT,
        (backend, s) -> {
          backend.copy().copy(s[0], matrix, s[1], matrix);
          backend.copy().copy(s[0], matrix, s[2], flipped);
          backend.copy().copy(s[1], flipped, s[3], matrix);
        },
        normal(19 * 45, 1),
        new Rounded(dtype, new float[19 * 45]),
        new Rounded(dtype, new float[19 * 45]),
        new float[19 * 45]);
  }

  @ParameterizedTest
  @EnumSource(names = {"F16", "BF16"})
  void rowsByIndex(DType dtype) {
    var ids = new int[] {4, 0, 4, 2};
    Parity.check(
        "embedding",
        Tolerance.rounded(dtype, 2),
        (backend, s) -> {
          backend.embedding().gather(s[0], s[1], s[2], 4, 33, 5);
          backend.embedding().gatherBackward(s[2], s[1], s[3], 4, 33, 5);
        },
        all(dtype, normal(5 * 33, 1), ids, new float[4 * 33], normal(5 * 33, 2)));
  }

  @ParameterizedTest
  @EnumSource(names = {"F16", "BF16"})
  void sumsOfEverything(DType dtype) {
    var backend = new VectorBackend(2);
    var ones = new Span(backend.allocate(2 * 1000), dtype, 0, 1000);
    backend.copy().fill(ones, 2);
    assertEquals(4000, backend.reduce().sumOfSquares(ones));
    assertTrue(backend.reduce().allFinite(ones));
    backend.copy().fill(ones.slice(707, 1), Double.POSITIVE_INFINITY);
    assertFalse(backend.reduce().allFinite(ones));
  }

  @ParameterizedTest
  @EnumSource(names = {"F16", "BF16"})
  void aWrongLabelIsNamedByItsPlaceInAllRows(DType dtype) {
    var backend = new VectorBackend(1);
    int classes = 1 << 18;
    var logits = new Span(backend.allocate(2L * 3 * classes), dtype, 0, 3L * classes);
    var floats = new Span(backend.allocate(12), DType.F32, 0, 3);
    var labels = new Span(backend.allocate(12), DType.I32, 0, 3);
    backend.upload(MemorySegment.ofArray(new int[] {1, 2, -7}), labels);
    var error =
        assertThrows(
            IndexOutOfBoundsException.class,
            () -> backend.loss().crossEntropy(logits, labels, floats, floats, 3, classes, -100));
    assertTrue(error.getMessage().startsWith("label -7 at position 2"), error.getMessage());
  }
}
