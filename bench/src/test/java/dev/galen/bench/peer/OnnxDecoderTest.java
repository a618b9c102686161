package dev.galen.bench.peer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.galen.model.gpt2.Gpt2CausalLm;
import dev.galen.model.gpt2.Gpt2Config;
import dev.galen.model.nn.Initializer;
import dev.galen.model.nn.Weights;
import dev.galen.tensor.Autograd;
import dev.galen.tensor.DType;
import dev.galen.tensor.Device;
import dev.galen.tensor.Shape;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.Tensors;
import dev.galen.tensor.memory.MemoryScope;
import dev.galen.tensor.random.Philox;
import dev.galen.tensor.testing.TensorAssert;
import dev.galen.tensor.testing.Tolerance;
import java.io.IOException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class OnnxDecoderTest {
  private static final Gpt2Config CONFIG = Gpt2Config.tiny(211);
  private static final int[] IDS = {7, 3, 210, 0, 19, 7, 58, 101, 4};

  /** Biases and gains are random too, so that none of them may be forgotten. */
  private static Gpt2CausalLm model() {
    var random = new Philox(3);
    var weights =
        new Weights(Device.CPU) {
          @Override
          protected Tensor find(String path, Shape shape, Initializer initializer) {
            return initialise(device(), shape, Initializer.normal(0.2), random);
          }
        };
    return new Gpt2CausalLm(CONFIG, weights, new Philox(1));
  }

  private static double[] logits(Gpt2CausalLm model, int... ids) {
    try (var scope = MemoryScope.open("logits");
        var off = Autograd.noGrad()) {
      Tensor input = Tensors.of(model.backend(), ids, 1, ids.length);
      return model.logits(input).slice(1, ids.length - 1, ids.length).toDoubles();
    }
  }

  private static void assertLogits(String what, double[] expected, OnnxDecoder peer) {
    float[] logits = peer.logits();
    double[] actual = new double[logits.length];
    Arrays.setAll(actual, i -> logits[i]);
    TensorAssert.assertClose(what, expected, actual, Tolerance.of(DType.F32, 4L * 512));
  }

  @Test
  void logitsAreOursAtOnceAndTokenByToken() throws IOException {
    Gpt2CausalLm model = model();
    try (var peer = OnnxDecoder.gpt2(model, 20, 2)) {
      for (int round = 0; round < 2; round++) { // nothing of the text before may be left
        peer.next(0, IDS);
        assertLogits("prompt", logits(model, IDS), peer);
      }
      int half = 4;
      peer.next(0, Arrays.copyOf(IDS, half));
      for (int i = half; i < IDS.length; i++) {
        int next = peer.next(i, IDS[i]);
        double[] expected = logits(model, Arrays.copyOf(IDS, i + 1));
        assertLogits("position " + i, expected, peer);
        double best = Arrays.stream(expected).max().orElseThrow();
        assertEquals(best, expected[next], 1e-3);
      }
    }
  }
}
