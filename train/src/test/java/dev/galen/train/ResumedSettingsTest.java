package dev.galen.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.galen.model.gpt2.Gpt2CausalLm;
import dev.galen.model.testing.TinyModels;
import dev.galen.tensor.Device;
import dev.galen.train.checkpoint.Setting;
import dev.galen.train.checkpoint.SettingsChangedException;
import dev.galen.train.data.TokenSequence;
import dev.galen.train.optim.AdamW;
import dev.galen.train.optim.MixedPrecision;
import dev.galen.train.optim.Sgd;
import dev.galen.train.schedule.Schedule;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a run may go on with. The run here: 16 sequences in batches of 4, twice, stopped after 6.
 */
class ResumedSettingsTest {
  private static final List<TokenSequence> DATA = RandomSequences.of(16, 1);

  @TempDir Path out;
  private final List<String> notices = new ArrayList<>();

  private TrainingConfig.Builder config() {
    return TrainingConfig.builder().epochs(2).batchSize(4).learningRate(1e-3).output(out);
  }

  @BeforeEach
  void stopAfterSixUpdates() throws IOException {
    try (var trainer = trainer(TinyModels.gpt2(0), config().build(), DATA)) {
      steps(trainer, 6);
      trainer.save();
    }
  }

  private Trainer trainer(Gpt2CausalLm model, TrainingConfig config, List<TokenSequence> data) {
    return new Trainer(model, config, data, List.of(), 0)
        .listen(
            new TrainingListener() {
              @Override
              public void onNotice(String line) {
                notices.add(line);
              }
            });
  }

  private static List<StepReport> steps(Trainer trainer, int count) {
    var reports = new ArrayList<StepReport>();
    for (int i = 0; i < count; i++) {
      reports.add(trainer.trainStep());
    }
    return reports;
  }

  private String refusal(Consumer<TrainingConfig.Builder> other) {
    var config = config();
    other.accept(config);
    return refusal(TinyModels.gpt2(0), config.build(), DATA);
  }

  private String refusal(Gpt2CausalLm model, TrainingConfig config, List<TokenSequence> data) {
    float[] before = model.parameters().firstEntry().getValue().toFloats();
    try (var trainer = trainer(model, config, data)) {
      var error = assertThrows(SettingsChangedException.class, trainer::resume);
      assertEquals(1, error.getMessage().lines().count());
      assertTrue(error.getMessage().contains("checkpoint-6: was made "), error.getMessage());
      assertEquals(0, trainer.step());
      assertArrayEquals(before, model.parameters().firstEntry().getValue().toFloats());
      return error.getMessage();
    }
  }

  private static void assertNames(String message, String... parts) {
    for (String part : parts) {
      assertTrue(message.contains(part), part + " in " + message);
    }
  }

  @Test
  void everyOtherSettingIsRefusedByNameWithBothValues() {
    assertNames(refusal(c -> c.batchSize(2)), "batch 4", "has 2", "change: batch");
    assertNames(refusal(c -> c.accumulate(2)), "batch 4", "has 8");
    assertNames(refusal(c -> c.learningRate(2e-3)), "learning-rate 0.001", "has 0.002");
    assertNames(refusal(c -> c.schedule(Schedule.COSINE)), "schedule linear", "has cosine");
    assertNames(refusal(c -> c.warmup(3)), "warmup 0", "has 3");
    assertNames(refusal(c -> c.weightDecay(0.1)), "weight-decay 0.0", "has 0.1");
    assertNames(refusal(c -> c.clip(0)), "clip 1.0", "has 0.0");
    assertNames(
        refusal(c -> c.optimizer(new AdamW.Settings(0.8, 0.99, 1e-6, 0))),
        "beta1 0.9",
        "beta2 0.999",
        "epsilon 1.0E-8",
        "begin a new run");
    assertNames(refusal(c -> c.optimizer(new Sgd.Settings(0.9, 0))), "AdamW", "has SGD");
    assertNames(refusal(c -> c.seed(7)), "made with seed 42", "has 7");
    assertNames(refusal(c -> c.shuffle(false)), "shuffle true", "has false");
    assertNames(
        refusal(c -> c.precision(MixedPrecision.BF16)),
        "was made in F32, this run computes in BF16");
    assertNames(refusal(c -> c.epochs(3)), "for 2 epochs", "has 3 epochs", "linear", "jumps");
    assertNames(refusal(c -> c.steps(9)), "for 2 epochs", "has 9 steps");
    assertNames(refusal(c -> c.batchSize(2).seed(7)), "seed 42", "batch 4", "change: seed,batch");
  }

