package dev.galen.kernels.cuda;

import static dev.galen.kernels.KernelParity.normal;
import static dev.galen.kernels.KernelParity.normalOver;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.galen.kernels.KernelParity;
import dev.galen.kernels.LayerCases;
import dev.galen.tensor.DType;
import dev.galen.tensor.backend.Backend;
import dev.galen.tensor.backend.Epilogue;
import dev.galen.tensor.backend.MatmulShape;
import dev.galen.tensor.backend.Span;
import dev.galen.tensor.backend.Unary;
import dev.galen.tensor.testing.Tolerance;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every orientation, at sizes that are no multiple of anything, against the reference. */
@Tag("software-gpu")
@Tag("gpu")
class CudaMatmulTest {
  @ParameterizedTest
  @CsvSource({
    "1, 1, 1",
    "1, 768, 207",
    "13, 13, 13",
    "13, 768, 1",
    "207, 13, 768",
    "65, 207, 257",
    "3, 4098, 20",
    "5, 7, 0"
  })
  void agreesInEveryOrientation(int m, int n, int k) {
    for (boolean transposeA : new boolean[] {false, true}) {
      for (boolean transposeB : new boolean[] {false, true}) {
        check(MatmulShape.single(m, n, k, transposeA, transposeB));
      }
    }
  }

  @Test
  void batchesWithStridesAndSharedOperands() {
    check(new MatmulShape(3, 17, 29, 40, false, false, 700, 1200, 500));
    check(new MatmulShape(3, 17, 29, 40, true, true, 680, 0, 493));
    check(new MatmulShape(3, 17, 29, 40, false, true, 680, 0, 493));
    check(new MatmulShape(4, 1, 29, 40, false, true, 0, 1160, 29));
    check(new MatmulShape(0, 5, 6, 7, false, false, 35, 42, 30));
  }

  /** The gradient of a parameter is F32 while what it is summed over is not. */
  @ParameterizedTest
  @EnumSource(names = {"F16", "BF16"})
  void reachesF32Unrounded(DType dtype) {
    var shape = MatmulShape.single(50, 60, 33, true, false);
    for (boolean accumulate : new boolean[] {false, true}) {
      CudaParity.check(
          dtype,
          "matmul into F32",
          Tolerance.of(DType.F32, 33),
          (backend, s) -> backend.matmul().matmul(shape, s[0], s[1], null, s[2], accumulate),
          normalOver(33, 50 * 33, 1),
          normal(60 * 33, 2),
          new KernelParity.Rounded(DType.F32, normal(50 * 60, 3)));
    }
  }

  /** Widths that cuBLASLt's epilogues take, and widths that none of them takes. */
  @ParameterizedTest
  @CsvSource({"1, 8, 1", "13, 40, 207", "33, 48, 19", "13, 25, 33", "5, 8, 0", "0, 8, 7"})
  void layersWithWhatComesWithThem(int m, int n, int k) {
    for (LayerCases.Case c : LayerCases.of(m, n, k)) {
      CudaParity.check(
          c.what(), dtype -> Tolerance.of(dtype, c.reduction()), c.call(), (Object[]) c.operands());
    }
  }

  /**
   * The gradient of a weight and that of its bias are F32 where what they are summed over is not.
   */
  @ParameterizedTest
  @EnumSource(names = {"F16", "BF16"})
  void gradientsReachF32Unrounded(DType dtype) {
    for (LayerCases.Case c : LayerCases.of(32, 24, 50)) {
      if (c.what().startsWith("bias gradient")) {
        for (int types = 0; types < 4; types++) {
          boolean both = types == 3;
          CudaParity.check(
              dtype,
              c.what() + ", F32 are " + types,
              both ? Tolerance.of(DType.F32, c.reduction()) : Tolerance.of(dtype, c.reduction()),
              c.call(),
              c.operands()[0],
              c.operands()[1],
              (types & 1) == 0 ? c.operands()[2] : wide(c.operands()[2]),
              (types & 2) == 0 ? c.operands()[3] : wide(c.operands()[3]));
        }
      } else if (c.sums() >= 0) {
        Object[] operands = Arrays.copyOf(c.operands(), c.operands().length, Object[].class);
        operands[c.sums()] = wide(c.operands()[c.sums()]);
        CudaParity.check(dtype, c.what(), Tolerance.of(dtype, c.reduction()), c.call(), operands);
      }
    }
  }

  private static KernelParity.Rounded wide(float[] values) {
    return new KernelParity.Rounded(DType.F32, values);
  }

