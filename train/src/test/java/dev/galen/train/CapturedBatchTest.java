package dev.galen.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.galen.kernels.softgpu.SoftwareGpu;
import dev.galen.model.testing.CountedModel;
import dev.galen.model.testing.TinyModels;
import dev.galen.tensor.Device;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.backend.MemoryStats;
import dev.galen.train.data.TokenSequence;
import dev.galen.train.optim.MixedPrecision;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Steps replayed from a capture have the bits of steps that launch each kernel. The latter come
 * from a model that is observed, which a capture could not be; the former from one whose forward
 * pass is counted.
 */
@Tag("software-gpu")
class CapturedBatchTest {
  private static final int LENGTH = 12;

  @TempDir Path out;

  @BeforeAll
  static void start() {
    SoftwareGpu.start();
  }

  private static TrainingConfig.Builder config() {
    return TrainingConfig.builder().steps(40).batchSize(2).learningRate(1e-2);
  }

  private static CountedModel model(double dropout) {
    return new CountedModel(TinyModels.gpt2(dropout, Device.of("cuda:0")));
  }

  /** Its last norm is observed, and nothing else: the other layers compute as they ever do. */
  private static CountedModel launched(double dropout) {
    CountedModel model = model(dropout);
    model.visit(
        "",
        (path, layer) -> {
          if (path.endsWith("ln_f")) {
            layer.observe((observed, y) -> {});
          }
        });
    assertTrue(model.isObserved());
    return model;
  }

  private static Trainer trainer(CountedModel model, TrainingConfig config, int... lengths) {
    return new Trainer(model, config, sequences(lengths), sequences(LENGTH), 0);
  }

  /** Two sequences of each length, with labels that do not count at the same rate everywhere. */
  private static List<TokenSequence> sequences(int... lengths) {
    var random = new SplittableRandom(5);
    var sequences = new ArrayList<TokenSequence>();
    for (int i = 0; i < 2 * lengths.length; i++) {
      int[] ids = random.ints(lengths[i / 2], 0, TinyModels.VOCABULARY).toArray();
      int[] labels = ids.clone();
      for (int t = 0; t < i % 5; t++) {
        labels[t] = TokenSequence.IGNORE_INDEX;
      }
      sequences.add(new TokenSequence(ids, labels));
    }
    return sequences;
  }

  private static int[] equalLengths(int count) {
    var lengths = new int[count];
    Arrays.fill(lengths, LENGTH);
    return lengths;
  }

  /** Loss, norm, loss scale and all weights after each step. */
  private static List<Object> run(Trainer trainer, CountedModel model, int steps) {
    var run = new ArrayList<Object>();
    for (int i = 0; i < steps; i++) {
      StepReport report = trainer.trainStep();
      run.add(List.of(report.step(), report.loss(), report.gradientNorm(), report.lossScale()));
    }
    model.parameters().values().forEach(p -> run.add(List.of(Arrays.hashCode(p.toFloats()))));
    return run;
  }

  @ParameterizedTest
  @EnumSource
  void replayedStepsHaveTheBitsOfLaunchedOnes(MixedPrecision precision) {
    var config = config().precision(precision).build();
    CountedModel launched = launched(0.1);
    CountedModel replayed = model(0.1);
    try (var one = trainer(launched, config, equalLengths(7));
        var two = trainer(replayed, config, equalLengths(7))) {
      assertEquals(run(one, launched, 10), run(two, replayed, 10));
      assertEquals(10, launched.losses());
      assertEquals(2, replayed.losses(), "once to launch, once to capture");
    }
  }

  @Test
  void anOverflowIsSkippedAndRecovered() throws IOException {
    var config = config().precision(MixedPrecision.F16).output(out).build();
    CountedModel launched = launched(0.1);
    CountedModel replayed = model(0.1);
    try (var one = trainer(launched, config, equalLengths(7));
        var two = trainer(replayed, config, equalLengths(7))) {
      run(two, replayed, 3);
      two.save();
      plantScale(out.resolve("checkpoint-3").resolve("state.json"));
      assertTrue(one.resume());
      assertTrue(two.resume());
      double scale = 0x1p40;
      StepReport report = two.trainStep();
      while (report.skipped()) {
        assertEquals(scale, report.lossScale());
        assertSame(one.trainStep(), report);
        scale /= 2;
        report = two.trainStep();
      }
      assertTrue(scale < 0x1p35, "nothing overflowed: " + report);
      assertSame(one.trainStep(), report);
      assertEquals(run(one, launched, 3), run(two, replayed, 3));
      assertEquals(2, replayed.losses());
    }
  }

  private static void plantScale(Path state) throws IOException {
    String planted =
        Files.readString(state).replaceFirst("\"lossScale\" : [0-9.]+", "\"lossScale\" : 0x1p40");
    Files.writeString(state, planted.replace("0x1p40", 0x1p40 + ""));
  }

