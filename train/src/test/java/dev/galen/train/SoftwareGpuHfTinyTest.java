package dev.galen.train;

import dev.galen.kernels.softgpu.SoftwareGpu;
import dev.galen.tensor.Device;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

/** {@link HfTinyTest} on the software GPU. */
@Tag("software-gpu")
@Tag("gpu")
final class SoftwareGpuHfTinyTest extends HfTinyTest {
  @BeforeAll
  static void start() {
    SoftwareGpu.startUnlessGpu();
  }

  @Override
  List<Device> devices() {
    return List.of(Device.of("cuda:0"));
  }
}
