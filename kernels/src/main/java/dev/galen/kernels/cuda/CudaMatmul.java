package dev.galen.kernels.cuda;

import dev.galen.tensor.DType;
import dev.galen.tensor.backend.Backend;
import dev.galen.tensor.backend.Epilogue;
import dev.galen.tensor.backend.MatmulKernels;
import dev.galen.tensor.backend.MatmulShape;
import dev.galen.tensor.backend.PointwiseKernels;
import dev.galen.tensor.backend.ReduceKernels;
import dev.galen.tensor.backend.Span;
import dev.galen.tensor.backend.Unary;
import dev.galen.tensor.backend.UnsupportedKernelException;
import java.nio.file.Path;

/**
 * Products by a BLAS. It is column-major, so that a row-major C is its transpose there: {@code C^T
 * = op(B)^T op(A)^T}, which needs the operands exchanged and nothing moved.
 *
 * <p>A bias, GELU, its derivative and the sums of a bias's gradient are cuBLASLt's epilogues, where
 * that library is there and has an algorithm; else they are kernels of their own, before or behind
 * the product.
 */
final class CudaMatmul implements MatmulKernels {
  /** What NVIDIA recommends to cuBLAS on Hopper and newer, and on the GPUs before it, in bytes. */
  private static final long WORKSPACE = 32L << 20;

  private static final long SMALL_WORKSPACE = 8L << 20;
  private static final int HOPPER = 9;
  private static final int JCUBLAS_MAJOR = 12;

  private final CudaContext cuda;
  private final Backend backend;
  private final Gemm gemm;
  private final CublasLt epilogues;
  private final CudaCopy copy;
  private final PointwiseKernels pointwise;
  private final ReduceKernels reduce;

  /** {@code epilogues} is null where there is no cuBLASLt. */
  CudaMatmul(CudaContext cuda, Backend backend, Gemm gemm, CublasLt epilogues) {
    this.cuda = cuda;
    this.backend = backend;
    this.gemm = gemm;
    this.epilogues = epilogues;
    copy = new CudaCopy(cuda);
    pointwise = new CudaPointwise(cuda);
    reduce = new CudaReduce(cuda);
  }

  /**
   * Opens the libraries. Their work is in one stream, one after the other, so that they share a
   * workspace.
   */
  static CudaMatmul open(CudaContext cuda, Backend backend) {
    Path cublas =
        CudaLibrary.CUBLAS
            .file()
            .orElseThrow(
                () -> new IllegalStateException(CudaLibrary.CUBLAS.diagnostic().toString()));
    DeviceBuffer workspace = cuda.allocate(cuda.major() >= HOPPER ? WORKSPACE : SMALL_WORKSPACE);
    boolean jcublas = NativeLibrary.WINDOWS || CudaLibrary.major(cublas) == JCUBLAS_MAJOR;
    return new CudaMatmul(
        cuda,
        backend,
        jcublas
            ? new JCublasGemm(cuda.stream(), workspace)
            : new Cublas13Gemm(cuda.stream(), workspace),
        CudaLibrary.CUBLAS_LT
            .file()
            .map(file -> new CublasLt(cuda.stream(), workspace))
            .orElse(null));
  }

  @Override
  public void matmul(MatmulShape s, Span a, Span b, Span c, boolean accumulate, Epilogue epilogue) {
    epilogue.require(s, accumulate);
    if (epilogue instanceof Epilogue.Bias affine) {
      product(s, a, b, affine.bias(), c, accumulate);
    } else if (epilogue instanceof Epilogue.Activation activation) {
      activation(s, a, b, c, activation);
    } else if (epilogue instanceof Epilogue.ActivationBackward backward) {
      activationBackward(s, a, b, c, backward);
    } else {
      biasGradient(s, a, b, c, accumulate, (Epilogue.BiasGradient) epilogue);
    }
  }

  private void product(MatmulShape s, Span a, Span b, Span bias, Span c, boolean accumulate) {
    requireOperands(s, a, b, bias, "C", c);
    if (s.batch() == 0 || s.m() == 0 || s.n() == 0) {
      return;
    }
    // The libraries launch by themselves and do not know the lock.
    cuda.stream().lock();
    try {
      run(s, a, b, bias, c, accumulate);
    } finally {
      cuda.stream().unlock();
    }
  }

