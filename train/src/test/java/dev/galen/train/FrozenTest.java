package dev.galen.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.galen.model.gpt2.Gpt2CausalLm;
import dev.galen.model.pretrained.Pretrained;
import dev.galen.model.testing.TinyModels;
import dev.galen.tensor.Device;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.Tensors;
import dev.galen.tensor.backend.host.HostBuffer;
import dev.galen.tensor.memory.MemoryScope;
import dev.galen.train.data.TokenSequence;
import dev.galen.train.optim.AdamW;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Parameters that are not to learn, and parameters of two optimizers. */
class FrozenTest {
  private static final String TABLE = "transformer.wte.weight";

  @TempDir Path out;

  private static TrainingConfig.Builder config() {
    return TrainingConfig.builder()
        .steps(8)
        .batchSize(3)
        .accumulate(2)
        .learningRate(1e-2)
        .weightDecay(0.5);
  }

  private static Trainer trainer(Gpt2CausalLm model, TrainingConfig config) {
    return new Trainer(model, config, RandomSequences.of(20, 1), List.of(), 0);
  }

  private static Gpt2CausalLm frozen(Gpt2CausalLm model, Predicate<String> which) {
    model
        .parameters()
        .forEach(
            (name, parameter) -> {
              if (which.test(name)) {
                parameter.freeze();
              }
            });
    return model;
  }

  private static double[] losses(Trainer trainer, int steps) {
    var losses = new double[steps];
    for (int i = 0; i < steps; i++) {
      losses[i] = trainer.trainStep().loss();
    }
    return losses;
  }

  private static Map<String, float[]> values(Gpt2CausalLm model) {
    var values = new LinkedHashMap<String, float[]>();
    model.parameters().forEach((name, parameter) -> values.put(name, parameter.toFloats()));
    return values;
  }

  /** Which parameters are frozen: the tied table, a block, matrices, all but one norm, biases. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "transformer\\.wte\\..*",
        "transformer\\.h\\.0\\..*",
        ".*(c_fc|c_proj|c_attn)\\.weight",
        "(?!transformer\\.ln_f).*",
        ".*bias"
      })
  void frozenParametersKeepTheirBitsAndTheOthersLearn(String which) {
    Gpt2CausalLm model = frozen(TinyModels.gpt2(0.1), name -> name.matches(which));
    Map<String, float[]> before = values(model);
    try (var trainer = trainer(model, config().build())) {
      double norm = trainer.trainStep().gradientNorm();
      assertEquals(norm(model), norm, 1e-5 * norm);
      losses(trainer, 3);
    }
    Map<String, float[]> after = values(model);
    model
        .parameters()
        .forEach(
            (name, parameter) -> {
              boolean same = Arrays.equals(before.get(name), after.get(name));
              assertEquals(name.matches(which), same, name);
              assertNull(parameter.requiresGrad() ? null : parameter.grad(), name);
            });
  }

  /** The gradients' norm, each read by itself. */
  private static double norm(Gpt2CausalLm model) {
    double sum = 0;
    for (Tensor parameter : model.parameters().values()) {
      for (float d : parameter.requiresGrad() ? parameter.grad().toFloats() : new float[0]) {
        sum += (double) d * d;
      }
    }
    return Math.sqrt(sum);
  }

  @Test
  void gradientsOfTheOthersAreThoseOfAModelWithoutFrozenOnes() {
    Gpt2CausalLm whole = TinyModels.gpt2(0.1);
    Gpt2CausalLm part =
        frozen(TinyModels.gpt2(0.1), name -> name.contains("h.1") || name.equals(TABLE));
    try (var one = trainer(whole, config().build());
        var two = trainer(part, config().build())) {
      assertEquals(one.trainStep().loss(), two.trainStep().loss());
      part.parameters()
          .forEach(
              (name, parameter) -> {
                if (parameter.requiresGrad()) {
                  float[] wanted = whole.parameters().get(name).grad().toFloats();
                  assertArrayEquals(wanted, parameter.grad().toFloats(), name);
                }
              });
    }
  }

  @Test
  void frozenParametersCostNoMemory() {
    Gpt2CausalLm model = frozen(TinyModels.gpt2(0), name -> !name.startsWith("transformer.ln_f"));
    long before = model.backend().memory().live();
    try (var trainer = trainer(model, config().build())) {
      long cost = model.backend().memory().live() - before;
      assertTrue(cost < 4 * 4 * 2 * 32 + 4096, cost + " bytes for 64 trained weights");
    }
  }

