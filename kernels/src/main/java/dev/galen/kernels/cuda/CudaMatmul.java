package dev.galen.kernels.cuda;

import dev.galen.tensor.DType;
import dev.galen.tensor.backend.Backend;
import dev.galen.tensor.backend.MatmulKernels;
import dev.galen.tensor.backend.MatmulShape;
import dev.galen.tensor.backend.Span;
import dev.galen.tensor.backend.UnsupportedKernelException;
import java.nio.file.Path;

/**
 * Products by a BLAS. It is column-major, so that a row-major C is its transpose there: {@code C^T
 * = op(B)^T op(A)^T}, which needs the operands exchanged and nothing moved.
 */
final class CudaMatmul implements MatmulKernels {
  /** What NVIDIA recommends to cuBLAS on Hopper and newer, and on the cards before it, in bytes. */
  private static final long WORKSPACE = 32L << 20;

  private static final long SMALL_WORKSPACE = 8L << 20;
  private static final int HOPPER = 9;
  private static final int JCUBLAS_MAJOR = 12;

  private final CudaContext cuda;
  private final Backend backend;
  private final Gemm gemm;
  private final CublasLt withBias;
  private final CudaCopy copy;

  /** {@code withBias} is null where there is no cuBLASLt. */
  CudaMatmul(CudaContext cuda, Backend backend, Gemm gemm, CublasLt withBias, CudaCopy copy) {
    this.cuda = cuda;
    this.backend = backend;
    this.gemm = gemm;
    this.withBias = withBias;
    this.copy = copy;
  }

  /**
   * Opens the libraries. Their work is in one stream, one after the other, so that they share a
   * workspace.
   */
  static CudaMatmul open(CudaContext cuda, Backend backend, CudaCopy copy) {
    Path cublas =
        CudaLibrary.CUBLAS
            .file()
            .orElseThrow(() -> new IllegalStateException(CudaLibrary.CUBLAS.finding().toString()));
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
            .orElse(null),
        copy);
  }

  @Override
  public void matmul(MatmulShape s, Span a, Span b, Span bias, Span c, boolean accumulate) {
    DType dtype = a.dtype();
    requireShortFloat(dtype);
    requireShortFloat(c.dtype());
    if (c.dtype() != dtype && c.dtype() != DType.F32) {
      throw new IllegalArgumentException(
          "a product of %s is %s or F32, not %s".formatted(dtype, dtype, c.dtype()));
    }
    Operands.require("A", a, dtype, needed(s.batch(), s.strideA(), s.m(), s.k()));
    Operands.require("B", b, dtype, needed(s.batch(), s.strideB(), s.k(), s.n()));
    Operands.requireLength("C", c, needed(s.batch(), s.strideC(), s.m(), s.n()));
    if (bias != null) {
      Operands.require("bias", bias, c.dtype(), s.n());
    }
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

  private void run(MatmulShape s, Span a, Span b, Span bias, Span c, boolean accumulate) {
    if (bias != null && s.k() > 0 && multiplyWithBias(folded(s), a, b, bias, c, accumulate)) {
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

  /** Whether the library could add the bias on C's way out; if not, nothing was computed. */
  private boolean multiplyWithBias(
      MatmulShape s, Span a, Span b, Span bias, Span c, boolean accumulate) {
    return withBias != null
        && withBias.multiply(
            s,
            a.dtype(),
            c.dtype(),
            CublasLt.Epilogue.BIAS,
            DeviceBuffer.address(a),
            DeviceBuffer.address(b),
            DeviceBuffer.address(bias),
            0,
            DeviceBuffer.address(c),
            accumulate);
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
