package dev.galen.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.galen.model.gpt2.Gpt2CausalLm;
import dev.galen.model.testing.TinyModels;
import dev.galen.tensor.DType;
import dev.galen.tensor.Device;
import dev.galen.tensor.Tensor;
import dev.galen.train.data.TokenSequence;
import dev.galen.train.optim.Adam;
import dev.galen.train.optim.AdamW;
import dev.galen.train.optim.Lion;
import dev.galen.train.optim.MixedPrecision;
import dev.galen.train.optim.Muon;
import dev.galen.train.optim.Optimizer;
import dev.galen.train.optim.OptimizerSpec;
import dev.galen.train.optim.Sgd;
import dev.galen.train.optim.StateFormat;
import dev.galen.train.optim.StateStorage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** An optimizer's state in BF16 or 8 bits. */
class OptimizerStatesTest {
  private static final List<TokenSequence> DATA = RandomSequences.of(12, 1);
  private static final int STEPS = 60;

  @TempDir Path out;

  Device device() {
    return Device.CPU;
  }

  /** How many updates a curve has; a slow device says fewer. */
  int steps() {
    return STEPS;
  }

  private TrainingConfig.Builder config(OptimizerSpec optimizer, double rate, StateFormat states) {
    return TrainingConfig.builder()
        .steps(steps())
        .batchSize(3)
        .learningRate(rate)
        .optimizer(optimizer)
        .optimizerStates(states)
        .output(out);
  }

  private Trainer trainer(TrainingConfig.Builder config) {
    return new Trainer(TinyModels.gpt2(0, device()), config.build(), DATA, List.of(), 0);
  }

  private double[] curve(OptimizerSpec optimizer, double rate, StateFormat states) {
    try (var trainer = trainer(config(optimizer, rate, states))) {
      return losses(trainer, steps());
    }
  }

  private static double[] losses(Trainer trainer, int steps) {
    var losses = new double[steps];
    Arrays.setAll(losses, i -> trainer.trainStep().loss());
    return losses;
  }

  private static OptimizerSpec named(String name) {
    return switch (name) {
      case "AdamW" -> AdamW.Settings.decay(0.01);
      case "Adam" -> new Adam.Settings(0.9, 0.999, 1e-8, 0.01, false);
      case "Lion" -> new Lion.Settings(0.9, 0.99, 0.01);
      default -> new Sgd.Settings(0.9, 0);
    };
  }

  /** The bound is a share of what the run has learned until then, 5e-3 at first. */
  @ParameterizedTest
  @CsvSource({
    "AdamW, 3e-3, BF16, 0.02",
    "AdamW, 3e-3, INT8, 0.05",
    "Adam, 3e-3, INT8, 0.05",
    "Lion, 3e-4, BF16, 0.05",
    "Lion, 3e-4, INT8, 0.05",
    "SGD, 1e-1, BF16, 0.02",
    "SGD, 1e-1, INT8, 0.05"
  })
  void lossesStayNearThoseOfF32(String name, double rate, StateFormat states, double bound) {
    double[] wanted = curve(named(name), rate, StateFormat.F32);
    double[] got = curve(named(name), rate, states);
    double worst = 0;
    for (int i = 0; i < wanted.length; i++) {
      double learned = Math.abs(wanted[0] - wanted[i]);
      double off = Math.abs(got[i] - wanted[i]);
      worst = Math.max(worst, off);
      assertTrue(
          off <= 5e-3 + bound * learned,
          "loss %d is %.4f, of F32 %.4f".formatted(i + 1, got[i], wanted[i]));
    }
    System.out.printf(
        "%s in %s: %.4f to %.4f in %d updates, F32 to %.4f, at most %.4f apart%n",
        name, states, got[0], got[got.length - 1], got.length, wanted[wanted.length - 1], worst);
  }

  @ParameterizedTest
  @EnumSource
  void aRunResumesToTheBit(StateFormat states) throws IOException {
    double[] wanted;
    try (var trainer = trainer(config(AdamW.Settings.decay(0.1), 3e-3, states).seed(5))) {
      losses(trainer, 4);
      trainer.save();
      wanted = losses(trainer, 5);
    }
    try (var trainer = trainer(config(AdamW.Settings.decay(0.1), 3e-3, states).seed(5))) {
      assertTrue(trainer.resume());
      assertArrayEquals(wanted, losses(trainer, 5));
    }
  }

