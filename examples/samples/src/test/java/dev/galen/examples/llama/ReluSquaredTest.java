package dev.galen.examples.llama;

import dev.galen.tensor.Device;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.Tensors;
import dev.galen.tensor.testing.GradCheck;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReluSquaredTest {
  @Test
  void gradientIsThatOfDifferences() {
    Tensor x = Tensors.of(Device.REFERENCE, new double[] {-1, 0.5, 2, -0.3}, 2, 2);
    GradCheck.check("reluSquared", inputs -> ReluSquared.apply(inputs.get(0)), List.of(x));
  }
}
