package dev.galen.train;

import dev.galen.kernels.softgpu.SoftwareGpu;
import dev.galen.tensor.Device;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

/** {@link ReferenceParityTest} on the software GPU. */
@Tag("software-gpu")
@Tag("gpu")
class SoftwareGpuReferenceParityTest extends ReferenceParityTest {
  @BeforeAll
  static void start() {
    SoftwareGpu.startUnlessGpu();
  }

  @Override
  Device device() {
    return Device.of("cuda:0");
  }
}