  @Test
  void theSeedChoosesTheBits() {
    var rule = AdamW.Settings.decay(0);
    double[] one = curve(rule, 3e-3, StateFormat.INT8);
    assertArrayEquals(one, curve(rule, 3e-3, StateFormat.INT8));
    // Without dropout and in the data's order nothing else follows from a seed.
    var config = config(rule, 3e-3, StateFormat.INT8).shuffle(false);
    try (var a = trainer(config.seed(1));
        var b = trainer(config.seed(2))) {
      assertTrue(!Arrays.equals(losses(a, 6), losses(b, 6)));
    }
  }

  @Test
  void aCheckpointOfAnotherFormIsRefusedByTheSettingsName() throws IOException {
    try (var trainer = trainer(config(AdamW.Settings.decay(0), 3e-3, StateFormat.INT8))) {
      losses(trainer, 1);
      trainer.save();
    }
    try (var trainer = trainer(config(AdamW.Settings.decay(0), 3e-3, StateFormat.F32))) {
      String said = assertThrows(IOException.class, trainer::resume).getMessage();
      assertTrue(said.contains("was made with optimizer-states int8, this run has f32"), said);
    }
  }

  @ParameterizedTest
  @CsvSource({"F32, 8", "BF16, 4", "INT8, 2.05"})
  void stateTakesWhatItSays(StateFormat states, double most) {
    Gpt2CausalLm model = TinyModels.gpt2(0, device());
    AdamW.Settings rule = AdamW.Settings.decay(0);
    Optimizer optimizer = rule.create(model.parameters(), new StateStorage(states, 1));
    long bytes = 0;
    for (Map.Entry<String, Tensor> state : optimizer.state().entrySet()) {
      Tensor tensor = state.getValue();
      bytes += tensor.shape().size() * tensor.dtype().byteSize();
      DType wanted =
          state.getKey().endsWith(".scales") || states == StateFormat.F32
              ? DType.F32
              : states == StateFormat.BF16 ? DType.BF16 : DType.U8;
      assertEquals(wanted, tensor.dtype(), state.getKey());
    }
    double each = (double) bytes / model.parameterCount();
    // Gaps behind small parameters, and their blocks that are not full.
    assertTrue(each >= rule.stateBytes(states) && each <= 1.05 * most, each + " bytes each");
    assertEquals(most, rule.stateBytes(states), 0.02);
    optimizer.free();
  }

  /** Gradients of pieces that stand still, groups, and half precision on top. */
  @Test
  void goesWithFreezingGroupsAndMixedPrecision() {
    var rule = AdamW.Settings.decay(0.1);
    double[][] curves = new double[2][];
    for (StateFormat states : List.of(StateFormat.F32, StateFormat.BF16)) {
      var config =
          config(rule, 3e-3, states)
              .precision(MixedPrecision.BF16)
              .freezing(new FreezingConfig(List.of("*.wpe"), 2));
      try (var trainer = trainer(config)) {
        curves[states.ordinal()] = losses(trainer, 8);
      }
    }
    assertArrayEquals(curves[0], curves[1], 0.02);
  }

  @Test
  void whoseStatesHaveNoOtherFormIsRefused() {
    var muon = config(Muon.Settings.DEFAULTS, 1e-3, StateFormat.INT8);
    assertEquals(
        "optimizer-states is int8, expected f32 for Muon; AdamW, Adam, SGD and Lion have others",
        assertThrows(IllegalArgumentException.class, muon::build).getMessage());
    var amsgrad = new AdamW.Settings(0.9, 0.999, 1e-8, 0, true);
    assertEquals(
        "amsgrad is true, must be false where optimizer-states is bf16",
        assertThrows(IllegalArgumentException.class, config(amsgrad, 1e-3, StateFormat.BF16)::build)
            .getMessage());
  }
}
