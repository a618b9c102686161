package dev.galen.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.galen.model.testing.TinyModels;
import dev.galen.tensor.Device;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.Tensors;
import dev.galen.tensor.backend.Backend;
import dev.galen.tensor.io.TensorFiles;
import dev.galen.tensor.testing.TensorAssert;
import dev.galen.tensor.testing.Tolerance;
import dev.galen.train.checkpoint.SettingsChangedException;
import dev.galen.train.data.TokenSequence;
import dev.galen.train.optim.AdamW;
import dev.galen.train.optim.BlockOptimizer;
import dev.galen.train.optim.Lion;
import dev.galen.train.optim.OptimizerSpec;
import dev.galen.train.optim.Sgd;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Other optimizers, one that Galen does not know too, train, are saved and go on as AdamW does. */
class OwnOptimizerTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final List<TokenSequence> DATA = RandomSequences.of(12, 1);

  @TempDir Path out;

  /** Keeps nothing from update to update. */
  private record PlainDescent() implements OptimizerSpec {
    @Override
    public String name() {
      return "descent";
    }

    @Override
    public BlockOptimizer create(Map<String, Tensor> parameters) {
      return new BlockOptimizer(parameters, List.of()) {
        @Override
        protected void update(Backend backend, Piece piece, double rate, double scale) {
          backend.pointwise().axpy(-rate * scale, piece.gradients(), piece.values());
        }
      };
    }

    @Override
    public int stateBytes() {
      return 0;
    }

    @Override
    public Map<String, String> settings() {
      return Map.of();
    }
  }

  static List<OptimizerSpec> specs() {
    return List.of(
        new Lion.Settings(0.9, 0.99, 0.1), new PlainDescent(), new Sgd.Settings(0.9, 0.1));
  }

  private TrainingConfig.Builder config(OptimizerSpec spec) {
    return TrainingConfig.builder()
        .steps(12)
        .batchSize(3)
        .learningRate(3e-3)
        .optimizer(spec)
        .output(out);
  }

  private static double[] losses(Trainer trainer, int steps) {
    var losses = new double[steps];
    Arrays.setAll(losses, i -> trainer.trainStep().loss());
    return losses;
  }

  @Test
  void anUpdateIsThatOfItsFormula() {
    Tensor matrix = Tensors.of(Device.CPU, new float[] {2, -4, 1}, 1, 3).requireGrad();
    Tensor bias = Tensors.of(Device.CPU, new float[] {5}, 1).requireGrad();
    var lion = new Lion.Settings(0.9, 0.99, 0.5).create(Map.of("matrix", matrix, "bias", bias));
    for (int i = 1; i <= 2; i++) {
      lion.zeroGrad();
      matrix.mul(Tensors.of(Device.CPU, new float[] {3, -2, 0}, 1, 3)).sum().backward();
      lion.step(0.1, 0.5);
    }
    assertEquals(2, lion.steps());
    double[] wanted = {
      (2 - 0.1 * (1 + 0.5 * 2)) * (1 - 0.05) - 0.1,
      (-4 - 0.1 * (-1 + 0.5 * -4)) * (1 - 0.05) + 0.1,
      1 * (1 - 0.05) * (1 - 0.05)
    };
    Tolerance tolerance = Tolerance.of(matrix.dtype(), 4);
    TensorAssert.assertClose("matrix", wanted, matrix.toDoubles(), tolerance);
    TensorAssert.assertClose("bias", new double[] {5}, bias.toDoubles(), Tolerance.EXACT);
    lion.free();
  }

  @ParameterizedTest
  @MethodSource("specs")
  void aResumedRunHasTheBitsOfOneThatWasNot(OptimizerSpec spec) throws IOException {
    double[] all;
    var whole = TinyModels.gpt2(0.1);
    whole.parameters().firstEntry().getValue().freeze();
    float[] frozen = whole.parameters().firstEntry().getValue().toFloats();
    try (var trainer = new Trainer(whole, config(spec).build(), DATA, List.of(), 0)) {
      losses(trainer, 4);
      trainer.save();
      all = losses(trainer, 8);
    }
    assertTrue(all[7] < all[0], Arrays.toString(all));
    assertArrayEquals(frozen, whole.parameters().firstEntry().getValue().toFloats());
    var resumed = TinyModels.gpt2(0.1);
    resumed.parameters().firstEntry().getValue().freeze();
    try (var trainer = new Trainer(resumed, config(spec).build(), DATA, List.of(), 0)) {
      assertTrue(trainer.resume());
      assertArrayEquals(all, losses(trainer, 8));
    }
    whole
        .parameters()
        .forEach(
            (name, p) ->
                assertArrayEquals(p.toFloats(), resumed.parameters().get(name).toFloats(), name));
  }

  @Test
  void aCheckpointHasTheStateByItsNames() throws IOException {
    save(new Lion.Settings(0.9, 0.99, 0.1));
    Path file = out.resolve("checkpoint-1").resolve("optimizer.safetensors");
    try (var files = TensorFiles.open(file)) {
      assertEquals(Set.of("mean"), files.entries().keySet());
    }
  }

  private void save(OptimizerSpec spec) throws IOException {
    try (var trainer = new Trainer(TinyModels.gpt2(0), config(spec).build(), DATA, List.of(), 0)) {
      trainer.trainStep();
      trainer.save();
    }
  }

  private String refusal(OptimizerSpec other) {
    try (var trainer = new Trainer(TinyModels.gpt2(0), config(other).build(), DATA, List.of(), 0)) {
      return assertThrows(SettingsChangedException.class, trainer::resume).getMessage();
    }
  }

  @Test
  void anotherOptimizerAndOtherNumbersAreRefused() throws IOException {
    save(new Lion.Settings(0.9, 0.99, 0.1));
    assertEquals(
        out.resolve("checkpoint-1")
            + ": was made with optimizer Lion, this run has descent; resume with the same, or begin"
            + " a new run",
        refusal(new PlainDescent()));
    String decay = refusal(new Lion.Settings(0.9, 0.99, 0.2));
    assertTrue(decay.contains("was made with weight-decay 0.1, this run has 0.2"), decay);
  }

  /** Checkpoints that were written before optimizers had names are AdamW's. */
  @Test
  void aCheckpointWithoutANameIsOfAdamW() throws IOException {
    try (var trainer =
        new Trainer(
            TinyModels.gpt2(0), config(AdamW.Settings.decay(0.1)).build(), DATA, List.of(), 0)) {
      trainer.trainStep();
      trainer.save();
      double[] wanted = losses(trainer, 3);
      Path checkpoint = out.resolve("checkpoint-1");
      drop(checkpoint.resolve("settings.json"), "optimizer", "beta1", "beta2", "epsilon");
      drop(
          checkpoint.resolve("state.json"), "files", "sha256"); // digests, of before it was dropped
      assertTrue(trainer.resume());
      assertArrayEquals(wanted, losses(trainer, 3));
    }
    String other = refusal(new Lion.Settings(0.9, 0.99, 0.1));
    assertTrue(other.contains("was made with optimizer AdamW, this run has Lion"), other);
  }

  private static void drop(Path file, String... keys) throws IOException {
    var json = (ObjectNode) JSON.readTree(Files.readString(file));
    for (String key : keys) {
      assertFalse(json.remove(key).isNull(), key);
    }
    Files.writeString(file, json.toString());
  }

  @Test
  void theMemoryOfAModelDependsOnItsOptimizer() {
    MemoryPlan.requireState(100, new PlainDescent(), 800);
    var error =
        assertThrows(
            IllegalArgumentException.class,
            () -> MemoryPlan.requireState(100, new Lion.Settings(0.9, 0.99, 0), 1199));
    assertTrue(
        error.getMessage().contains("(weights, gradients and the state of Lion)"),
        error.getMessage());
    MemoryPlan.requireState(100, new Lion.Settings(0.9, 0.99, 0), 1200);
    assertEquals(8, AdamW.Settings.decay(0).stateBytes());
    assertEquals(4, new Sgd.Settings(0.9, 0).stateBytes());
  }
}
