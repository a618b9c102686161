package dev.galen.train;

import dev.galen.kernels.softgpu.SoftwareGpu;
import dev.galen.tensor.Device;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;

/** {@link BertT5Parity} on every device. */
class BertT5ParityTest {
  @Nested
  class OnTheReference extends BertT5Parity {
    OnTheReference() {
      super(Device.REFERENCE);
    }
  }

  @Nested
  class OnTheProcessor extends BertT5Parity {
    OnTheProcessor() {
      super(Device.CPU);
    }
  }

  @Nested
  @Tag("software-gpu")
  @Tag("gpu")
  class OnTheSoftwareGpu extends BertT5Parity {
    @BeforeAll
    static void start() {
      SoftwareGpu.startUnlessGpu();
    }

    OnTheSoftwareGpu() {
      super(new Device("cuda:0"));
    }
  }
}
