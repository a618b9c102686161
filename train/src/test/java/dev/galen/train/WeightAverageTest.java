package dev.galen.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.galen.model.gpt2.Gpt2CausalLm;
import dev.galen.model.testing.TinyModels;
import dev.galen.train.checkpoint.SettingsChangedException;
import dev.galen.train.data.TokenSequence;
import dev.galen.train.optim.AdamW;
import dev.galen.train.optim.ParameterGroup;
import dev.galen.train.optim.ParameterGroups;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Runs with an average of weights, groups of parameters, frozen and unfrozen blocks. */
class WeightAverageTest {
  private static final List<TokenSequence> DATA = RandomSequences.of(12, 1);
  private static final List<TokenSequence> VALIDATION = RandomSequences.of(3, 2);
  private static final String TABLE = "transformer.wte.weight";
  private static final String FIRST = "transformer.h.0.mlp.c_fc.weight";
  private static final String LAST = "transformer.h.1.mlp.c_fc.weight";

  @TempDir Path out;

  private TrainingConfig.Builder config() {
    return TrainingConfig.builder()
        .steps(9)
        .batchSize(3)
        .learningRate(3e-3)
        .weightDecay(0.1)
        .output(out);
  }

  private static Trainer trainer(Gpt2CausalLm model, TrainingConfig.Builder config) {
    return new Trainer(model, config.build(), DATA, VALIDATION, 0);
  }

  private static double[] losses(Trainer trainer, int steps) {
    var losses = new double[steps];
    Arrays.setAll(losses, i -> trainer.trainStep().loss());
    return losses;
  }

  private static Map<String, float[]> values(Gpt2CausalLm model) {
    var values = new LinkedHashMap<String, float[]>();
    model.parameters().forEach((name, parameter) -> values.put(name, parameter.toFloats()));
    return values;
  }

  private static void assertSame(Gpt2CausalLm wanted, Gpt2CausalLm got) {
    Map<String, float[]> all = values(got);
    values(wanted).forEach((name, values) -> assertArrayEquals(values, all.get(name), name));
  }

  /** A run of nine updates, and one that is saved after four and goes on in a new trainer. */
  private void resumesToTheBit(UnaryOperator<TrainingConfig.Builder> setting) throws IOException {
    Gpt2CausalLm whole = TinyModels.gpt2(0.1);
    double[] all;
    double measured;
    try (var trainer = trainer(whole, setting.apply(config()))) {
      losses(trainer, 4);
      trainer.save();
      all = losses(trainer, 5);
      measured = trainer.evaluate().loss();
      trainer.finish();
    }
    Gpt2CausalLm resumed = TinyModels.gpt2(0.1);
    try (var trainer = trainer(resumed, setting.apply(config()))) {
      assertTrue(trainer.resume());
      assertArrayEquals(all, losses(trainer, 5));
      assertEquals(measured, trainer.evaluate().loss());
      trainer.finish();
    }
    assertSame(whole, resumed);
  }

  @ParameterizedTest
  @EnumSource
  void aRunWithAnAverageResumesToTheBit(AverageConfig.Start start) throws IOException {
    resumesToTheBit(config -> config.average(new AverageConfig(0.8, start)));
  }

  @Test
  void aRunWithGroupsResumesToTheBit() throws IOException {
    var groups = new ParameterGroups(List.of(ParameterGroup.parse("*.bias:rate=2")), 0.7);
    resumesToTheBit(config -> config.groups(groups).clipValue(0.01));
  }

  @Test
  void aRunThatUnfreezesResumesToTheBit() throws IOException {
    resumesToTheBit(config -> config.freezing(new FreezingConfig(List.of("*.wpe"), 3)));
  }

