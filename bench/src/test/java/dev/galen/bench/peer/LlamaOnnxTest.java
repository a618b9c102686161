package dev.galen.bench.peer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.galen.model.CausalLm;
import dev.galen.model.nn.Initializer;
import dev.galen.model.nn.Weights;
import dev.galen.model.pretrained.Architectures;
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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LlamaOnnxTest {
  private static final int[] IDS = {7, 3, 210, 0, 19, 7, 58, 101, 4};
  private static final String CONFIG =
      """
      {"model_type": "llama", "vocab_size": 211, "hidden_size": 64, "num_hidden_layers": 2,
       "num_attention_heads": 4, "num_key_value_heads": 4, "intermediate_size": 96,
       "max_position_embeddings": 64, "rms_norm_eps": 1e-05, "rope_theta": 10000.0,
       "tie_word_embeddings": false}
      """;

  @TempDir Path folder;

  private CausalLm model() throws IOException {
    var random = new Philox(3);
    var weights =
        new Weights(Device.CPU) {
          @Override
          protected Tensor find(String path, Shape shape, Initializer initializer) {
            return initialise(device(), shape, Initializer.normal(0.2), random);
          }
        };
    Path file = Files.writeString(folder.resolve("config.json"), CONFIG);
    return Architectures.create(
        Architectures.readNew(file), CausalLm.class, weights, new Philox(1));
  }

  private static void assertLogits(CausalLm model, int[] ids, OnnxDecoder peer) {
    double[] expected;
    try (var scope = MemoryScope.open("logits");
        var off = Autograd.noGrad()) {
      Tensor input = Tensors.of(model.backend(), ids, 1, ids.length);
      expected = model.logits(input).slice(1, ids.length - 1, ids.length).toDoubles();
    }
    float[] logits = peer.logits();
    double[] actual = new double[logits.length];
    Arrays.setAll(actual, i -> logits[i]);
    TensorAssert.assertClose(
        "position " + ids.length, expected, actual, Tolerance.of(DType.F32, 4L * 512));
  }

  @Test
  void logitsAreOursAtOnceAndTokenByToken() throws IOException {
    CausalLm model = model();
    var shape = new OnnxDecoder.Shape(2, 4, 16, 211, 20);
    try (var peer = OnnxDecoder.llama(model, shape, 96, 1e-5, 10_000, 2)) {
      peer.next(0, IDS);
      assertLogits(model, IDS, peer);
      peer.next(0, Arrays.copyOf(IDS, 4));
      for (int i = 4; i < IDS.length; i++) {
        int next = peer.next(i, IDS[i]);
        assertLogits(model, Arrays.copyOf(IDS, i + 1), peer);
        assertEquals(next, best(peer.logits()));
      }
    }
  }

  private static int best(float[] logits) {
    int best = 0;
    for (int i = 1; i < logits.length; i++) {
      best = logits[i] > logits[best] ? i : best;
    }
    return best;
  }
}