  private void activation(MatmulShape s, Span a, Span b, Span y, Epilogue.Activation epilogue) {
    Span bias = epilogue.bias();
    Span z = epilogue.z();
    requireOperands(s, a, b, bias, "y", y);
    Span result = matrix("y", y, a.dtype(), s);
    Span product = z == null ? result : matrix("z", z, a.dtype(), s);
    var own = z == null ? CublasLt.Epilogue.GELU_BIAS : CublasLt.Epilogue.GELU_AUX_BIAS;
    if (epilogue.f() == Unary.GELU_TANH
        && bias != null
        && multiply(own, s, a, b, bias, z, result, false)) {
      return;
    }
    product(s, a, b, bias, product, false);
    pointwise.unary(epilogue.f(), product, result);
  }

  private void activationBackward(
      MatmulShape s, Span a, Span b, Span dZ, Epilogue.ActivationBackward epilogue) {
    Span dBias = epilogue.dBias();
    requireOperands(s, a, b, null, "dZ", dZ);
    Span gradient = matrix("dZ", dZ, a.dtype(), s);
    Span input = matrix("z", epilogue.z(), a.dtype(), s);
    Span output = matrix("y", epilogue.y(), a.dtype(), s);
    if (epilogue.f() == Unary.GELU_TANH
        && multiplyWithSums(
            CublasLt.Epilogue.GELU_BACKWARD,
            s,
            a,
            b,
            input,
            gradient,
            false,
            dBias,
            s.n(),
            epilogue.accumulate())) {
      return;
    }
    product(s, a, b, null, gradient, false);
    pointwise.unaryBackward(epilogue.f(), input, output, gradient, gradient);
    if (dBias != null) {
      reduce.columnSum(gradient, dBias, s.m(), s.n(), epilogue.accumulate());
    }
  }

  private void biasGradient(
      MatmulShape s, Span a, Span b, Span c, boolean accumulate, Epilogue.BiasGradient epilogue) {
    requireOperands(s, a, b, null, "C", c);
    Span dBias = epilogue.dBias();
    int sums = epilogue.length(s);
    var own = epilogue.sumsA() ? CublasLt.Epilogue.SUM_A : CublasLt.Epilogue.SUM_B;
    // The library's sums have C's type; F32 is rounded by the kernel that has a shorter one.
    if (dBias.dtype() == c.dtype()
        && multiplyWithSums(
            own, s, a, b, null, c, accumulate, dBias, sums, epilogue.accumulate())) {
      return;
    }
    product(s, a, b, null, c, accumulate);
    reduce.columnSum(epilogue.sumsA() ? a : b, dBias, s.k(), sums, epilogue.accumulate());
  }

  private void requireOperands(MatmulShape s, Span a, Span b, Span bias, String name, Span c) {
    DType dtype = a.dtype();
    requireShortFloat(dtype);
    requireShortFloat(c.dtype());
    if (c.dtype() != dtype && c.dtype() != DType.F32) {
      throw new IllegalArgumentException(
          "a product of %s is %s or F32, not %s".formatted(dtype, dtype, c.dtype()));
    }
    Operands.require("A", a, dtype, needed(s.batch(), s.strideA(), s.m(), s.k()));
    Operands.require("B", b, dtype, needed(s.batch(), s.strideB(), s.k(), s.n()));
    Operands.requireLength(name, c, needed(s.batch(), s.strideC(), s.m(), s.n()));
    if (bias != null) {
      Operands.require("bias", bias, c.dtype(), s.n());
    }
  }

  /** The {@code [m, n]} of one product at the start of {@code span}. */
  private static Span matrix(String name, Span span, DType dtype, MatmulShape s) {
    long area = Operands.area(s.m(), s.n());
    Operands.require(name, span, dtype, area);
    return span.slice(0, area);
  }

  private void run(MatmulShape s, Span a, Span b, Span bias, Span c, boolean accumulate) {
    if (bias != null
        && multiply(CublasLt.Epilogue.BIAS, folded(s), a, b, bias, null, c, accumulate)) {
      return;
    }
    boolean adds = accumulate;
    if (bias != null || s.k() == 0) {
      for (int i = 0; i < s.batch(); i++) {
        prepare(c.slice(i * s.strideC(), (long) s.m() * s.n()), bias, s, accumulate);
      }
      adds = true;
    }
    if (s.k() > 0) {
      multiply(folded(s), a, b, c, adds);
    }
  }

