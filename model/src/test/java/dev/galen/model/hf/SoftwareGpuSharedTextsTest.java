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

  /** Prime to the number of cases of each model, so that every setting has its turn. */
  @Override
  int stride() {
    return 11;
  }
}