  @Test
  void aModelThatIsWhollyFrozenIsRefused() {
    Gpt2CausalLm model = frozen(TinyModels.gpt2(0), name -> true);
    var error =
        assertThrows(IllegalArgumentException.class, () -> trainer(model, config().build()));
    assertTrue(error.getMessage().contains("all 28 parameters are frozen"), error.getMessage());
    assertEquals(1, error.getMessage().lines().count());
  }

  /** Frozen weights lie in the mapped file, trained ones do not. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aPartlyFrozenRunResumesWithTheBitsOfOneThatWasNotInterrupted(boolean otherWeights)
      throws IOException {
    Path directory = out.resolve("model");
    Pretrained.save(TinyModels.gpt2(0.1), null, directory);
    Predicate<String> which = name -> name.contains("h.0") || name.equals(TABLE);
    double[] whole;
    Gpt2CausalLm unbroken = frozen(load(directory), which);
    try (var trainer = trainer(unbroken, config().build())) {
      whole = losses(trainer, 8);
    }
    var config = config().output(out.resolve("run")).build();
    try (var killed = trainer(frozen(load(directory), which), config)) {
      losses(killed, 3);
      killed.save();
      losses(killed, 2);
    }
    if (otherWeights) {
      // As where frozen weights were trained in an earlier phase: the checkpoint's are the right
      // ones.
      Gpt2CausalLm other = TinyModels.gpt2(0.1);
      other.backend().copy().fill(other.parameters().get(TABLE).span(), 0.25);
      Pretrained.save(other, null, directory);
    }
    byte[] file = Files.readAllBytes(directory.resolve("model.safetensors"));
    Gpt2CausalLm resumed = frozen(load(directory), which);
    try (var trainer = trainer(resumed, config)) {
      assertTrue(trainer.resume());
      assertEquals(!otherWeights, isMapped(resumed.parameters().get(TABLE)));
      assertArrayEquals(Arrays.copyOfRange(whole, 3, 8), losses(trainer, 5));
    }
    values(unbroken)
        .forEach(
            (name, values) ->
                assertArrayEquals(values, resumed.parameters().get(name).toFloats(), name));
    assertArrayEquals(file, Files.readAllBytes(directory.resolve("model.safetensors")));
  }

  private static Gpt2CausalLm load(Path directory) throws IOException {
    return Pretrained.load(directory, Device.CPU, Gpt2CausalLm.class).model();
  }

  private static boolean isMapped(Tensor tensor) {
    return HostBuffer.segment(tensor.contiguousSpan()).isReadOnly();
  }

  @Test
  void aParameterThatIsFrozenLaterStopsAndOneThatIsUnfrozenLaterIsRefused() {
    Gpt2CausalLm model = frozen(TinyModels.gpt2(0), TABLE::equals);
    Tensor matrix = model.parameters().get("transformer.h.1.mlp.c_fc.weight");
    try (var trainer = trainer(model, config().build())) {
      losses(trainer, 2);
      matrix.freeze();
      float[] before = matrix.toFloats();
      double norm = trainer.trainStep().gradientNorm();
      assertEquals(norm(model), norm, 1e-5 * norm);
      losses(trainer, 1);
      assertArrayEquals(before, matrix.toFloats());
      matrix.requireGrad();
      losses(trainer, 1);
      assertFalse(Arrays.equals(before, matrix.toFloats()));

      model.parameters().get(TABLE).requireGrad();
      var error = assertThrows(IllegalStateException.class, trainer::trainStep);
      assertTrue(error.getMessage().startsWith(TABLE + " was frozen when"), error.getMessage());
      model.parameters().get(TABLE).freeze();
      assertEquals(6, trainer.trainStep().step());
    }
    model.parameters().get(TABLE).requireGrad();
    try (var trainer = trainer(model, config().build())) {
      losses(trainer, 1);
    }
  }

  @Test
  void aSecondTrainerTakesTheModelOverAndTheFirstSaysSo() throws IOException {
    Gpt2CausalLm model = TinyModels.gpt2(0);
    Gpt2CausalLm alone = TinyModels.gpt2(0);
    var config = config().output(out).build();
    try (var first = trainer(model, config)) {
      try (var second = trainer(model, config);
          var expected = trainer(alone, config)) {
        for (var refused :
            List.<org.junit.jupiter.api.function.Executable>of(
                first::trainStep, first::fit, first::save, first::resume)) {
          var error = assertThrows(IllegalStateException.class, refused);
          assertTrue(error.getMessage().contains("made later"), error.getMessage());
        }
        assertEquals(0, first.step());
        assertArrayEquals(losses(expected, 2), losses(second, 2));
        first.close(); // must not take the second's gradients away
        StepReport wanted = expected.trainStep();
        StepReport report = second.trainStep();
        assertEquals(wanted.loss(), report.loss());
        assertEquals(wanted.gradientNorm(), report.gradientNorm());
      }
    }
    try (var third = trainer(model, config)) {
      losses(third, 1);
    }
    var closed = trainer(model, config);
    closed.close();
    var error = assertThrows(IllegalStateException.class, closed::trainStep);
    assertTrue(error.getMessage().contains("freed"), error.getMessage());
  }

  /** The report's own numbers: the first optimizer had norm 0 and changed nothing. */
  @Test
  void aSecondOptimizerOfALoopMakesTheFirstRefuse() {
    Gpt2CausalLm model = TinyModels.gpt2(0);
    var first = new AdamW(model.parameters().values(), AdamW.Settings.decay(0.1));
    var second = new AdamW(model.parameters().values(), AdamW.Settings.decay(0.1));
    backward(model);
    assertThrows(IllegalStateException.class, first::gradientNorm);
    assertThrows(IllegalStateException.class, first::zeroGrad);
    assertThrows(IllegalStateException.class, () -> first.step(1e-3, 1));
    assertNotEquals(0, second.gradientNorm());
    second.step(1e-3, 1);
  }

