package dev.galen.kernels.cuda;

import dev.galen.tensor.DType;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import jcuda.cudaDataType;
import jcuda.driver.CUstream;
import jcuda.jcublas.JCublas2;
import jcuda.jcublas.cublasComputeType;
import jcuda.jcublas.cublasGemmAlgo;
import jcuda.jcublas.cublasHandle;
import jcuda.jcublas.cublasMath;
import jcuda.jcublas.cublasOperation;
import jcuda.runtime.cudaStream_t;

/**
 * Products by cuBLAS 12 through JCublas. Sums stay in F32 in every type, those of split products
 * among them, and F32 operands are rounded to TF32 only where that is asked for. The workspace is
 * ours, so that cuBLAS allocates nothing and chooses the same algorithm in every run.
 */
final class JCublasGemm implements Gemm {
  private final cublasHandle handle = new cublasHandle();
  private final DevicePointer.Host zero = scalar(0);
  private final DevicePointer.Host one = scalar(1);

  /** Multiplies on {@code stream}, with {@code workspace} for as long as this lives. */
  JCublasGemm(CUstream stream, DeviceBuffer workspace) {
    JCudaNatives.loadCublas();
    JCublas2.cublasCreate(handle);
    JCublas2.cublasSetStream(handle, new cudaStream_t(stream));
    JCublas2.cublasSetMathMode(
        handle,
        cublasMath.CUBLAS_DEFAULT_MATH
            | cublasMath.CUBLAS_MATH_DISALLOW_REDUCED_PRECISION_REDUCTION);
    JCublas2.cublasSetWorkspace(
        handle, new DevicePointer(workspace.address()), workspace.byteSize());
  }

  private static DevicePointer.Host scalar(float value) {
    return new DevicePointer.Host(
        Arena.global().allocateFrom(ValueLayout.JAVA_FLOAT, value).address());
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
    int sums =
        tf32 && dtype == DType.F32
            ? cublasComputeType.CUBLAS_COMPUTE_32F_FAST_TF32
            : cublasComputeType.CUBLAS_COMPUTE_32F;
    int type = type(dtype);
    int resultType = type(result);
    var scale = beta == 0 ? zero : one;
    if (batch == 1) {
      JCublas2.cublasGemmEx_new(
          handle,
          operation(transposeA),
          operation(transposeB),
          m,
          n,
          k,
          one,
          new DevicePointer(a),
          type,
          lda,
          new DevicePointer(b),
          type,
          ldb,
          scale,
          new DevicePointer(c),
          resultType,
          ldc,
          sums,
          cublasGemmAlgo.CUBLAS_GEMM_DEFAULT);
    } else {
      JCublas2.cublasGemmStridedBatchedEx_new(
          handle,
          operation(transposeA),
          operation(transposeB),
          m,
          n,
          k,
          one,
          new DevicePointer(a),
          type,
          lda,
          strideA,
          new DevicePointer(b),
          type,
          ldb,
          strideB,
          scale,
          new DevicePointer(c),
          resultType,
          ldc,
          strideC,
          batch,
          sums,
          cublasGemmAlgo.CUBLAS_GEMM_DEFAULT);
    }
  }

  private static int operation(boolean transpose) {
    return transpose ? cublasOperation.CUBLAS_OP_T : cublasOperation.CUBLAS_OP_N;
  }

  private static int type(DType dtype) {
    return switch (dtype) {
      case F32 -> cudaDataType.CUDA_R_32F;
      case F16 -> cudaDataType.CUDA_R_16F;
      case BF16 -> cudaDataType.CUDA_R_16BF;
      default -> throw new IllegalArgumentException("no product of " + dtype);
    };
  }
}
