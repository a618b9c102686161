package dev.galen.kernels.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import dev.galen.tensor.Device;
import dev.galen.tensor.Tensors;
import dev.galen.tensor.backend.Unary;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The exponential of {@code sample.cu} has the CPU's bits, on which equal draws rest. */
@Tag("software-gpu")
class SampleExpTest {
  private static final int LENGTH = 100_000;

  @Test
  void isTheProcessorsToTheBit() {
    var random = new Random(1);
    var x = new float[LENGTH];
    for (int i = 0; i < LENGTH; i++) {
      x[i] = -100f * (float) Math.pow(random.nextDouble(), 3);
    }
    x[0] = 0;
    x[1] = Float.NEGATIVE_INFINITY;
    float[] processors = Tensors.of(Device.CPU, x, LENGTH).map(Unary.EXP).toFloats();
    try (var device = new SoftwareDevice("sample_exp.cu")) {
      var y = device.allocate(LENGTH);
      device.launch("exponentials", 8, 256, device.upload(x), y, LENGTH);
      assertArrayEquals(processors, device.download(y, LENGTH));
    }
  }
}