  @Test
  void oneSharedParameterIsEnoughAndPartsOfAModelHaveOptimizersOfTheirOwn() {
    Gpt2CausalLm model = TinyModels.gpt2(0);
    List<Tensor> all = List.copyOf(model.parameters().values());
    var first = new AdamW(all.subList(0, 5), AdamW.Settings.decay(0));
    var second = new AdamW(all.subList(5, all.size()), AdamW.Settings.decay(0));
    backward(model);
    assertTrue(first.gradientNorm() > 0 && second.gradientNorm() > 0);
    first.step(1e-3, 1);
    second.step(1e-3, 1);
    // The last parameter alone fills a block, which a third optimizer then empties and frees.
    var third = new AdamW(List.of(all.getLast()), AdamW.Settings.decay(0));
    var fourth = new AdamW(List.of(all.getLast()), AdamW.Settings.decay(0));
    first.zeroGrad();
    assertThrows(IllegalStateException.class, second::zeroGrad);
    var error = assertThrows(IllegalStateException.class, third::zeroGrad);
    assertTrue(error.getMessage().startsWith("parameter 0, [32] belongs"), error.getMessage());
    fourth.zeroGrad();
  }

  @Test
  void aLoopOfOnesOwnTrainsWhatIsNotFrozen() {
    Gpt2CausalLm model = frozen(TinyModels.gpt2(0), TABLE::equals);
    float[] table = model.parameters().get(TABLE).toFloats();
    float[] other = model.parameters().get("transformer.wpe.weight").toFloats();
    var optimizer = new AdamW(model.parameters().values(), AdamW.Settings.decay(0.1));
    assertEquals(27, optimizer.parameters().size());
    backward(model);
    optimizer.step(1e-2, 1);
    assertArrayEquals(table, model.parameters().get(TABLE).toFloats());
    assertFalse(Arrays.equals(other, model.parameters().get("transformer.wpe.weight").toFloats()));
  }

  private static void backward(Gpt2CausalLm model) {
    TokenSequence sequence = RandomSequences.of(1, 3).getFirst();
    Tensor ids = Tensors.of(model.backend(), sequence.inputIds(), 1, sequence.length());
    Tensor labels = Tensors.of(model.backend(), sequence.labels(), 1, sequence.length());
    try (var scope = MemoryScope.open("step")) {
      model.loss(ids, labels, sequence.tokens()).backward();
    }
  }
}
