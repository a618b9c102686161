package dev.galen.train;

import dev.galen.kernels.softgpu.SoftwareGpu;
import dev.galen.tensor.Device;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;

/** {@link Gpt2Parity} on every device. */
class Gpt2ParityTest {
  @Nested
  class OnTheReference extends Gpt2Parity {
    OnTheReference() {
      super(Device.REFERENCE);
    }
  }

  @Nested
  class OnTheProcessor extends Gpt2Parity {
    OnTheProcessor() {
      super(Device.CPU);
    }
  }

  @Nested
  @Tag("software-gpu")
  @Tag("gpu")
  class OnTheSoftwareGpu extends Gpt2Parity {
    @BeforeAll
    static void start() {
      SoftwareGpu.startUnlessGpu();
    }

    OnTheSoftwareGpu() {
      super(new Device("cuda:0"));
    }
  }
}
