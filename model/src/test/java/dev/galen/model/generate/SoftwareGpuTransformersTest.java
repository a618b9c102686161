package dev.galen.model.generate;

import dev.galen.kernels.softgpu.SoftwareGpu;
import dev.galen.tensor.Device;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

/** {@link TransformersTest} on the software GPU. */
@Tag("software-gpu")
@Tag("gpu")
final class SoftwareGpuTransformersTest extends TransformersTest {
  @BeforeAll
  static void start() {
    SoftwareGpu.startUnlessCard();
  }

  @Override
  List<Device> devices() {
    return List.of(Device.of("cuda:0"));
  }

  /** Prime to the number of prompts and of kinds of search, so that each has its turn. */
  @Override
  int stride() {
    return 5;
  }
}