  @Test
  void anAverageIsMeasuredAndTheWeightsGoOnAsWithout() throws IOException {
    double[] without;
    Gpt2CausalLm plain = TinyModels.gpt2(0);
    try (var trainer = trainer(plain, config())) {
      without = losses(trainer, 9);
    }
    Gpt2CausalLm model = TinyModels.gpt2(0);
    var average = new AverageConfig(0.9, AverageConfig.Start.INITIAL);
    try (var trainer = trainer(model, config().average(average))) {
      double[] first = losses(trainer, 4);
      assertArrayEquals(Arrays.copyOf(without, 4), first);
      double before = Evaluator.evaluate(model, VALIDATION, 3, 0).loss();
      assertNotEquals(before, trainer.evaluate().loss());
      assertEquals(before, Evaluator.evaluate(model, VALIDATION, 3, 0).loss());
      assertArrayEquals(Arrays.copyOfRange(without, 4, 9), losses(trainer, 5));
      assertSame(plain, model);
      double measured = trainer.evaluate().loss();
      trainer.finish();
      assertEquals(measured, trainer.evaluate().loss());
      assertEquals(measured, Evaluator.evaluate(model, VALIDATION, 3, 0).loss());
    }
  }

  @Test
  void blocksJoinFromTheLastOneDown() {
    Gpt2CausalLm model = TinyModels.gpt2(0);
    Map<String, float[]> before = values(model);
    try (var trainer =
        trainer(model, config().freezing(new FreezingConfig(List.of("*.ln_f"), 2)))) {
      losses(trainer, 2);
      assertEquals(List.of(true, false, false), moved(model, before));
      losses(trainer, 2);
      assertEquals(List.of(true, true, false), moved(model, before));
      losses(trainer, 1);
      assertEquals(List.of(true, true, true), moved(model, before));
    }
    String norm = "transformer.ln_f.weight";
    assertArrayEquals(before.get(norm), model.parameters().get(norm).toFloats());
  }

  private static List<Boolean> moved(Gpt2CausalLm model, Map<String, float[]> before) {
    return List.of(LAST, FIRST, TABLE).stream()
        .map(name -> !Arrays.equals(before.get(name), model.parameters().get(name).toFloats()))
        .toList();
  }

  @Test
  void everyOneOfTheseIsRefusedWhereItChanged() throws IOException {
    try (var trainer = trainer(TinyModels.gpt2(0), config())) {
      losses(trainer, 1);
      trainer.save();
    }
    var initial = new AverageConfig(0.5, AverageConfig.Start.INITIAL);
    refuses(config().average(initial), "ema none, this run has 0.5 from INITIAL");
    refuses(config().clipValue(2), "clip-value 0.0, this run has 2.0");
    refuses(
        config().freezing(new FreezingConfig(List.of(), 3)), "unfreeze-every 0, this run has 3");
    refuses(config().freezing(new FreezingConfig(List.of("*.wpe"), 0)), "28 of 28", "has 27 of 28");
    refuses(
        config().groups(new ParameterGroups(List.of(ParameterGroup.parse("*:rate=2")), 0.5)),
        "layer-decay 1.0, this run has 0.5",
        "parameter-groups none, this run has *:rate=2.0");
    refuses(
        config().optimizer(new AdamW.Settings(0.9, 0.999, 1e-8, 0.1, true)),
        "amsgrad false, this run has true");
  }

  private static void refuses(TrainingConfig.Builder config, String... parts) {
    try (var trainer = trainer(TinyModels.gpt2(0), config)) {
      var error = assertThrows(SettingsChangedException.class, trainer::resume);
      for (String part : parts) {
        assertTrue(error.getMessage().contains(part), part + " in " + error.getMessage());
      }
    }
  }

  @Test
  void whatNoParameterFitsIsRefused() {
    var freezing = config().freezing(new FreezingConfig(List.of("*.lora"), 0));
    var error =
        assertThrows(IllegalArgumentException.class, () -> trainer(TinyModels.gpt2(0), freezing));
    assertEquals(
        "freeze is *.lora, which fits no parameter of the model; names are like " + TABLE,
        error.getMessage());
    var groups = config().groups(new ParameterGroups(List.of(ParameterGroup.parse("x:rate=2")), 1));
    error = assertThrows(IllegalArgumentException.class, () -> trainer(TinyModels.gpt2(0), groups));
    assertTrue(error.getMessage().startsWith("group is x, which fits no"), error.getMessage());
    assertFalse(ParameterGroups.NONE.isNone() && groups.build().optimizer().groups().isNone());
  }
}
