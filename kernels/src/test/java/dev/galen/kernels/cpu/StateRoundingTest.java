package dev.galen.kernels.cpu;

import dev.galen.kernels.StateCases;
import dev.galen.tensor.Device;
import org.junit.jupiter.api.Test;

/** An optimizer's state in fewer bits on the CPU. */
class StateRoundingTest {
  @Test
  void hasTheBitsOfTheReference() {
    for (int length : StateCases.LENGTHS) {
      StateCases.check(Device.CPU.backend(), length);
    }
  }
}
