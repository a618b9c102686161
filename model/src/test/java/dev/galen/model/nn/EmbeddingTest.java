package dev.galen.model.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import dev.galen.tensor.Device;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.Tensors;
import dev.galen.tensor.memory.MemoryScope;
import dev.galen.tensor.ops.EmbeddingOp;
import dev.galen.tensor.random.Philox;
import org.junit.jupiter.api.Test;

class EmbeddingTest {
  private static final int[] IDS = {1, 3, 0, 1, 2, 1};

  private static float[] gradient(Device device, int padding) {
    try (var scope = MemoryScope.open("embedding")) {
      var weights = Weights.initialised(device, new Philox(1));
      var table = new Embedding(4, 3, padding, Initializer.normal(1), weights);
      Tensor factors =
          Tensors.of(
              device,
              new float[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 1, 1, 1, 2, 2, 2, -3, 0.5f, 1},
              2,
              3,
              3);
      table.forward(Tensors.of(device, IDS, 2, 3)).mul(factors).sum().backward();
      return table.parameters().get("weight").grad().toFloats();
    }
  }

  /** As torch's padding_idx: the vector is used, and not learned. */
  @Test
  void paddingIsNotLearned() {
    for (Device device : new Device[] {Device.REFERENCE, Device.CPU}) {
      float[] all = {7, 8, 9, -1, 3.5f, 5, 2, 2, 2, 4, 5, 6};
      assertArrayEquals(all, gradient(device, EmbeddingOp.NO_PADDING));
      float[] others = {7, 8, 9, 0, 0, 0, 2, 2, 2, 4, 5, 6};
      assertArrayEquals(others, gradient(device, 1));
      all[0] = all[1] = all[2] = 0;
      assertArrayEquals(all, gradient(device, 0));
    }
  }
}
