package dev.galen.kernels.cuda;

import dev.galen.kernels.KernelParity;
import dev.galen.kernels.softgpu.SoftwareGpu;
import dev.galen.tensor.DType;
import dev.galen.tensor.testing.Tolerance;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;

/**
 * {@link CudaParity} for kernels that work by rows: each run has its threads in another order, and
 * must give the same bits all the same.
 */
final class RowsParity {
  private static final AtomicLong SEED = new AtomicLong(1);

  private RowsParity() {}

  /** Rows and columns: a warp, a small and a large block per row; one row, many, odd and even. */
  static Stream<Arguments> shapes() {
    return Stream.of(
        Arguments.of(1, 1),
        Arguments.of(13, 13),
        Arguments.of(207, 13),
        Arguments.of(13, 207),
        Arguments.of(5, 768),
        Arguments.of(768, 24),
        Arguments.of(4098, 1),
        Arguments.of(3, 4098),
        Arguments.of(2, 50257));
  }

  /** Sums are F32 whatever the operands are; an F16 or BF16 result is rounded once more. */
  static Tolerance rounded(DType dtype, long length) {
    Tolerance sum = Tolerance.of(DType.F32, length);
    if (dtype == DType.F32) {
      return sum;
    }
    Tolerance rounding = Tolerance.of(dtype, 1);
    return new Tolerance(
        sum.absolute() + rounding.absolute(), sum.relative() + rounding.relative());
  }

  /** In every type, with sums of {@code length} terms. */
  static void check(String what, long length, KernelParity.Call call, Object... operands) {
    CudaParity.check(what, dtype -> rounded(dtype, length), inAnyOrder(call), operands);
  }

  /** In one type. */
  static void check(
      DType dtype, String what, Tolerance tolerance, KernelParity.Call call, Object... operands) {
    CudaParity.check(dtype, what, tolerance, inAnyOrder(call), operands);
  }

  private static KernelParity.Call inAnyOrder(KernelParity.Call call) {
    return (backend, s) -> {
      SoftwareGpu.seedUnlessGpu(SEED.getAndIncrement());
      call.on(backend, s);
    };
  }
}
