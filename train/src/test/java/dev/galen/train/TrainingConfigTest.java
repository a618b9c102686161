package dev.galen.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.galen.train.optim.AdamW;
import dev.galen.train.optim.MixedPrecision;
import dev.galen.train.optim.Sgd;
import dev.galen.train.schedule.Schedule;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class TrainingConfigTest {
  @Test
  void theDefaultsAreThoseThatTheBuilderNames() {
    assertEquals(
        new TrainingConfig(
            42,
            new DataConfig(3, 0, 4, 1, true),
            new OptimizerConfig(new AdamW.Settings(0.9, 0.999, 1e-8, 0), 1),
            new ScheduleConfig(5e-5, Schedule.LINEAR, 0),
            new PrecisionConfig(MixedPrecision.F32, false),
            new EvaluationConfig(EvaluationConfig.ABOUT_TEN_TIMES),
            new CheckpointConfig(0, 2, null)),
        TrainingConfig.builder().build());
  }

  @Test
  void whatIsSetStandsInItsSection() {
    Path output = Path.of("run");
    var config =
        TrainingConfig.builder()
            .epochs(5)
            .batchSize(6)
            .accumulate(7)
            .shuffle(false)
            .seed(8)
            .optimizer(new Sgd.Settings(0.5, 0.25))
            .clip(9)
            .learningRate(0.5)
            .schedule(Schedule.COSINE)
            .warmup(10)
            .precision(MixedPrecision.BF16)
            .recompute(true)
            .evaluateEvery(11)
            .saveEvery(12)
            .keep(13)
            .output(output)
            .build();
    assertEquals(
        new TrainingConfig(
            8,
            new DataConfig(5, 0, 6, 7, false),
            new OptimizerConfig(new Sgd.Settings(0.5, 0.25), 9),
            new ScheduleConfig(0.5, Schedule.COSINE, 10),
            new PrecisionConfig(MixedPrecision.BF16, true),
            new EvaluationConfig(11),
            new CheckpointConfig(12, 13, output)),
        config);
    assertEquals(42, config.data().perUpdate());
  }

  @Test
  void labelSmoothingIsAShare() {
    var config = TrainingConfig.builder().labelSmoothing(0.1).build();
    assertEquals(new LossConfig(0.1), config.loss());
    assertEquals(LossConfig.PLAIN, TrainingConfig.builder().build().loss());
    for (double share : new double[] {-0.1, 1, Double.NaN}) {
      var builder = TrainingConfig.builder().labelSmoothing(share);
      assertThrows(IllegalArgumentException.class, builder::build);
    }
  }

  @Test
  void stepsAndEpochsUndoEachOther() {
    var data = TrainingConfig.builder().steps(7).build().data();
    assertEquals(new DataConfig(3, 7, 4, 1, true), data);
    assertEquals(0, TrainingConfig.builder().steps(7).epochs(2).build().data().steps());
  }

  @Test
  void theLastOfDecayAndOptimizerCounts() {
    var sgd = new Sgd.Settings(0.9, 0);
    var builder = TrainingConfig.builder().optimizer(sgd);
    assertEquals(sgd, builder.build().optimizer().rule());
    assertEquals(AdamW.Settings.decay(0.1), builder.weightDecay(0.1).build().optimizer().rule());
  }

  private static void assertRefuses(String message, Consumer<TrainingConfig.Builder> setting) {
    var error =
        assertThrows(
            IllegalArgumentException.class,
            () -> {
              var builder = TrainingConfig.builder();
              setting.accept(builder);
              builder.build();
            });
    assertEquals(message, error.getMessage());
  }

  @Test
  void whatNoRunCanUseIsRefusedWithItsValue() {
    assertRefuses("epochs is 0, must be at least 1", c -> c.epochs(0));
    assertRefuses("steps is 0, must be at least 1", c -> c.steps(0));
    assertRefuses("batch size is 0, must be at least 1", c -> c.batchSize(0));
    assertRefuses("accumulate is 0, must be at least 1", c -> c.accumulate(0));
    assertRefuses("learning rate is -1.0, must be a number from 0 on", c -> c.learningRate(-1));
    assertRefuses(
        "learning rate is NaN, must be a number from 0 on", c -> c.learningRate(Double.NaN));
    assertRefuses("warmup is -1, must be at least 0", c -> c.warmup(-1));
    assertRefuses("weight decay is -0.5, must be a number from 0 on", c -> c.weightDecay(-0.5));
    assertRefuses(
        "weight decay is Infinity, must be a number from 0 on",
        c -> c.weightDecay(Double.POSITIVE_INFINITY));
    assertRefuses("clip is -1.0, must be at least 0", c -> c.clip(-1));
    assertRefuses(
        "the interval of evaluations is -2, must be at least 0", c -> c.evaluateEvery(-2));
    assertRefuses("the interval of checkpoints is -1, must be at least 0", c -> c.saveEvery(-1));
    assertRefuses("kept checkpoints is 0, must be at least 1", c -> c.keep(0));
    assertRefuses("momentum is 1.0, must be in [0, 1)", c -> c.optimizer(new Sgd.Settings(1, 0)));
    assertRefuses(
        "momentum is -0.1, must be in [0, 1)", c -> c.optimizer(new Sgd.Settings(-0.1, 0)));
    assertRefuses(
        "weight decay is NaN, must be a number from 0 on",
        c -> c.optimizer(new Sgd.Settings(0, Double.NaN)));
    assertThrows(
        NullPointerException.class, () -> TrainingConfig.builder().optimizer(null).build());
  }

  /** PyTorch's clip_grad_norm_. */
  @Test
  void aNormAboveTheLimitIsBroughtDownToIt() {
    var one = TrainingConfig.builder().build().optimizer();
    assertEquals(0.25, one.clipScale(4), 1e-6);
    assertEquals(1, one.clipScale(0.5));
    assertEquals(1, TrainingConfig.builder().clip(0).build().optimizer().clipScale(4));
  }
}
