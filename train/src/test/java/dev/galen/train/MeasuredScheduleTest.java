package dev.galen.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.galen.model.testing.TinyModels;
import dev.galen.train.checkpoint.Setting;
import dev.galen.train.checkpoint.SettingsChangedException;
import dev.galen.train.data.TokenSequence;
import dev.galen.train.schedule.Schedule;
import dev.galen.train.schedule.Schedules;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Schedules that follow the validation loss, in a run that is stopped and goes on. */
class MeasuredScheduleTest {
  private static final List<TokenSequence> DATA = RandomSequences.of(12, 1);
  private static final List<TokenSequence> VALIDATION = RandomSequences.of(3, 2);

  /** A metric that falls by less than the threshold is no better: the rate falls. */
  private static final Schedule PLATEAU =
      Schedules.named(
          "reduce_lr_on_plateau", Map.of("patience", "1", "factor", "0.5", "threshold", "0.9"));

  @TempDir Path out;

  private TrainingConfig.Builder config() {
    return TrainingConfig.builder()
        .steps(16)
        .batchSize(3)
        .learningRate(1e-3)
        .schedule(PLATEAU)
        .evaluateEvery(2)
        .saveEvery(2)
        .output(out);
  }

  /** Trains, and tells the rate of each update with its loss. */
  private static List<String> fit(Trainer trainer, long stopAfter) throws IOException {
    var told = new ArrayList<String>();
    trainer.listen(
        new TrainingListener() {
          @Override
          public void onStep(StepReport report) {
            told.add(report.learningRate() + " " + report.loss());
            if (report.step() == stopAfter) {
              trainer.stop();
            }
          }
        });
    trainer.fit();
    return told;
  }

  private Trainer trainer(TrainingConfig config) {
    return new Trainer(TinyModels.gpt2(0.1), config, DATA, VALIDATION, 0);
  }

  @Test
  void aRunThatWasStoppedHasTheRatesAndBitsOfOneThatWasNot() throws IOException {
    List<String> whole;
    try (var trainer = trainer(config().output(null).build())) {
      whole = fit(trainer, 0);
    }
    assertTrue(whole.get(0).startsWith("0.001 "), whole.get(0));
    assertTrue(whole.get(15).startsWith("1.25E-4 "), whole.get(15));
    for (int stop : new int[] {6, 7}) { // before a measurement that is due, and between two
      try (var trainer = trainer(config().output(out.resolve("" + stop)).build())) {
        fit(trainer, stop);
        assertEquals(stop, trainer.step());
      }
      try (var trainer = trainer(config().output(out.resolve("" + stop)).build())) {
        assertTrue(trainer.resume());
        assertEquals(whole.subList(stop, 16), fit(trainer, 0));
      }
    }
  }

  @Test
  void anotherScheduleOrIntervalIsRefusedAndMayBeNamed() throws IOException {
    try (var trainer = trainer(config().build())) {
      fit(trainer, 6);
    }
    try (var trainer = trainer(config().evaluateEvery(4).build())) {
      var error = assertThrows(SettingsChangedException.class, trainer::resume);
      assertTrue(error.getMessage().contains("evaluate-every 2, this run has 4"), "" + error);
    }
    try (var trainer = trainer(config().schedule(Schedule.LINEAR).build())) {
      var error = assertThrows(SettingsChangedException.class, trainer::resume);
      assertTrue(
          error.getMessage().contains("schedule reduce_lr_on_plateau, threshold 0.9, factor 0.5"),
          error.getMessage());
      assertTrue(trainer.resume(Setting.SCHEDULE));
      assertEquals(1e-3 * 10 / 16, trainer.trainStep().learningRate(), 1e-15);
    }
    var greedy = Schedules.named("greedy", Map.of());
    try (var trainer = trainer(config().schedule(greedy).build())) {
      assertTrue(trainer.resume(Setting.SCHEDULE));
      assertEquals(1e-3, trainer.trainStep().learningRate());
    }
  }

  @Test
  void aRunThatMeasuresNothingIsRefused() {
    var model = TinyModels.gpt2(0);
    var error =
        assertThrows(
            IllegalArgumentException.class,
            () -> new Trainer(model, config().build(), DATA, List.of(), 0));
    assertTrue(
        error.getMessage().startsWith("schedule reduce_lr_on_plateau follows the validation loss"),
        error.getMessage());
    assertThrows(IllegalArgumentException.class, () -> trainer(config().evaluateEvery(0).build()));
  }

  @Test
  void aWarmupLongerThanTheRunIsRefused() {
    var config = config().schedule(Schedule.COSINE).epochs(2).warmup(9);
    var error = assertThrows(IllegalArgumentException.class, () -> trainer(config.build()));
    assertEquals("warmup is 9, must be at most the run's updates, 8", error.getMessage());
    try (var trainer = trainer(config.warmup(0.26).build())) {
      double[] rates = new double[4];
      for (int i = 0; i < 4; i++) {
        rates[i] = trainer.trainStep().learningRate();
      }
      assertArrayEquals(new double[] {0, 1e-3 / 3, 2e-3 / 3, 1e-3}, rates, 1e-15);
    }
  }
}
