package dev.galen.model.hf;

import dev.galen.kernels.softgpu.SoftwareGpu;
import dev.galen.tensor.Device;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

/** {@link SharedTextsTest} on the software GPU. */
@Tag("software-gpu")
@Tag("gpu")
final class SoftwareGpuSharedTextsTest extends SharedTextsTest {
  @BeforeAll
  static void start() {
    SoftwareGpu.startUnlessGpu();
  }

  @Override
  Device device() {
    return Device.of("cuda:0");
  }

  /** Two of each model: one token by token, one by beams. */
  @Override
  int stride() {
    return 19;
  }
}
