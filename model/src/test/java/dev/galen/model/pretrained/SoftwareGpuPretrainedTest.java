package dev.galen.model.pretrained;

import dev.galen.kernels.softgpu.SoftwareGpu;
import dev.galen.tensor.Device;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

/** {@link PretrainedTest} on the software GPU. */
@Tag("software-gpu")
@Tag("gpu")
class SoftwareGpuPretrainedTest extends PretrainedTest {
  @BeforeAll
  static void start() {
    SoftwareGpu.startUnlessGpu();
  }

  @Override
  Device device() {
    return Device.of("cuda:0");
  }
}
