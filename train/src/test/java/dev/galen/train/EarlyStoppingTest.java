package dev.galen.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.galen.model.gpt2.Gpt2CausalLm;
import dev.galen.model.testing.TinyModels;
import dev.galen.train.data.TokenSequence;
import dev.galen.train.metrics.Perplexity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs that end by patience, and leave the weights of the lowest validation loss. */
class EarlyStoppingTest {
  /** The same few sequences again and again are soon known by heart, and others are not. */
  private static final List<TokenSequence> DATA = RandomSequences.of(4, 1);

  private static final List<TokenSequence> VALIDATION = RandomSequences.of(3, 2);

  @TempDir Path out;
  private final Map<Long, Double> losses = new LinkedHashMap<>();

  private TrainingConfig.Builder config() {
    return TrainingConfig.builder()
        .steps(60)
        .batchSize(4)
        .learningRate(1e-2)
        .evaluateEvery(2)
        .patience(3)
        .loadBest(true)
        .keep(1)
        .output(out);
  }

  private Trainer trainer(Gpt2CausalLm model, TrainingConfig config) {
    return new Trainer(model, config, DATA, VALIDATION, 0)
        .listen(
            new TrainingListener() {
              @Override
              public void onEvaluation(long step, Perplexity validation) {
                losses.put(step, validation.loss());
              }
            });
  }

  private long best() {
    return losses.entrySet().stream().min(Map.Entry.comparingByValue()).orElseThrow().getKey();
  }

  private List<String> checkpoints() throws IOException {
    try (var files = Files.list(out)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(n -> !n.startsWith("."))
          .toList();
    }
  }

  @Test
  void patienceEndsARunAndTheBestWeightsAreLeft() throws IOException {
    Gpt2CausalLm model = TinyModels.gpt2(0);
    try (var trainer = trainer(model, config().build())) {
      trainer.fit();
      assertTrue(trainer.isDone());
      assertEquals(best() + 6, trainer.step());
      assertEquals(List.of("checkpoint-" + best()), checkpoints());
      trainer.finish();
      assertEquals(losses.get(best()), Evaluator.evaluate(model, VALIDATION, 4, 0).loss());
    }
  }

  @Test
  void aRunThatWasStoppedEndsWhereOneThatWasNotDoes() throws IOException {
    try (var trainer = trainer(TinyModels.gpt2(0), config().build())) {
      trainer.fit();
    }
    var whole = new LinkedHashMap<>(losses);
    losses.clear();
    Path other = out.resolve("other");
    var config = config().output(other).build();
    try (var trainer = trainer(TinyModels.gpt2(0), config)) {
      trainer.listen(
          new TrainingListener() {
            @Override
            public void onStep(StepReport report) {
              if (report.step() == best(whole) + 3) {
                trainer.stop();
              }
            }
          });
      trainer.fit();
    }
    try (var trainer = trainer(TinyModels.gpt2(0), config)) {
      assertTrue(trainer.resume());
      trainer.fit();
    }
    assertEquals(whole, losses);
  }

  private static long best(Map<Long, Double> losses) {
    return losses.entrySet().stream().min(Map.Entry.comparingByValue()).orElseThrow().getKey();
  }

  @Test
  void theBestAverageIsLeft() throws IOException {
    Gpt2CausalLm model = TinyModels.gpt2(0);
    var average = new AverageConfig(0.7, AverageConfig.Start.INITIAL);
    try (var trainer = trainer(model, config().average(average).build())) {
      trainer.fit();
      trainer.finish();
      assertEquals(losses.get(best()), Evaluator.evaluate(model, VALIDATION, 4, 0).loss());
    }
  }

  @Test
  void smallStepsDoNotCountAboveTheThreshold() throws IOException {
    try (var trainer =
        trainer(TinyModels.gpt2(0), config().patienceThreshold(100).patience(2).build())) {
      trainer.fit();
      assertEquals(6, trainer.step()); // the first measurement is always better
    }
  }

  @Test
  void whatCannotBeIsRefused() {
    var nothing = config().evaluateEvery(0).build();
    assertThrows(IllegalArgumentException.class, () -> trainer(TinyModels.gpt2(0), nothing));
    var nowhere = config().output(null).build();
    assertThrows(IllegalArgumentException.class, () -> trainer(TinyModels.gpt2(0), nowhere));
    var error = assertThrows(IllegalArgumentException.class, () -> config().patience(-1).build());
    assertEquals("patience is -1, must be at least 0", error.getMessage());
    assertArrayEquals(new ArrayList<>().toArray(), losses.values().toArray());
  }
}
