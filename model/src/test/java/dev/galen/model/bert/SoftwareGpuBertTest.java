package dev.galen.model.bert;

import dev.galen.kernels.softgpu.SoftwareGpu;
import dev.galen.tensor.Device;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

/** {@link BertTest} on the software GPU. */
@Tag("software-gpu")
@Tag("gpu")
class SoftwareGpuBertTest extends BertTest {
  @BeforeAll
  static void start() {
    SoftwareGpu.startUnlessGpu();
  }

  @Override
  List<Device> devices() {
    return List.of(Device.of("cuda:0"));
  }
}
