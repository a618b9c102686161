package dev.galen.kernels.cuda;

import static dev.galen.kernels.KernelParity.normal;
import static dev.galen.kernels.KernelParity.normalOver;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.galen.kernels.KernelParity;
import dev.galen.kernels.cuda.CublasLt.Epilogue;
import dev.galen.tensor.DType;
import dev.galen.tensor.Layout;
import dev.galen.tensor.Shape;
import dev.galen.tensor.backend.Backend;
import dev.galen.tensor.backend.MatmulShape;
import dev.galen.tensor.backend.Reduction;
import dev.galen.tensor.backend.Span;
import dev.galen.tensor.backend.Unary;
import dev.galen.tensor.testing.Tolerance;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The calls of cuBLASLt, on a stand-in that is strict about each, against separate kernels. */
@Tag("software-gpu")
class CublasLtTest {
  private static final List<MatmulShape> SHAPES =
      List.of(
          shape(1, 1, 8, 1, 0),
          shape(1, 13, 16, 7, 1),
          shape(1, 7, 24, 207, 2),
          shape(1, 33, 40, 13, 3),
          shape(1, 5, 768, 4, 0));

  private CudaContext cuda;
  private CublasLt lt;

  @BeforeEach
  void open() {
    cuda = ((CudaBackend) CudaParity.gpu()).context();
    lt = new CublasLt(cuda.stream(), cuda.allocate(1 << 20));
  }

  /** Packed products; bit 0 of {@code transposes} is A's, bit 1 B's. */
  private static MatmulShape shape(int batch, int m, int n, int k, int transposes) {
    return new MatmulShape(
        batch,
        m,
        n,
        k,
        (transposes & 1) != 0,
        (transposes & 2) != 0,
        (long) m * k,
        (long) k * n,
        (long) m * n);
  }

  @ParameterizedTest
  @EnumSource
  void epilogueEqualsSeparateKernels(Epilogue epilogue) {
    for (MatmulShape s : SHAPES) {
      check(s, epilogue, false);
    }
  }

  @Test
  void shortTypesReachF32() {
    MatmulShape s = SHAPES.get(3);
    for (DType dtype : new DType[] {DType.F16, DType.BF16}) {
      CudaParity.check(
          dtype,
          "F32 of " + dtype,
          Tolerance.of(DType.F32, s.k()),
          (backend, x) -> {
            if (backend instanceof CudaBackend) {
              assertTrue(multiply(s, Epilogue.BIAS, x, false));
            } else {
              Span a = f32(backend, x[0]);
              Span b = f32(backend, x[1]);
              backend.matmul().matmul(s, a, b, x[2], x[4], false);
            }
          },
          normalOver(s.k(), s.m() * s.k(), 1),
          normal(s.k() * s.n(), 2),
          new KernelParity.Rounded(DType.F32, normal(s.n(), 3)),
          new KernelParity.Rounded(DType.F32, normal(1, 4)),
          new KernelParity.Rounded(DType.F32, normal(s.m() * s.n(), 5)));
    }
  }

  private static Span f32(Backend backend, Span x) {
    var y = new Span(backend.allocate(4 * x.length()), DType.F32, 0, x.length());
    Layout layout = Layout.contiguous(Shape.of((int) x.length()));
    backend.copy().copy(x, layout, y, layout);
    return y;
  }

  @Test
  void biasIsAddedToWhatWasThere() {
    check(shape(3, 9, 11, 5, 0), Epilogue.BIAS, true);
  }

  private void check(MatmulShape s, Epilogue epilogue, boolean accumulate) {
    boolean gradient = epilogue == Epilogue.GELU_BACKWARD;
    CudaParity.check(
        epilogue + " of " + s,
        dtype -> Tolerance.of(dtype, gradient ? (long) s.m() * s.k() : s.k()),
        (backend, x) -> {
          if (backend instanceof CudaBackend) {
            assertTrue(multiply(s, epilogue, x, accumulate));
          } else {
            separately(backend, s, epilogue, x, accumulate);
          }
        },
        normalOver(s.k(), s.batch() * s.m() * s.k(), 1),
        normal(s.batch() * s.k() * s.n(), 2),
        normal(epilogue == Epilogue.SUM_A ? s.m() : s.n(), 3),
        normal(s.m() * s.n(), 4),
        normal(s.batch() * s.m() * s.n(), 5));
  }

  private boolean multiply(MatmulShape s, Epilogue epilogue, Span[] x, boolean accumulate) {
    return lt.multiply(
        s,
        x[0].dtype(),
        x[4].dtype(),
        epilogue,
        DeviceBuffer.address(x[0]),
        DeviceBuffer.address(x[1]),
        DeviceBuffer.address(x[2]),
        DeviceBuffer.address(x[3]),
        DeviceBuffer.address(x[4]),
        accumulate);
  }

  /** The epilogue's formula, kernel by kernel; operands are A, B, bias, aux, C. */
  private static void separately(
      Backend backend, MatmulShape s, Epilogue epilogue, Span[] x, boolean accumulate) {
    Span a = x[0];
    Span b = x[1];
    Span bias = x[2];
    Span aux = x[3];
    Span c = x[4];
    switch (epilogue) {
      case BIAS -> backend.matmul().matmul(s, a, b, bias, c, accumulate);
      case GELU_BIAS -> {
        backend.matmul().matmul(s, a, b, bias, c, false);
        backend.pointwise().unary(Unary.GELU_TANH, c, c);
      }
      case GELU_AUX_BIAS -> {
        backend.matmul().matmul(s, a, b, bias, aux, false);
        backend.pointwise().unary(Unary.GELU_TANH, aux, c);
      }
      case GELU_BACKWARD -> {
        backend.matmul().matmul(s, a, b, null, c, false);
        Span y = new Span(backend.allocate(aux.byteSize()), aux.dtype(), 0, aux.length());
        backend.pointwise().unary(Unary.GELU_TANH, aux, y);
        backend.pointwise().unaryBackward(Unary.GELU_TANH, aux, y, c, c);
        backend.reduce().columnSum(c, bias, s.m(), s.n(), false);
      }
      case SUM_B -> {
        backend.matmul().matmul(s, a, b, null, c, false);
        sum(backend, b, bias, s.transposeB(), s.n(), s.k());
      }
      case SUM_A -> {
        backend.matmul().matmul(s, a, b, null, c, false);
        sum(backend, a, bias, !s.transposeA(), s.m(), s.k());
      }
    }
  }

