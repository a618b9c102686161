package dev.galen.kernels.cuda;

import dev.galen.kernels.cuda.binding.cublas_h;
import dev.galen.tensor.DType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** What cuBLAS and cuBLASLt share. */
final class CublasTypes {
  /** Scales of a product, which cuBLAS reads on the host when it is called. */
  static final MemorySegment ZERO = scale(0);

  static final MemorySegment ONE = scale(1);

  private CublasTypes() {}

  private static MemorySegment scale(float value) {
    return Arena.global().allocateFrom(ValueLayout.JAVA_FLOAT, value);
  }

  /** The scale for what C held before: 1 where a product is added to it. */
  static MemorySegment scale(boolean accumulate) {
    return accumulate ? ONE : ZERO;
  }

  /** {@code cudaDataType} of an element. */
  static int type(DType dtype) {
    return switch (dtype) {
      case F32 -> cublas_h.CUDA_R_32F();
      case F16 -> cublas_h.CUDA_R_16F();
      case BF16 -> cublas_h.CUDA_R_16BF();
      default -> throw new IllegalArgumentException("no product of " + dtype);
    };
  }

  /** {@code cublasComputeType} of products of {@code dtype}. */
  static int sums(DType dtype, boolean tf32) {
    return tf32 && dtype == DType.F32
        ? cublas_h.CUBLAS_COMPUTE_32F_FAST_TF32()
        : cublas_h.CUBLAS_COMPUTE_32F();
  }

  static int operation(boolean transpose) {
    return transpose ? cublas_h.CUBLAS_OP_T() : cublas_h.CUBLAS_OP_N();
  }

  /** Throws where a call of cuBLAS did not succeed. */
  static void check(String function, int status) {
    if (status != cublas_h.CUBLAS_STATUS_SUCCESS()) {
      throw new IllegalStateException(
          "%s failed with status %d: %s"
              .formatted(function, status, cublas_h.cublasGetStatusString(status).getString(0)));
    }
  }
}