  @Test
  void otherDataAreRefused() {
    assertNames(
        refusal(TinyModels.gpt2(0), config().build(), DATA.subList(0, 12)),
        "data of 16 sequences",
        "has of 12 sequences");
    List<TokenSequence> order = new ArrayList<>(DATA);
    order.addFirst(order.removeLast());
    assertNames(refusal(TinyModels.gpt2(0), config().build(), order), "of 16 sequences", "sha256");
    List<TokenSequence> label = new ArrayList<>(DATA);
    int[] labels = DATA.getLast().labels().clone();
    labels[labels.length - 1] = TokenSequence.IGNORE_INDEX;
    label.set(15, new TokenSequence(DATA.getLast().inputIds(), labels));
    refusal(TinyModels.gpt2(0), config().build(), label);
  }

  @Test
  void anotherModelOfTheSameShapesIsRefused() {
    var shape = TinyModels.config(TinyModels.VOCABULARY, 64, 32, 8, 0);
    String heads = refusal(TinyModels.gpt2(shape, Device.CPU), config().build(), DATA);
    assertNames(heads, "n_head 4", "has 8", "begin a new run");
    assertNames(
        refusal(TinyModels.gpt2(0.1), config().build(), DATA), "resid_pdrop 0.0", "has 0.1");
    Gpt2CausalLm frozen = TinyModels.gpt2(0);
    frozen.parameters().firstEntry().getValue().freeze();
    assertNames(refusal(frozen, config().build(), DATA), "parameters 28 of 28", "has 27 of 28");
  }

  @Test
  void whatACallerMustKeepIsComparedToo() throws IOException {
    try (var trainer = trainer(TinyModels.gpt2(0), config().build(), DATA)) {
      trainer.mustKeep("tokenizer", "of 300 tokens").resume();
      steps(trainer, 1);
      trainer.save();
    }
    try (var trainer = trainer(TinyModels.gpt2(0), config().build(), DATA)) {
      trainer.mustKeep("tokenizer", "of 200 tokens");
      var error = assertThrows(SettingsChangedException.class, trainer::resume);
      assertNames(error.getMessage(), "tokenizer of 300 tokens, this run has of 200 tokens");
      assertThrows(SettingsChangedException.class, () -> trainer.resume(Setting.values()));
    }
  }

  @Test
  void halfABatchAccumulatedTwiceIsTheSameRunAndTold() throws IOException {
    List<StepReport> whole = wholeRun();
    try (var trainer =
        trainer(TinyModels.gpt2(0), config().batchSize(2).accumulate(2).build(), DATA)) {
      assertTrue(trainer.resume());
      assertEquals(8, trainer.totalSteps());
      List<StepReport> rest = steps(trainer, 2);
      for (int i = 0; i < 2; i++) {
        assertEquals(whole.get(6 + i).loss(), rest.get(i).loss(), 1e-6);
        assertEquals(whole.get(6 + i).learningRate(), rest.get(i).learningRate());
      }
    }
    assertEquals(1, notices.size());
    assertNames(notices.getFirst(), "accumulated 1 batches", "this run 2");
  }

  private List<StepReport> wholeRun() {
    try (var trainer = trainer(TinyModels.gpt2(0), config().build(), DATA)) {
      return steps(trainer, 8);
    }
  }

  /** The report's run 1: two passes are two passes, and the rate does not jump. */
  @Test
  void aNamedBatchEndsAfterTheSamePassesWithTheRateOfItsPlace() throws IOException {
    var config = config().batchSize(2).build();
    try (var trainer = trainer(TinyModels.gpt2(0), config, DATA)) {
      assertTrue(trainer.resume(Setting.BATCH));
      assertEquals(10, trainer.totalSteps());
      List<StepReport> rest = steps(trainer, 4);
      assertArrayEquals(
          new double[] {2.5e-4, 1.875e-4, 1.25e-4, 6.25e-5},
          rest.stream().mapToDouble(StepReport::learningRate).toArray(),
          1e-12);
      assertEquals(2, rest.getLast().epoch());
      trainer.fit();
      assertEquals(10, trainer.step());
    }
    assertNames(notices.getFirst(), "batch 4, this run has 2");
  }

