package dev.galen.model.generate;

import dev.galen.kernels.softgpu.SoftwareGpu;
import dev.galen.tensor.Device;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

/** {@link BeyondContextTest} on the software GPU, where steps are captured. */
@Tag("software-gpu")
@Tag("gpu")
final class SoftwareGpuBeyondContextTest extends BeyondContextTest {
  @BeforeAll
  static void start() {
    SoftwareGpu.startUnlessGpu();
  }

  @Override
  List<Device> devices() {
    return List.of(Device.of("cuda:0"));
  }
}
