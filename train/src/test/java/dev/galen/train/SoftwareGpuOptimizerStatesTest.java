package dev.galen.train;

import dev.galen.kernels.softgpu.SoftwareGpu;
import dev.galen.tensor.Device;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

/** {@link OptimizerStatesTest} on the software GPU. */
@Tag("software-gpu")
@Tag("gpu")
class SoftwareGpuOptimizerStatesTest extends OptimizerStatesTest {
  @BeforeAll
  static void start() {
    SoftwareGpu.startUnlessGpu();
  }

  @Override
  Device device() {
    return Device.of("cuda:0");
  }

  @Override
  int steps() {
    return 12;
  }
}