  /** TF32 keeps the 10 bits of F16, and is taken only where it is asked for. */
  @Test
  void roundsOperandsToTf32WhereAsked() {
    var exact = MatmulShape.single(20, 30, 40, false, true);
    float[] a = normalOver(40, 20 * 40, 1);
    float[] b = normal(30 * 40, 2);
    float[] c = new float[20 * 30];
    for (float[] bias : new float[][] {null, normal(30, 3)}) {
      CudaParity.check(
          DType.F32,
          "matmul in TF32",
          Tolerance.of(DType.F16, 40),
          (backend, s) ->
              backend.matmul().matmul(exact.withTf32(true), s[0], s[1], s[2], s[3], false),
          a,
          b,
          bias,
          c);
    }
    assertFalse(Arrays.equals(product(exact, a, b), product(exact.withTf32(true), a, b)));
  }

  /** The library is told so with every epilogue. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void roundsOperandsToTf32InEpilogues(boolean sumsA) {
    float[] a = normalOver(40, 20 * 40, 1);
    float[] b = normal(40 * 24, 2);
    float[] c = normal(20 * 24, 3);
    float[] bias = normal(24, 4);
    var exact = MatmulShape.single(20, 24, 40, true, false);
    List<KernelParity.Call> calls =
        List.of(
            (gpu, s) ->
                gpu.matmul()
                    .matmul(
                        exact,
                        s[0],
                        s[1],
                        s[2],
                        false,
                        new Epilogue.Activation(s[3], Unary.GELU_TANH, null)),
            (gpu, s) ->
                gpu.matmul()
                    .matmul(
                        exact.withTf32(true),
                        s[0],
                        s[1],
                        s[2],
                        false,
                        new Epilogue.Activation(s[3], Unary.GELU_TANH, null)),
            (gpu, s) -> backward(gpu, exact, s),
            (gpu, s) -> backward(gpu, exact.withTf32(true), s),
            (gpu, s) ->
                gpu.matmul()
                    .matmul(
                        exact,
                        s[0],
                        s[1],
                        s[2],
                        false,
                        new Epilogue.BiasGradient(sumsA, s[3], false)),
            (gpu, s) ->
                gpu.matmul()
                    .matmul(
                        exact.withTf32(true),
                        s[0],
                        s[1],
                        s[2],
                        false,
                        new Epilogue.BiasGradient(sumsA, s[3], false)));
    for (int i = 0; i < calls.size(); i += 2) {
      float[] full = result(calls.get(i), a, b, c, bias);
      float[] rounded = result(calls.get(i + 1), a, b, c, bias);
      assertFalse(Arrays.equals(full, rounded), "call " + i);
      for (int j = 0; j < full.length; j++) {
        assertTrue(Tolerance.of(DType.F16, 40).accepts(full[j], rounded[j]), "call " + i);
      }
    }
  }

  private static void backward(Backend gpu, MatmulShape shape, Span[] s) {
    gpu.matmul()
        .matmul(
            shape,
            s[0],
            s[1],
            s[2],
            false,
            new Epilogue.ActivationBackward(Unary.GELU_TANH, s[4], s[4], s[3], false));
  }

  /** Operand 2 of a call in F32; operand 4 has its initial values. */
  private static float[] result(
      KernelParity.Call call, float[] a, float[] b, float[] c, float[] bias) {
    Backend gpu = CudaParity.gpu();
    var spans = new Span[5];
    float[][] operands = {a, b, c, bias, c};
    for (int i = 0; i < spans.length; i++) {
      spans[i] = new Span(gpu.allocate(4L * operands[i].length), DType.F32, 0, operands[i].length);
      gpu.upload(MemorySegment.ofArray(operands[i]), spans[i]);
    }
    call.on(gpu, spans);
    var result = new float[c.length];
    gpu.download(spans[2], MemorySegment.ofArray(result));
    return result;
  }

  private static float[] product(MatmulShape shape, float[] a, float[] b) {
    var gpu = CudaParity.gpu();
    Span left = new Span(gpu.allocate(4L * a.length), DType.F32, 0, a.length);
    Span right = new Span(gpu.allocate(4L * b.length), DType.F32, 0, b.length);
    gpu.upload(MemorySegment.ofArray(a), left);
    gpu.upload(MemorySegment.ofArray(b), right);
    var result = new float[shape.m() * shape.n()];
    Span c = new Span(gpu.allocate(4L * result.length), DType.F32, 0, result.length);
    gpu.matmul().matmul(shape, left, right, null, c, false);
    gpu.download(c, MemorySegment.ofArray(result));
    return result;
  }

  @Test
  void shortOperandIsRefusedByName() {
    var backend = CudaParity.gpu();
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
    for (boolean accumulate : new boolean[] {false, true}) {
      for (float[] addend : new float[][] {null, bias}) {
        CudaParity.check(
            s + (accumulate ? " accumulating" : "") + (addend == null ? "" : " with bias"),
            dtype -> Tolerance.of(dtype, s.k()),
            (backend, x) -> backend.matmul().matmul(s, x[0], x[1], x[2], x[3], accumulate),
            a,
            b,
            addend,
            c);
      }
    }
  }

  private static int size(int batch, long stride, int rows, int cols) {
    return batch == 0 ? 0 : Math.toIntExact((batch - 1) * stride + (long) rows * cols);
  }
}
