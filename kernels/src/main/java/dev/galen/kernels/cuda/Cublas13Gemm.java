package dev.galen.kernels.cuda;

import static java.lang.foreign.ValueLayout.ADDRESS;

import dev.galen.kernels.cuda.binding.cublas_h;
import dev.galen.tensor.DType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Products by cuBLAS through the bindings: what {@link JCublasGemm} does, where only the library of
 * CUDA 13 is there, which JCublas cannot load.
 */
final class Cublas13Gemm implements Gemm {
  private final MemorySegment handle;

  /** Multiplies on {@code stream}, with {@code workspace} for as long as this lives. */
  Cublas13Gemm(DeviceStream stream, DeviceBuffer workspace) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment created = arena.allocate(ADDRESS);
      CublasTypes.check("cublasCreate", cublas_h.cublasCreate_v2(created));
      handle = created.get(ADDRESS, 0);
    }
    CublasTypes.check(
        "cublasSetStream",
        cublas_h.cublasSetStream_v2(handle, MemorySegment.ofAddress(stream.address())));
    CublasTypes.check(
        "cublasSetMathMode",
        cublas_h.cublasSetMathMode(
            handle,
            cublas_h.CUBLAS_DEFAULT_MATH()
                | cublas_h.CUBLAS_MATH_DISALLOW_REDUCED_PRECISION_REDUCTION()));
    CublasTypes.check(
        "cublasSetWorkspace",
        cublas_h.cublasSetWorkspace_v2(
            handle, MemorySegment.ofAddress(workspace.address()), workspace.byteSize()));
  }

  @Override
  public synchronized void multiply(
      DType dtype,
      DType result,
      boolean tf32,
      int batch,
      int m,
      int n,
      int k,
      boolean transposeA,
      long a,
      int lda,
      long strideA,
      boolean transposeB,
      long b,
      int ldb,
      long strideB,
      float beta,
      long c,
      int ldc,
      long strideC) {
    int type = CublasTypes.type(dtype);
    int resultType = CublasTypes.type(result);
    int opA = CublasTypes.operation(transposeA);
    int opB = CublasTypes.operation(transposeB);
    MemorySegment one = CublasTypes.ONE;
    MemorySegment scale = CublasTypes.scale(beta != 0);
    MemorySegment atA = MemorySegment.ofAddress(a);
    MemorySegment atB = MemorySegment.ofAddress(b);
    MemorySegment atC = MemorySegment.ofAddress(c);
    int sums = CublasTypes.sums(dtype, tf32);
    int algorithm = cublas_h.CUBLAS_GEMM_DEFAULT();
    // One product has a function of its own, because it may ignore strides.
    int status =
        batch == 1
            ? cublas_h.cublasGemmEx(
                handle,
                opA,
                opB,
                m,
                n,
                k,
                one,
                atA,
                type,
                lda,
                atB,
                type,
                ldb,
                scale,
                atC,
                resultType,
                ldc,
                sums,
                algorithm)
            : cublas_h.cublasGemmStridedBatchedEx(
                handle,
                opA,
                opB,
                m,
                n,
                k,
                one,
                atA,
                type,
                lda,
                strideA,
                atB,
                type,
                ldb,
                strideB,
                scale,
                atC,
                resultType,
                ldc,
                strideC,
                batch,
                sums,
                algorithm);
    if (status != cublas_h.CUBLAS_STATUS_SUCCESS()) {
      CublasTypes.check(
          "a product of %d x [%d, %d, %d] of %s in %s".formatted(batch, m, n, k, dtype, result),
          status);
    }
  }
}