  /** One A for all rows of all products is one product with more rows. */
  private static MatmulShape folded(MatmulShape s) {
    boolean one =
        s.strideB() == 0
            && !s.transposeA()
            && s.strideA() == (long) s.m() * s.k()
            && s.strideC() == (long) s.m() * s.n()
            && (long) s.m() * s.batch() <= Integer.MAX_VALUE;
    return one
        ? MatmulShape.single(s.m() * s.batch(), s.n(), s.k(), false, s.transposeB())
            .withTf32(s.tf32())
        : s;
  }

  /**
   * Multiplies with an epilogue that leaves {@code length} sums, which the library can only put
   * somewhere in C's type, not add; see {@link #multiply(CublasLt.Epilogue, MatmulShape, Span,
   * Span, Span, Span, Span, boolean)}.
   *
   * @param dBias where the sums go, or null where nobody wants them
   */
  private boolean multiplyWithSums(
      CublasLt.Epilogue epilogue,
      MatmulShape s,
      Span a,
      Span b,
      Span aux,
      Span c,
      boolean accumulate,
      Span dBias,
      int length,
      boolean accumulateBias) {
    if (dBias != null) {
      Operands.requireLength("dBias", dBias, length);
      if (!accumulateBias && dBias.dtype() == c.dtype()) {
        return multiply(epilogue, s, a, b, dBias, aux, c, accumulate);
      }
    }
    DeviceBuffer scratch = cuda.allocate((long) length * c.dtype().byteSize());
    Span sums = new Span(scratch, c.dtype(), 0, length);
    boolean done = multiply(epilogue, s, a, b, sums, aux, c, accumulate);
    if (done && dBias != null) {
      reduce.columnSum(sums, dBias, 1, length, accumulateBias);
    }
    scratch.free("a kernel's scratch");
    return done;
  }

  /** Whether the library has the product with this epilogue; if not, nothing was computed. */
  private boolean multiply(
      CublasLt.Epilogue epilogue,
      MatmulShape s,
      Span a,
      Span b,
      Span bias,
      Span aux,
      Span c,
      boolean accumulate) {
    if (epilogues == null || s.batch() == 0 || s.m() == 0 || s.n() == 0 || s.k() == 0) {
      return false;
    }
    // The libraries launch by themselves and do not know the lock.
    cuda.stream().lock();
    try {
      return epilogues.multiply(
          s,
          a.dtype(),
          c.dtype(),
          epilogue,
          DeviceBuffer.address(a),
          DeviceBuffer.address(b),
          DeviceBuffer.address(bias),
          aux == null ? 0 : DeviceBuffer.address(aux),
          DeviceBuffer.address(c),
          accumulate);
    } finally {
      cuda.stream().unlock();
    }
  }

  private void multiply(MatmulShape s, Span a, Span b, Span c, boolean adds) {
    gemm.multiply(
        a.dtype(),
        c.dtype(),
        s.tf32(),
        s.batch(),
        s.n(),
        s.m(),
        s.k(),
        s.transposeB(),
        DeviceBuffer.address(b),
        s.transposeB() ? s.k() : s.n(),
        s.strideB(),
        s.transposeA(),
        DeviceBuffer.address(a),
        s.transposeA() ? s.m() : s.k(),
        s.strideA(),
        adds ? 1 : 0,
        DeviceBuffer.address(c),
        s.n(),
        s.strideC());
  }

  private void requireShortFloat(DType dtype) {
    if (!dtype.isFloating() || dtype == DType.F64) {
      throw new UnsupportedKernelException(backend, "matmul", dtype);
    }
  }

  /** Makes one C what the product is then added to: the bias, or with it added. */
  private void prepare(Span c, Span bias, MatmulShape s, boolean accumulate) {
    if (bias != null) {
      cuda.launch("matmulBias", c.dtype())
          .pointer(bias)
          .pointer(c)
          .i64(s.m())
          .i64(s.n())
          .i32(accumulate ? 1 : 0)
          .run(cuda.grid(c.length()), Launch.BLOCK);
    } else if (!accumulate) {
      copy.fill(c, 0);
    }
  }

  /** Elements from the first to the last; -1 where an extent is negative. */
  private static long needed(int batch, long stride, int rows, int cols) {
    if (batch < 0 || rows < 0 || cols < 0 || stride < 0) {
      return -1;
    }
    return batch == 0 ? 0 : (batch - 1) * stride + (long) rows * cols;
  }
}
