package dev.galen.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.galen.model.gpt2.Gpt2CausalLm;
import dev.galen.model.pretrained.Pretrained;
import dev.galen.model.testing.TinyModels;
import dev.galen.tensor.DType;
import dev.galen.tensor.Device;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.testing.Tolerance;
import dev.galen.train.data.TokenSequence;
import dev.galen.train.optim.MixedPrecision;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A short fine-tune with dropout on one device: it learns, the same bits every time, also after an
 * interruption and an overflow; it asks for no more memory; and what it learnt can be taken away.
 */
class FineTuneTest {
  private static final List<TokenSequence> DATA = RandomSequences.of(12, 1);

  /** A loss scale that F16 cannot carry, but a few halvings of it. */
  private static final double PLANTED = 0x1p26;

  @TempDir Path out;

  /** Where it happens; other classes run it again elsewhere. */
  Device device() {
    return Device.CPU;
  }

  private Gpt2CausalLm model() {
    return TinyModels.gpt2(0.1, device());
  }

  private static TrainingConfig.Builder config(MixedPrecision precision, int steps) {
    return TrainingConfig.builder()
        .steps(steps)
        .batchSize(4)
        .learningRate(3e-3)
        .precision(precision);
  }

  private static Trainer trainer(Gpt2CausalLm model, TrainingConfig config) {
    return new Trainer(model, config, DATA, DATA.subList(0, 4), 0);
  }

  private static double[] losses(Trainer trainer, int steps) {
    var losses = new double[steps];
    for (int i = 0; i < steps; i++) {
      losses[i] = trainer.trainStep().loss();
    }
    return losses;
  }

  @ParameterizedTest
  @EnumSource
  void learnsWithTheSameBitsEveryTime(MixedPrecision precision) throws IOException {
    var config = config(precision, 15).build();
    Gpt2CausalLm first = model();
    Gpt2CausalLm second = model();
    try (var one = trainer(first, config);
        var two = trainer(second, config)) {
      double before = one.evaluate().loss();
      double[] losses = losses(one, 15);
      assertArrayEquals(losses, losses(two, 15));
      double after = one.evaluate().loss();
      assertTrue(after < before - 0.2, "from " + before + " only to " + after);
      assertEquals(after, two.evaluate().loss());
    }
    Map<String, Tensor> others = second.parameters();
    first
        .parameters()
        .forEach((path, p) -> assertArrayEquals(p.toFloats(), others.get(path).toFloats(), path));
  }

  @Test
  void whatWasLearntIsTheSameOnTheProcessor() throws IOException {
    Gpt2CausalLm model = model();
    try (var trainer = trainer(model, config(MixedPrecision.F32, 5).build())) {
      losses(trainer, 5);
    }
    Pretrained.save(model, null, out);
    Gpt2CausalLm copy = Pretrained.load(out, Device.CPU, Gpt2CausalLm.class).model();
    Map<String, Tensor> copies = copy.parameters();
    model
        .parameters()
        .forEach((path, p) -> assertArrayEquals(p.toFloats(), copies.get(path).toFloats(), path));
    double here = Evaluator.evaluate(model, DATA, 4, 0).loss();
    double there = Evaluator.evaluate(copy, DATA, 4, 0).loss();
    assertTrue(Tolerance.of(DType.F32, 4 * 40).accepts(there, here), here + " and " + there);
  }

  /** One goes on until its scale fits and leaves a checkpoint, from which another goes on. */
  @Test
  void recoversFromAPlantedOverflowAndFromAnInterruption() throws IOException {
    var config = config(MixedPrecision.F16, 60).output(out).build();
    try (var trainer = trainer(model(), config)) {
      losses(trainer, 1);
      trainer.save();
    }
    Path state = out.resolve("checkpoint-1").resolve("state.json");
    Files.writeString(
        state,
        Files.readString(state)
            .replaceFirst("\"lossScale\" : [0-9.]+", "\"lossScale\" : " + PLANTED));

    double[] whole;
    try (var trainer = trainer(model(), config)) {
      assertTrue(trainer.resume());
      double scale = PLANTED;
      StepReport report = trainer.trainStep();
      while (report.skipped()) {
        assertEquals(scale, report.lossScale());
        assertFalse(Double.isFinite(report.gradientNorm()));
        scale /= 2;
        report = trainer.trainStep();
      }
      assertTrue(scale < PLANTED, "nothing overflowed");
      assertEquals(scale, report.lossScale());
      trainer.save();
      whole = losses(trainer, 3);
    }
    Gpt2CausalLm fresh = model();
    Tensor table = fresh.parameters().firstEntry().getValue();
    table.backend().copy().fill(table.span(), 0.5); // everything must come from the checkpoint
    try (var trainer = trainer(fresh, config)) {
      assertTrue(trainer.resume());
      assertArrayEquals(whole, losses(trainer, 3));
    }
  }

  @ParameterizedTest
  @EnumSource
  void aSteadyStepAsksForNoMoreMemory(MixedPrecision precision) {
    Gpt2CausalLm model = model();
    var config = config(precision, 20).build();
    // The same batch at every step, so that only what is left over could need more.
    try (var trainer = new Trainer(model, config, DATA.subList(0, 4), List.of(), 0)) {
      losses(trainer, 3);
      var before = model.backend().memory();
      losses(trainer, 4);
      var after = model.backend().memory();
      assertTrue(after.live() <= before.live(), before + ", then " + after);
      assertEquals(before.peak(), after.peak(), "steps need more and more");
      // Less is live where the cleaner has freed other tests' models, which moves sizes about.
      assertTrue(
          after.live() < before.live()
              || after.live() + after.cached() <= before.live() + before.cached(),
          before + ", then " + after);
    }
  }
}
