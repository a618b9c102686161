package dev.galen.kernels.cuda;

import dev.galen.kernels.KernelParity;
import dev.galen.kernels.softgpu.SoftwareGpu;
import dev.galen.tensor.DType;
import dev.galen.tensor.Device;
import dev.galen.tensor.backend.Backend;
import dev.galen.tensor.testing.Tolerance;

/**
 * Holds the software GPU against the reference in each type that the kernels compute, with operands
 * that start at multiples of 16 bytes and with operands that do not.
 */
final class CudaParity {
  static final DType[] TYPES = {DType.F32, DType.F16, DType.BF16};

  private static final int[] MARGINS = {64, 5};

  /** A tolerance by element type. */
  interface Bound {
    Tolerance in(DType dtype);
  }

  private CudaParity() {}

  /** The GPU, or the software GPU; skips the calling test where it cannot be built. */
  static Backend gpu() {
    SoftwareGpu.startUnlessGpu();
    return Device.of("cuda:0").backend();
  }

  /** In every type; see {@link KernelParity#check}. */
  static void check(String what, Bound bound, KernelParity.Call call, Object... operands) {
    for (DType dtype : TYPES) {
      check(dtype, what, bound.in(dtype), call, operands);
    }
  }

  /** In one type. */
  static void check(
      DType dtype, String what, Tolerance tolerance, KernelParity.Call call, Object... operands) {
    Backend gpu = gpu();
    for (int margin : MARGINS) {
      new KernelParity(dtype, margin, gpu).check(what + " at " + margin, tolerance, call, operands);
    }
  }
}
