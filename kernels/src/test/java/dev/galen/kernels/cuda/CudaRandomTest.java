package dev.galen.kernels.cuda;

import static dev.galen.kernels.KernelParity.normal;

import dev.galen.tensor.testing.Tolerance;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random numbers and dropout masks are the CPU's. */
@Tag("software-gpu")
@Tag("gpu")
class CudaRandomTest {
  @ParameterizedTest
  @ValueSource(ints = {1, 13, 207, 768, 4098})
  void uniformNumbersAndMasksAreTheReferencesToTheBit(int size) {
    CudaParity.check(
        "uniform",
        _ -> Tolerance.EXACT,
        (backend, s) -> backend.random().uniform(s[0], -2, 3, 42, 1000),
        new float[size]);
    for (double p : new double[] {0, 0.3}) {
      CudaParity.check(
          "dropout " + p,
          _ -> Tolerance.EXACT,
          (backend, s) -> backend.random().dropout(s[0], s[1], p, -42L << 20, 1L << 33),
          normal(size, 1),
          new float[size]);
    }
  }

  /** The GPU's logarithm and cosine are others than Java's, by units of double precision. */
  @ParameterizedTest
  @ValueSource(ints = {1, 13, 207, 768, 4098})
  void normalNumbersAreNear(int size) {
    CudaParity.check(
        "normal",
        dtype -> Tolerance.of(dtype, 1),
        (backend, s) -> backend.random().normal(s[0], 0.5, 0.02, 42, 1000),
        new float[size]);
  }
}