  /** Sums of {@code k} terms, which lie side by side or {@code outputs} apart. */
  private static void sum(Backend backend, Span x, Span y, boolean sideBySide, int outputs, int k) {
    if (sideBySide) {
      backend.reduce().reduce(Reduction.SUM, x, y, outputs, k, 1);
    } else {
      backend.reduce().columnSum(x, y, k, outputs, false);
    }
  }

  private Span memory(DType dtype, int offset, int length) {
    var buffer = cuda.allocate((offset + length) * (long) dtype.byteSize());
    var zeros = new Span(buffer, DType.U8, 0, buffer.byteSize());
    cuda.upload(MemorySegment.ofArray(new byte[(int) zeros.length()]), zeros);
    return new Span(buffer, dtype, offset, length);
  }

  private Span[] operands(MatmulShape s, DType dtype, int offset) {
    int c = s.batch() * s.m() * s.n();
    return new Span[] {
      memory(dtype, offset, s.batch() * s.m() * s.k()),
      memory(dtype, offset, s.batch() * s.k() * s.n()),
      memory(dtype, offset, s.n()),
      memory(dtype, offset, c),
      memory(dtype, offset, c)
    };
  }

  @Test
  void planIsKeptByShapeTypeEpilogueAndAlignment() {
    MatmulShape s = SHAPES.get(1);
    multiply(s, Epilogue.BIAS, operands(s, DType.F32, 0), false);
    multiply(s, Epilogue.BIAS, operands(s, DType.F32, 0), true);
    assertEquals(1, lt.plans());
    multiply(s, Epilogue.GELU_BIAS, operands(s, DType.F32, 0), false);
    multiply(s, Epilogue.BIAS, operands(s, DType.F16, 0), false);
    multiply(SHAPES.get(2), Epilogue.BIAS, operands(SHAPES.get(2), DType.F32, 0), false);
    multiply(s, Epilogue.BIAS, operands(s, DType.F32, 3), false);
    assertEquals(5, lt.plans());
  }

  /** The stand-in refuses a plan for an operand that is less aligned than was said. */
  @Test
  void alignmentOfEachOperandIsSaid() {
    MatmulShape s = SHAPES.get(1);
    for (int shifted : new int[] {0, 1, 2, 4}) {
      Span[] operands = operands(s, DType.F32, 0);
      operands[shifted] = operands(s, DType.F32, 3)[shifted];
      assertTrue(multiply(s, Epilogue.BIAS, operands, false), "operand " + shifted);
    }
    assertEquals(4, lt.plans());
  }

  @Test
  void plansAreThrownAwayBeforeThereAreTooMany() {
    Span[] operands = operands(shape(1, 1100, 8, 1, 0), DType.F32, 0);
    for (int m = 1; m <= 1100; m++) {
      assertTrue(multiply(shape(1, m, 8, 1, 0), Epilogue.BIAS, operands, false));
    }
    assertEquals(1024, lt.plans());
    assertTrue(multiply(shape(1, 1, 8, 1, 0), Epilogue.BIAS, operands, false), "made again");
    cuda.synchronize();
  }

  @Test
  void withoutAnAlgorithmTheCallerIsTold() {
    for (MatmulShape s : List.of(shape(2, 4, 8, 3, 0), shape(1, 4, 9, 3, 0))) {
      Span[] operands = operands(s, DType.F32, 0);
      assertFalse(multiply(s, Epilogue.GELU_BACKWARD, operands, false), s.toString());
      assertFalse(multiply(s, Epilogue.GELU_BACKWARD, operands, false), "the answer is kept");
    }
    assertFalse(
        multiply(
            shape(2, 4, 8, 3, 0),
            Epilogue.SUM_B,
            operands(shape(2, 4, 8, 3, 0), DType.F32, 0),
            false),
        "the stand-in has no algorithm for it");
  }

  /** cuBLAS through the bindings, with biases laid into C first. */
  @Test
  void productsWithoutJCublasAndCublasLt() {
    var backend = (CudaBackend) CudaParity.gpu();
    var matmul =
        new CudaMatmul(
            cuda, backend, new Cublas13Gemm(cuda.stream(), cuda.allocate(1 << 20)), null);
    for (int i = 0; i < 8; i++) {
      MatmulShape s = shape(1 + 2 * (i >> 2), 13, 7, 33, i & 3);
      boolean accumulate = i % 3 == 0;
      CudaParity.check(
          "the bindings' " + s,
          dtype -> Tolerance.of(dtype, s.k()),
          (on, x) ->
              (on instanceof CudaBackend ? matmul : on.matmul())
                  .matmul(s, x[0], x[1], x[2], x[3], accumulate),
          normalOver(s.k(), s.batch() * s.m() * s.k(), 1),
          normal(s.batch() * s.k() * s.n(), 2),
          i % 2 == 0 ? normal(s.n(), 3) : null,
          normal(s.batch() * s.m() * s.n(), 4));
    }
  }
}
