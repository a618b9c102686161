package dev.galen.model.t5;

import dev.galen.kernels.softgpu.SoftwareGpu;
import dev.galen.tensor.Device;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

/** {@link T5Test} on the software GPU. */
@Tag("software-gpu")
@Tag("gpu")
class SoftwareGpuT5Test extends T5Test {
  @BeforeAll
  static void start() {
    SoftwareGpu.startUnlessGpu();
  }

  @Override
  List<Device> devices() {
    return List.of(Device.of("cuda:0"));
  }
}