  private static void assertSame(StepReport launched, StepReport replayed) {
    assertEquals(launched.loss(), replayed.loss());
    assertEquals(launched.gradientNorm(), replayed.gradientNorm());
    assertEquals(launched.skipped(), replayed.skipped());
  }

  /** The first micro-batch writes gradients and the others add to them: two captures. */
  @Test
  void accumulatedBatchesAreReplayedToo() {
    var config = config().accumulate(3).precision(MixedPrecision.BF16).build();
    CountedModel launched = launched(0.1);
    CountedModel replayed = model(0.1);
    try (var one = trainer(launched, config, equalLengths(9));
        var two = trainer(replayed, config, equalLengths(9))) {
      assertEquals(run(one, launched, 5), run(two, replayed, 5));
      assertEquals(15, launched.losses());
      assertEquals(4, replayed.losses());
    }
  }

  @Test
  void recomputedBlocksDrawTheSameNumbersInAReplay() {
    var config = config().recompute(true).build();
    CountedModel launched = launched(0.1);
    CountedModel replayed = model(0.1);
    try (var one = trainer(launched, config, equalLengths(5));
        var two = trainer(replayed, config, equalLengths(5))) {
      assertEquals(run(one, launched, 4), run(two, replayed, 4));
      assertEquals(2, replayed.losses());
    }
  }

  @Test
  void aResumedRunHasTheBitsOfOneThatWasNot() throws Exception {
    var config = config().output(out).build();
    CountedModel whole = model(0.1);
    List<Object> wanted;
    try (var trainer = trainer(whole, config, equalLengths(7))) {
      run(trainer, whole, 4);
      trainer.save();
      wanted = run(trainer, whole, 4);
      // Back to the checkpoint with the capture that is there.
      assertTrue(trainer.resume());
      assertEquals(wanted, run(trainer, whole, 4));
      assertEquals(2, whole.losses());
    }
    CountedModel fresh = model(0.1);
    try (var trainer = trainer(fresh, config, equalLengths(7))) {
      assertTrue(trainer.resume());
      assertEquals(wanted, run(trainer, fresh, 4));
    }
  }

  /** Data in order: batches of 12, 12, 12, 9, 9, 9, 12, 12 tokens. */
  @Test
  void anotherShapeIsLaunchedAndThenCapturedItself() {
    var config = config().shuffle(false).build();
    int[] lengths = {12, 12, 12, 9, 9, 9, 12, 12};
    CountedModel launched = launched(0.1);
    CountedModel replayed = model(0.1);
    try (var one = trainer(launched, config, lengths);
        var two = trainer(replayed, config, lengths)) {
      assertEquals(run(one, launched, 8), run(two, replayed, 8));
      assertEquals(6, replayed.losses());
    }
  }

  @Test
  void aFrozenParameterIsSeen() {
    CountedModel launched = launched(0);
    CountedModel replayed = model(0);
    try (var one = trainer(launched, config().build(), equalLengths(5));
        var two = trainer(replayed, config().build(), equalLengths(5))) {
      run(one, launched, 3);
      run(two, replayed, 3);
      for (CountedModel model : List.of(launched, replayed)) {
        model.parameters().get("model.transformer.h.0.mlp.c_fc.weight").freeze();
      }
      assertEquals(run(one, launched, 3), run(two, replayed, 3));
    }
  }

  @Test
  void stepsAskTheDriverForNoMemoryAndAnEvaluationGetsTheCaptures() throws Exception {
    CountedModel model = model(0.1);
    try (var trainer = trainer(model, config().build(), equalLengths(5))) {
      run(trainer, model, 2);
      MemoryStats warm = model.backend().memory();
      run(trainer, model, 5);
      MemoryStats later = model.backend().memory();
      assertEquals(warm.live() + warm.cached(), later.live() + later.cached());
      assertEquals(2, model.losses());
      trainer.evaluate();
      assertTrue(model.backend().memory().live() < later.live());
      run(trainer, model, 2);
      assertEquals(3, model.losses());
      assertEquals(later.live(), model.backend().memory().live());
    }
  }

  @Test
  void whatIsNotFiniteEndsAReplayedRun() {
    CountedModel model = model(0);
    try (var trainer = trainer(model, config().build(), equalLengths(5))) {
      run(trainer, model, 3);
      Tensor weight = model.parameters().get("model.transformer.h.1.mlp.c_fc.weight");
      weight.backend().copy().fill(weight.span().slice(3, 1), Double.NaN);
      float[] before = weight.toFloats();
      var error = assertThrows(NonFiniteException.class, trainer::trainStep);
      assertTrue(error.getMessage().contains("h.1.mlp.c_fc.weight"), error.getMessage());
      assertArrayEquals(before, weight.toFloats());
    }
  }
}
