package dev.galen.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.galen.model.testing.TinyModels;
import dev.galen.train.metrics.Perplexity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs that are asked to stop. */
class StoppedRunTest {
  @TempDir Path out;

  private TrainingConfig.Builder config() {
    return TrainingConfig.builder().steps(8).batchSize(3).learningRate(1e-2).evaluateEvery(2);
  }

  private static Trainer trainer(TrainingConfig config) {
    return new Trainer(
        TinyModels.gpt2(0.1), config, RandomSequences.of(20, 1), RandomSequences.of(4, 2), 0);
  }

  private static List<Double> losses(Trainer trainer, int stopAfter) throws IOException {
    var losses = new ArrayList<Double>();
    trainer.listen(
        new TrainingListener() {
          @Override
          public void onStep(StepReport report) {
            losses.add(report.loss());
            if (report.step() == stopAfter) {
              var other = new Thread(trainer::stop);
              other.start();
              try {
                other.join();
              } catch (InterruptedException e) {
                throw new AssertionError(e);
              }
            }
          }

          @Override
          public void onEvaluation(long step, Perplexity validation) {
            assertFalse(trainer.isStopping());
          }
        });
    trainer.fit();
    return losses;
  }

  @Test
  void aStoppedRunLeavesACheckpointAndGoesOnWithTheSameBits() throws IOException {
    List<Double> whole;
    try (var trainer = trainer(config().build())) {
      whole = losses(trainer, -1);
    }
    var config = config().output(out).build();
    List<Double> parts;
    try (var trainer = trainer(config)) {
      parts = losses(trainer, 4); // an evaluation is due, and is left out
      assertTrue(trainer.isStopping());
      assertEquals(4, trainer.step());
      assertThrows(CancellationException.class, trainer::evaluate);
      trainer.fit();
      assertEquals(4, trainer.step());
    }
    assertTrue(Files.exists(out.resolve("checkpoint-4/state.json")));
    try (var trainer = trainer(config)) {
      assertTrue(trainer.resume());
      parts.addAll(losses(trainer, -1));
    }
    assertArrayEquals(whole.toArray(), parts.toArray());
  }

  @Test
  void aRunWithoutAnOutputStopsAndOneBeforeItsFirstUpdateSavesNothing() throws IOException {
    try (var trainer = trainer(config().build())) {
      assertEquals(3, losses(trainer, 3).size());
    }
    try (var trainer = trainer(config().output(out.resolve("run")).build())) {
      trainer.stop();
      trainer.fit();
      assertEquals(0, trainer.step());
    }
    assertFalse(Files.exists(out.resolve("run")));
  }
}
