package dev.galen.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.galen.model.Inputs;
import dev.galen.model.gpt2.Gpt2CausalLm;
import dev.galen.model.testing.TinyModels;
import dev.galen.tensor.Autograd;
import dev.galen.tensor.DType;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.Tensors;
import dev.galen.tensor.io.TensorFiles;
import dev.galen.tensor.memory.MemoryScope;
import dev.galen.tensor.testing.Tolerance;
import dev.galen.train.data.Batch;
import dev.galen.train.data.CausalCollator;
import dev.galen.train.optim.AdamW;
import dev.galen.train.optim.GradScaler;
import dev.galen.train.optim.MixedPrecision;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MixedPrecisionTest {
  private static final int LAYERS = 2;

  @TempDir Path out;

  private static TrainingConfig.Builder config(MixedPrecision precision, int steps) {
    return TrainingConfig.builder()
        .steps(steps)
        .batchSize(3)
        .learningRate(3e-3)
        .precision(precision);
  }

  private static Trainer trainer(Gpt2CausalLm model, TrainingConfig config) {
    return new Trainer(model, config, RandomSequences.of(20, 1), RandomSequences.of(4, 2), 0);
  }

  private static List<StepReport> steps(Trainer trainer, int count) {
    var reports = new ArrayList<StepReport>();
    for (int i = 0; i < count; i++) {
      reports.add(trainer.trainStep());
    }
    return reports;
  }

  private static double[] losses(List<StepReport> reports) {
    return reports.stream().mapToDouble(StepReport::loss).toArray();
  }

  private static Map<String, double[]> gradients(MixedPrecision precision) {
    Gpt2CausalLm model = TinyModels.gpt2(0);
    Batch batch = new CausalCollator(0).collate(RandomSequences.of(6, 3));
    try (var memory = MemoryScope.open("gradients")) {
      Tensor loss;
      try (var cast = precision.open()) {
        Inputs inputs = batch.inputs(model.backend());
        loss = model.loss(inputs, batch.tokens());
      }
      assertEquals(DType.F32, loss.dtype());
      loss.backward();
    }
    var gradients = new LinkedHashMap<String, double[]>();
    model.parameters().forEach((path, p) -> gradients.put(path, p.grad().toDoubles()));
    return gradients;
  }

  @ParameterizedTest
  @EnumSource(names = {"F16", "BF16"})
  void gradientsAreNearThoseOfF32(MixedPrecision precision) {
    double bound = Gpt2Roundings.of(precision, LAYERS).gradients();
    Map<String, double[]> exact = gradients(MixedPrecision.F32);
    Map<String, double[]> rounded = gradients(precision);
    exact.forEach(
        (path, want) -> {
          double error = Gpt2Roundings.relativeError(want, rounded.get(path));
          assertTrue(error <= bound, path + ": relative error " + error + " above " + bound);
          assertTrue(error > 0, path + " was not rounded");
        });
  }

  @Test
  void tf32HasTheBitsOfF32WhereTheBackendHasNone() {
    Map<String, double[]> exact = gradients(MixedPrecision.F32);
    gradients(MixedPrecision.TF32).forEach((path, g) -> assertArrayEquals(exact.get(path), g));
  }

  @ParameterizedTest
  @EnumSource(names = {"F16", "BF16"})
  void learnsAsF32Does(MixedPrecision precision) {
    int count = 60;
    double[] exact;
    double[] low;
    try (var trainer = trainer(TinyModels.gpt2(0), config(MixedPrecision.F32, count).build())) {
      exact = losses(steps(trainer, count));
    }
    try (var trainer = trainer(TinyModels.gpt2(0), config(precision, count).build())) {
      low = losses(steps(trainer, count));
    }
    assertTrue(exact[count - 1] < exact[0] - 0.5, "F32 itself learns nothing");
    double bound = Gpt2Roundings.of(precision, LAYERS).training(exact);
    for (int i = 0; i < count; i++) {
      assertEquals(exact[i], low[i], bound, "loss of step " + (i + 1));
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"F16", "BF16"})
  void evaluatesInTheSamePrecision(MixedPrecision precision) throws IOException {
    Gpt2CausalLm model = TinyModels.gpt2(0);
    try (var exact = trainer(model, config(MixedPrecision.F32, 1).build());
        var low = trainer(model, config(precision, 1).build())) {
      double want = exact.evaluate().loss();
      double got = low.evaluate().loss();
      assertTrue(got != want, "was not rounded");
      // The logits of a model that knows nothing are smaller than 1.
      assertEquals(want, got, Gpt2Roundings.of(precision, LAYERS).loss(1));
    }
  }

  /** AdamW's step hardly depends on the size of gradients: a scale left in shows in a moment. */
  @ParameterizedTest
  @EnumSource
  void momentsAreOfTheGradientWithoutTheScale(MixedPrecision precision) throws IOException {
    StepReport report;
    try (var trainer = trainer(TinyModels.gpt2(0), config(precision, 5).output(out).build())) {
      report = trainer.trainStep();
      trainer.save();
    }
    try (TensorFiles files = TensorFiles.open(out.resolve("checkpoint-1/optimizer.safetensors"))) {
      double squares = 0;
      for (float m : files.segment("moment1").toArray(ValueLayout.JAVA_FLOAT_UNALIGNED)) {
        squares += (double) m * m;
      }
      double norm = report.gradientNorm();
      double expected = (1 - 0.9) * norm * Math.min(1, 1 / (norm + 1e-6));
      assertTrue(
          Tolerance.of(DType.F32, 1).accepts(expected, Math.sqrt(squares)),
          "moment of norm " + Math.sqrt(squares) + ", expected " + expected);
    }
  }

  @ParameterizedTest
  @EnumSource
  void recomputingKeepsTheBits(MixedPrecision precision) {
    try (var plain = trainer(TinyModels.gpt2(0.1), config(precision, 4).accumulate(2).build());
        var recomputed =
            trainer(
                TinyModels.gpt2(0.1), config(precision, 4).accumulate(2).recompute(true).build())) {
      assertArrayEquals(losses(steps(plain, 4)), losses(steps(recomputed, 4)));
    }
  }

  @ParameterizedTest
  @EnumSource
  void aStepLeavesNothingBehind(MixedPrecision precision) {
    Gpt2CausalLm model = TinyModels.gpt2(0.1);
    try (var trainer = trainer(model, config(precision, 50).accumulate(2).build())) {
      steps(trainer, 1);
      long live = model.backend().memory().live();
      steps(trainer, 40);
      // A cleaner may have freed what earlier tests left; rounded weights of 40 steps are more.
      long after = model.backend().memory().live();
      assertTrue(after <= live, live + " bytes became " + after);
    }
  }

  /** Without a trainer: rounded copies must not outlive an update, however long the scope. */
  @Test
  void oneScopeOverManyUpdatesSeesTheNewWeights() {
    var runs = new ArrayList<double[]>();
    for (boolean oneScope : new boolean[] {true, false}) {
      Gpt2CausalLm model = TinyModels.gpt2(0);
      var optimizer = new AdamW(model.parameters().values(), AdamW.Settings.decay(0));
      Batch batch = new CausalCollator(0).collate(RandomSequences.of(6, 3));
      var losses = new double[4];
      try (var around = oneScope ? MixedPrecision.BF16.open() : MixedPrecision.F32.open()) {
        for (int i = 0; i < losses.length; i++) {
          try (var memory = MemoryScope.open("step");
              var cast = oneScope ? Autograd.enableGrad() : MixedPrecision.BF16.open()) {
            optimizer.zeroGrad();
            Inputs inputs = batch.inputs(model.backend());
            Tensor loss = model.loss(inputs, batch.tokens());
            losses[i] = loss.item();
            loss.backward();
            optimizer.step(1e-2, 1);
          }
        }
      }
      optimizer.free();
      runs.add(losses);
    }
    assertArrayEquals(runs.get(0), runs.get(1));
    assertTrue(runs.get(0)[3] < runs.get(0)[0] - 0.1);
  }

  /** A cache is F32, and attention over it follows it. */
  @ParameterizedTest
  @EnumSource(names = {"F16", "BF16"})
  void aCacheCanBeUsedUnderIt(MixedPrecision precision) {
    Gpt2CausalLm model = TinyModels.gpt2(0);
    try (var memory = MemoryScope.open("generation");
        var off = Autograd.noGrad();
        var cast = precision.open()) {
      Tensor ids = Tensors.of(model.backend(), new int[] {1, 5, 25, 31, 7}, 1, 5);
      double[] whole = model.logits(ids).slice(1, 4, 5).toDoubles();
      double[] next = model.next(ids, model.newCache(1, 8)).toDoubles();
      double error = Gpt2Roundings.relativeError(whole, next);
      assertTrue(error <= Gpt2Roundings.of(precision, LAYERS).logits(), "error " + error);
    }
  }

  @Test
  void theScaleFollowsPyTorchsRule() {
    var scaler = new GradScaler(true);
    assertEquals(65536, scaler.scale());
    for (int i = 0; i < 1999; i++) {
      scaler.update(true);
    }
    assertEquals(65536, scaler.scale());
    scaler.update(true);
    assertEquals(new GradScaler.State(131072, 0), scaler.state());
    scaler.update(true);
    scaler.update(false);
    assertEquals(new GradScaler.State(65536, 0), scaler.state());
    scaler.resumeAt(new GradScaler.State(0x1p127, 1999));
    scaler.update(true);
    assertEquals(new GradScaler.State(0x1p127, 0), scaler.state());

    var off = new GradScaler(false);
    off.update(false);
    off.update(true);
    assertEquals(GradScaler.State.NONE, off.state());
  }

  /** A checkpoint after one update whose loss scale is far beyond what F16 can carry. */
  private TrainingConfig withPlantedScale(int steps) throws IOException {
    var config = config(MixedPrecision.F16, steps).output(out).build();
    try (var trainer = trainer(TinyModels.gpt2(0.1), config)) {
      steps(trainer, 1);
      trainer.save();
    }
    Path state = out.resolve("checkpoint-1").resolve("state.json");
    String planted =
        Files.readString(state).replaceFirst("\"lossScale\" : [0-9.]+", "\"lossScale\" : 0x1p40");
    Files.writeString(state, planted.replace("0x1p40", 0x1p40 + ""));
    return config;
  }

  @Test
  void anOverflowSkipsTheStepAndTrainingRecovers() throws IOException {
    var config = withPlantedScale(100);
    Gpt2CausalLm model = TinyModels.gpt2(0.1);
    try (var trainer = trainer(model, config)) {
      assertTrue(trainer.resume());
      Map<String, float[]> before = values(model);
      double scale = 0x1p40;
      StepReport report = trainer.trainStep();
      int skipped = 0;
      while (report.skipped()) {
        skipped++;
        assertEquals(scale, report.lossScale());
        assertFalse(Double.isFinite(report.gradientNorm()));
        assertTrue(Double.isFinite(report.loss()));
        assertEquals(skipped + 1, trainer.step());
        values(model).forEach((path, now) -> assertArrayEquals(before.get(path), now, path));
        scale /= 2;
        report = trainer.trainStep();
      }
      assertTrue(skipped > 5, "only " + skipped + " overflows");
      assertEquals(scale, report.lossScale());
      double first = report.loss();
      List<StepReport> rest = steps(trainer, 100 - (int) trainer.step());
      // At the edge of what F16 carries another batch may overflow once more.
      long later = rest.stream().filter(StepReport::skipped).count();
      assertTrue(later <= 3, later + " more overflows");
      assertTrue(rest.getLast().loss() < first - 0.5, first + " to " + rest.getLast().loss());

      trainer.save();
      String state =
          Files.readString(out.resolve("checkpoint-" + trainer.step()).resolve("state.json"));
      assertTrue(state.contains("\"updates\" : " + (trainer.step() - skipped - later)), state);
    }
  }

  private static Map<String, float[]> values(Gpt2CausalLm model) {
    var values = new LinkedHashMap<String, float[]>();
    model.parameters().forEach((path, p) -> values.put(path, p.toFloats()));
    return values;
  }

  @Test
  void aResumedRunHasTheBitsAndTheScalesOfOneThatWasNot() throws IOException {
    var config = withPlantedScale(40);
    List<StepReport> whole;
    try (var trainer = trainer(TinyModels.gpt2(0.1), config)) {
      trainer.resume();
      whole = steps(trainer, 39);
    }
    // Interrupted where the scale is still falling, and again among good steps.
    var parts = new ArrayList<StepReport>();
    for (int count : new int[] {5, 25, 9}) {
      try (var trainer = trainer(TinyModels.gpt2(0.1), config)) {
        trainer.resume();
        parts.addAll(steps(trainer, count));
        trainer.save();
      }
    }
    assertTrue(whole.get(4).skipped() && !whole.get(29).skipped());
    for (int i = 0; i < whole.size(); i++) {
      assertEquals(whole.get(i).loss(), parts.get(i).loss(), "step " + (i + 2));
      assertEquals(whole.get(i).gradientNorm(), parts.get(i).gradientNorm());
      assertEquals(whole.get(i).lossScale(), parts.get(i).lossScale());
      assertEquals(whole.get(i).skipped(), parts.get(i).skipped());
    }
  }

  @Test
  void anotherPrecisionIsRefusedOnResuming() throws IOException {
    withPlantedScale(5);
    var config = config(MixedPrecision.BF16, 5).output(out).build();
    try (var trainer = trainer(TinyModels.gpt2(0.1), config)) {
      var error = assertThrows(IOException.class, trainer::resume);
      assertTrue(
          error.getMessage().contains("was made in F16, this run computes in BF16"),
          error.getMessage());
    }
  }

  /** No scale helps where the forward pass itself overflows: the run ends and names the place. */
  @Test
  void anOverflowOfTheModelItselfEndsTheRun() {
    Gpt2CausalLm model = TinyModels.gpt2(0);
    try (var trainer = trainer(model, config(MixedPrecision.F16, 100).build())) {
      Tensor weight = model.parameters().get("transformer.h.0.attn.c_attn.weight");
      weight.backend().copy().fill(weight.span(), 1e5); // F16 ends at 65504
      List<StepReport> skipped = steps(trainer, 16); // from 2^16 to 1
      assertTrue(skipped.stream().allMatch(StepReport::skipped));
      var error = assertThrows(NonFiniteException.class, trainer::trainStep);
      assertTrue(error.getMessage().contains("step 17"), error.getMessage());
      assertTrue(error.getMessage().contains("transformer.h.0.attn.c_attn"), error.getMessage());
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"F32", "TF32", "BF16"})
  void withoutScalingWhatIsNotFiniteEndsTheRun(MixedPrecision precision) {
    Gpt2CausalLm model = TinyModels.gpt2(0);
    try (var trainer = trainer(model, config(precision, 5).build())) {
      StepReport report = trainer.trainStep();
      assertEquals(1, report.lossScale());
      assertFalse(report.skipped());
      Tensor weight = model.parameters().get("transformer.h.1.mlp.c_fc.weight");
      weight.backend().copy().fill(weight.span().slice(3, 1), Double.NaN);
      Map<String, float[]> before = values(model);
      var error = assertThrows(NonFiniteException.class, trainer::trainStep);
      assertTrue(
          error.getMessage().contains("parameter transformer.h.1.mlp.c_fc.weight"),
          error.getMessage());
      values(model).forEach((path, now) -> assertArrayEquals(before.get(path), now, path));
    }
  }
}