  @Test
  void aNamedBatchThatDoesNotDivideThePassEndsItAllTheSame() throws IOException {
    try (var trainer = trainer(TinyModels.gpt2(0), config().batchSize(3).build(), DATA)) {
      trainer.resume(Setting.BATCH);
      trainer.fit();
      assertEquals(9, trainer.step()); // 3, 3 and 2 of the 8 sequences that were left
      assertEquals(9, trainer.totalSteps());
    }
  }

  @Test
  void otherSettingsThatAreNamedAreTakenOver() throws IOException {
    var config =
        config()
            .learningRate(5e-4)
            .epochs(4)
            .seed(3)
            .shuffle(false)
            .precision(MixedPrecision.F16)
            .weightDecay(0.1)
            .build();
    try (var trainer = trainer(TinyModels.gpt2(0.1), config, DATA.subList(0, 12))) {
      assertThrows(SettingsChangedException.class, () -> trainer.resume(Setting.DATA));
      assertTrue(
          trainer.resume(
              Setting.DATA,
              Setting.LEARNING_RATE,
              Setting.DURATION,
              Setting.SEED,
              Setting.SHUFFLE,
              Setting.PRECISION,
              Setting.WEIGHT_DECAY,
              Setting.DROPOUT));
      StepReport next = trainer.trainStep();
      assertEquals(1 + 4.0 / 12, next.epoch(), 1e-12); // the pass under way began anew
      assertEquals(65536, next.lossScale());
    }
  }

  @Test
  void aConstantRateMayGoOnAndOneThatFallsMustBeNamed() throws IOException {
    Path constant = out.resolve("constant");
    var config = config().schedule(Schedule.CONSTANT).output(constant);
    double[] whole;
    try (var trainer = trainer(TinyModels.gpt2(0.1), config.epochs(3).build(), DATA)) {
      whole = steps(trainer, 12).stream().mapToDouble(StepReport::loss).toArray();
    }
    try (var trainer = trainer(TinyModels.gpt2(0.1), config.epochs(2).build(), DATA)) {
      trainer.fit();
      trainer.save();
    }
    try (var trainer = trainer(TinyModels.gpt2(0.1), config.epochs(3).build(), DATA)) {
      assertTrue(trainer.resume());
      assertEquals(12, trainer.totalSteps());
      double[] rest = steps(trainer, 4).stream().mapToDouble(StepReport::loss).toArray();
      assertArrayEquals(Arrays.copyOfRange(whole, 8, 12), rest);
    }
    try (var trainer = trainer(TinyModels.gpt2(0), config().epochs(3).build(), DATA)) {
      assertTrue(trainer.resume(Setting.DURATION));
      assertEquals(12, trainer.totalSteps());
    }
  }

  @Test
  void aRunThatMadeAllItsUpdatesMayGetMoreAndIsTold() throws IOException {
    try (var trainer = trainer(TinyModels.gpt2(0), config().build(), DATA)) {
      trainer.resume();
      trainer.fit();
      trainer.save();
    }
    try (var trainer = trainer(TinyModels.gpt2(0), config().epochs(3).build(), DATA)) {
      assertTrue(trainer.resume());
      assertEquals(1e-3 * 4 / 12, trainer.trainStep().learningRate(), 1e-12);
    }
    assertNames(notices.getFirst(), "for 2 epochs, this run has 3", "learning rate jumps");
  }

  @Test
  void stepsThatAreAsManyAsTheEpochsHadAreTheSame() throws IOException {
    try (var trainer = trainer(TinyModels.gpt2(0), config().steps(8).build(), DATA)) {
      assertTrue(trainer.resume());
      assertEquals(8, trainer.totalSteps());
    }
    assertEquals(List.of(), notices);
  }

  @Test
  void accumulatingMoreThanAPassIsRefusedAtOnce() {
    var config = config().accumulate(Integer.MAX_VALUE).build();
    var error =
        assertThrows(
            IllegalArgumentException.class, () -> trainer(TinyModels.gpt2(0), config, DATA));
    assertEquals(
        "accumulate is 2147483647, must be at most 4: one pass over the data has 4 batches of 4",
        error.getMessage());
    trainer(TinyModels.gpt2(0), config().accumulate(4).build(), DATA).close();
  }
}
