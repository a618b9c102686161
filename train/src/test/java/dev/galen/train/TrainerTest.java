package dev.galen.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.galen.model.gpt2.Gpt2CausalLm;
import dev.galen.model.testing.TinyModels;
import dev.galen.tensor.DType;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.Tensors;
import dev.galen.tensor.memory.MemoryScope;
import dev.galen.tensor.testing.TensorAssert;
import dev.galen.tensor.testing.Tolerance;
import dev.galen.train.data.TokenSequence;
import dev.galen.train.metrics.Perplexity;
import dev.galen.train.schedule.Schedule;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainerTest {
  @TempDir Path out;

  private static TrainingConfig.Builder config(int steps) {
    return TrainingConfig.builder().steps(steps).batchSize(3).learningRate(1e-2);
  }

  private static Trainer trainer(Gpt2CausalLm model, TrainingConfig config) {
    return new Trainer(model, config, RandomSequences.of(20, 1), RandomSequences.of(4, 2), 0);
  }

  private static double[] losses(Trainer trainer, int steps) {
    var losses = new double[steps];
    for (int i = 0; i < steps; i++) {
      losses[i] = trainer.trainStep().loss();
    }
    return losses;
  }

  @Test
  void learnsItsData() throws Exception {
    var config = config(300).learningRate(3e-3).build();
    try (var trainer = trainer(TinyModels.gpt2(0), config)) {
      double first = trainer.trainStep().loss();
      assertEquals(Math.log(TinyModels.VOCABULARY), first, 0.2);
      trainer.fit();
      double last = trainer.trainStep().loss();
      assertTrue(last < 0.5 * first, "from " + first + " only to " + last);
    }
  }

  @Test
  void twoRunsHaveTheSameBits() {
    try (var one = trainer(TinyModels.gpt2(0.1), config(12).build());
        var two = trainer(TinyModels.gpt2(0.1), config(12).build())) {
      assertArrayEquals(losses(one, 12), losses(two, 12));
    }
  }

  @Test
  void anotherSeedGivesAnotherRun() {
    try (var one = trainer(TinyModels.gpt2(0.1), config(3).build());
        var two = trainer(TinyModels.gpt2(0.1), config(3).seed(5).build())) {
      assertNotEquals(losses(one, 3)[2], losses(two, 3)[2]);
    }
  }

  @Test
  void accumulatedBatchesEqualOneBatch() {
    List<TokenSequence> data = RandomSequences.of(8, 3); // unequal lengths and masks
    Gpt2CausalLm together = TinyModels.gpt2(0);
    Gpt2CausalLm apart = TinyModels.gpt2(0);
    var base = TrainingConfig.builder().steps(3).shuffle(false).learningRate(1e-2);
    try (var one = new Trainer(together, base.batchSize(8).build(), data, List.of(), 0);
        var eight =
            new Trainer(apart, base.batchSize(1).accumulate(8).build(), data, List.of(), 0)) {
      for (int step = 0; step < 3; step++) {
        StepReport a = one.trainStep();
        StepReport b = eight.trainStep();
        var tolerance = Tolerance.of(DType.F32, 8 * 40);
        assertTrue(tolerance.accepts(a.loss(), b.loss()), a + " " + b);
        assertTrue(tolerance.accepts(a.gradientNorm(), b.gradientNorm()), a + " " + b);
        if (step == 0) {
          assertSameGradients(together.parameters(), apart.parameters());
        }
      }
    }
  }

  @Test
  void aBatchOfIgnoredLabelsChangesNothing() {
    List<TokenSequence> data = new ArrayList<>(RandomSequences.of(3, 3));
    var ignored = new int[12];
    Arrays.fill(ignored, TokenSequence.IGNORE_INDEX);
    ignored[0] = 5; // nothing comes before the first token, so that it never counts
    data.add(1, new TokenSequence(new int[12], ignored));
    Gpt2CausalLm together = TinyModels.gpt2(0);
    Gpt2CausalLm apart = TinyModels.gpt2(0);
    var base = TrainingConfig.builder().steps(2).shuffle(false);
    try (var one = new Trainer(together, base.batchSize(4).build(), data, List.of(), 0);
        var four =
            new Trainer(apart, base.batchSize(1).accumulate(4).build(), data, List.of(), 0)) {
      StepReport a = one.trainStep();
      StepReport b = four.trainStep();
      assertTrue(Tolerance.of(DType.F32, 8 * 40).accepts(a.loss(), b.loss()), a + " " + b);
      assertSameGradients(together.parameters(), apart.parameters());
      assertEquals(a.tokens(), b.tokens());
    }
  }

  @Test
  void theLastUpdateOfAnEpochWeighsWhatItHolds() {
    List<TokenSequence> data = RandomSequences.of(10, 3); // updates of 4, 4 and 2 sequences
    Gpt2CausalLm apart = TinyModels.gpt2(0);
    Gpt2CausalLm together = TinyModels.gpt2(0);
    var config = TrainingConfig.builder().epochs(2).shuffle(false).learningRate(0);
    try (var two =
            new Trainer(apart, config.batchSize(2).accumulate(2).build(), data, List.of(), 0);
        var last =
            new Trainer(
                together,
                config.batchSize(2).accumulate(1).build(),
                data.subList(8, 10),
                List.of(),
                0)) {
      assertEquals(6, two.totalSteps());
      two.trainStep();
      two.trainStep();
      StepReport a = two.trainStep();
      StepReport b = last.trainStep();
      assertEquals(b.loss(), a.loss());
      assertEquals(b.gradientNorm(), a.gradientNorm());
      assertEquals(1, a.epoch());
      assertEquals(1.4, two.trainStep().epoch(), 1e-12);
    }
  }

  @Test
  void aModelIsTrainedAgainByAnotherTrainer() {
    Gpt2CausalLm model = TinyModels.gpt2(0);
    double first;
    try (var trainer = trainer(model, config(20).learningRate(3e-3).build())) {
      first = losses(trainer, 20)[0];
    }
    try (var trainer = trainer(model, config(5).build())) {
      double again = trainer.trainStep().loss(); // of the same batch
      assertTrue(again < first, again + " after " + first);
    }
    assertTrue(Evaluator.evaluate(model, RandomSequences.of(4, 2), 2, 0).loss() > 0);
  }

  private static void assertSameGradients(Map<String, Tensor> a, Map<String, Tensor> b) {
    a.forEach(
        (path, parameter) ->
            TensorAssert.assertClose(
                path, parameter.grad(), b.get(path).grad(), Tolerance.of(DType.F32, 8 * 40)));
  }

  @Test
  void aResumedRunHasTheBitsOfOneThatWasNotInterrupted() throws Exception {
    var config = config(30).saveEvery(7).accumulate(2).output(out).build();
    double[] whole;
    try (var trainer = trainer(TinyModels.gpt2(0.1), config(30).accumulate(2).build())) {
      whole = losses(trainer, 30);
    }
    try (var killed = trainer(TinyModels.gpt2(0.1), config)) {
      for (int step = 1; step <= 10; step++) {
        killed.trainStep();
        if (step == 7) {
          killed.save();
        }
      }
    }
    // A new process starts from other weights; everything must come from the checkpoint.
    Gpt2CausalLm fresh = TinyModels.gpt2(0.1);
    Tensor table = fresh.parameters().firstEntry().getValue();
    table.backend().copy().fill(table.span(), 0.5);
    try (var resumed = trainer(fresh, config)) {
      assertTrue(resumed.resume());
      assertEquals(7, resumed.step());
      double[] rest = losses(resumed, 23);
      assertArrayEquals(Arrays.copyOfRange(whole, 7, 30), rest);
    }
  }

  @Test
  void recomputingKeepsTheBits() {
    try (var plain = trainer(TinyModels.gpt2(0.1), config(4).build());
        var recomputed = trainer(TinyModels.gpt2(0.1), config(4).recompute(true).build())) {
      assertArrayEquals(losses(plain, 4), losses(recomputed, 4));
    }
  }

  @Test
  void recomputingKeepsLessForTheBackwardPass() {
    long plain = keptByForward(false);
    long recomputed = keptByForward(true);
    assertTrue(recomputed < 0.3 * plain, recomputed + " of " + plain + " bytes");
  }

  private static long keptByForward(boolean recompute) {
    Gpt2CausalLm model = TinyModels.gpt2(0.1);
    var ids = new int[16 * 64];
    Arrays.setAll(ids, i -> i * 7 % TinyModels.VOCABULARY);
    Tensor batch = Tensors.of(model.backend(), ids, 16, 64);
    model.setRecompute(recompute);
    model.train();
    try (var scope = MemoryScope.open("step")) {
      long before = model.backend().memory().live();
      model.loss(batch, batch, 1);
      return model.backend().memory().live() - before;
    }
  }

  @Test
  void stopsBeforeTheUpdateWhenTheLossIsNaNAndNamesTheLayer() {
    Gpt2CausalLm model = TinyModels.gpt2(0);
    try (var trainer = trainer(model, config(5).build())) {
      trainer.trainStep();
      Tensor weight = model.parameters().get("transformer.h.1.mlp.c_fc.weight");
      weight.backend().copy().fill(weight.span().slice(3, 1), Double.NaN);
      Tensor other = model.parameters().get("transformer.wte.weight");
      float[] before = other.toFloats();
      var error = assertThrows(NonFiniteException.class, trainer::trainStep);
      assertTrue(error.getMessage().contains("step 2"), error.getMessage());
      assertTrue(
          error.getMessage().contains("transformer.h.1.mlp.c_fc.weight"), error.getMessage());
      assertArrayEquals(before, other.toFloats());
      assertEquals(1, trainer.step());
    }
  }

  @Test
  void namesTheLayerWhoseOutputOverflows() {
    Gpt2CausalLm model = TinyModels.gpt2(0);
    try (var trainer = trainer(model, config(5).build())) {
      Tensor weight = model.parameters().get("transformer.h.0.attn.c_attn.weight");
      weight.backend().copy().fill(weight.span(), 3e38);
      var error = assertThrows(NonFiniteException.class, trainer::trainStep);
      assertTrue(error.getMessage().contains("transformer.h.0.attn.c_attn"), error.getMessage());
    }
  }

  @Test
  void aStepWithoutLabelsIsRefused() {
    var sequence = new TokenSequence(new int[] {1, 2, 3}, new int[] {1, -100, -100});
    try (var trainer =
        new Trainer(TinyModels.gpt2(0), config(1).build(), List.of(sequence), List.of(), 0)) {
      var error = assertThrows(IllegalArgumentException.class, trainer::trainStep);
      assertTrue(error.getMessage().contains("step 1"), error.getMessage());
    }
  }

  @Test
  void tellsListenersInOrderAndKeepsTheNewestCheckpoints() throws Exception {
    var events = new ArrayList<String>();
    var config = config(6).evaluateEvery(3).saveEvery(2).keep(2).output(out).build();
    try (var trainer = trainer(TinyModels.gpt2(0), config)) {
      trainer.listen(
          new TrainingListener() {
            @Override
            public void onStep(StepReport report) {
              events.add("step " + report.step());
            }

            @Override
            public void onEvaluation(long step, Perplexity validation) {
              events.add("evaluation " + step);
            }

            @Override
            public void onCheckpoint(long step, Path directory) {
              events.add("checkpoint " + step);
            }
          });
      trainer.fit();
    }
    assertEquals(
        List.of(
            "step 1",
            "step 2",
            "checkpoint 2",
            "step 3",
            "evaluation 3",
            "step 4",
            "checkpoint 4",
            "step 5",
            "step 6",
            "checkpoint 6"),
        events);
    try (var files = Files.list(out)) {
      assertEquals(
          List.of("checkpoint-4", "checkpoint-6"),
          files.map(f -> f.getFileName().toString()).sorted().toList());
    }
  }

  @Test
  void schedulesFollowTheirFormulas() {
    var linear = Schedule.LINEAR.over(1e-3, 10, 110);
    assertEquals(0, linear.at(0));
    assertEquals(5e-4, linear.at(5), 1e-12);
    assertEquals(1e-3, linear.at(10), 1e-12);
    assertEquals(5e-4, linear.at(60), 1e-12);
    assertEquals(0, linear.at(110), 1e-12);
    var cosine = Schedule.COSINE.over(1e-3, 0, 100);
    assertEquals(1e-3, cosine.at(0), 1e-12);
    assertEquals(5e-4, cosine.at(50), 1e-12);
    assertEquals(1e-3 * 0.5 * (1 + Math.cos(Math.PI * 0.9)), cosine.at(90), 1e-12);
    assertEquals(1e-3, Schedule.CONSTANT.over(1e-3, 0, 5).at(1000));
  }

  @Test
  void evaluationDoesNotDependOnTheBatchSize() {
    Gpt2CausalLm model = TinyModels.gpt2(0.5); // dropout must be off
    List<TokenSequence> data = RandomSequences.of(9, 4);
    var one = Evaluator.evaluate(model, data, 1, 0);
    var four = Evaluator.evaluate(model, data, 4, 0);
    assertEquals(one.tokens(), four.tokens());
    assertTrue(Tolerance.of(DType.F32, 100).accepts(one.loss(), four.loss()));
  }

  @Test
  void windowsScoreEachTokenOnce() {
    var ids = new int[100];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = i % TinyModels.VOCABULARY;
    }
    int scored = 0;
    for (TokenSequence window : Evaluator.windows(ids, 32, 16)) {
      scored += window.tokens();
      assertTrue(window.length() <= 32);
    }
    assertEquals(99, scored);
  }
}
