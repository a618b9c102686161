package dev.galen.kernels.cpu;

import dev.galen.kernels.KernelParity;
import dev.galen.tensor.DType;
import dev.galen.tensor.testing.Tolerance;

/**
 * Holds the vector backend against the reference in F32, by one thread and by two (which is how
 * many claim tasks, whatever the machine has), with operands at odd places.
 */
final class Parity {
  private static final KernelParity F32 =
      new KernelParity(DType.F32, 5, new VectorBackend(1), new VectorBackend(2));

  private Parity() {}

  /** See {@link KernelParity#check}. */
  static void check(String what, Tolerance tolerance, KernelParity.Call call, Object... operands) {
    F32.check(what, tolerance, call, operands);
  }

  /** See {@link KernelParity#normal}. */
  static float[] normal(int length, long seed) {
    return KernelParity.normal(length, seed);
  }

  /** See {@link KernelParity#normalOver}. */
  static float[] normalOver(int terms, int length, long seed) {
    return KernelParity.normalOver(terms, length, seed);
  }
}
