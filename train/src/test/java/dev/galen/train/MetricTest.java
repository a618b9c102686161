package dev.galen.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.galen.model.gpt2.Gpt2CausalLm;
import dev.galen.model.testing.TinyModels;
import dev.galen.train.data.TokenSequence;
import dev.galen.train.metrics.Perplexity;
import dev.galen.train.schedule.Schedules;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Best weights, patience and schedules by a metric of any name. */
class MetricTest {
  private static final List<TokenSequence> DATA = RandomSequences.of(8, 1);
  private static final List<TokenSequence> VALIDATION = RandomSequences.of(3, 2);

  /** What a task says of the model after 0, 1, 2, ... updates. */
  private static final double[] SCORES = {0, 0.25, 0.5, 0.75, 0.5, 0.75, 0.5, 0.25, 0.25, 0.25};

  @TempDir Path out;
  private final List<String> heard = new ArrayList<>();

  private TrainingConfig.Builder config() {
    return TrainingConfig.builder()
        .steps(9)
        .batchSize(4)
        .learningRate(1e-2)
        .evaluateEvery(1)
        .keep(1)
        .output(out);
  }

  private Trainer trainer(Gpt2CausalLm model, TrainingConfig config) {
    var trainer = new Trainer(model, config, DATA, VALIDATION, 0);
    trainer.hooks().measureWith(step -> new LinkedHashMap<>(Map.of("macroF1", SCORES[(int) step])));
    return trainer.listen(
        new TrainingListener() {
          @Override
          public void onEvaluation(long step, Perplexity validation) {
            heard.add("evaluation " + step);
          }

          @Override
          public void onFigures(long step, SequencedMap<String, ? extends Number> figures) {
            heard.add("figures " + step + " " + figures);
          }
        });
  }

  private List<String> checkpoints() throws IOException {
    try (var files = Files.list(out)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(n -> n.startsWith("checkpoint"))
          .sorted()
          .toList();
    }
  }

  @Test
  void theGreatestIsKeptUnderEachSpellingOfItsName() throws IOException {
    for (String name : List.of("macroF1", "eval_macro_f1", "macro-f1")) {
      Gpt2CausalLm model = TinyModels.gpt2(0);
      Path own = out.resolve(name);
      var config = config().metric(name).loadBest(true).output(own).build();
      try (var trainer = trainer(model, config)) {
        trainer.fit();
        var best = new BestMetric(name.replace("eval_", ""), 0.75, 3); // the first of two
        assertEquals(Optional.of(best), trainer.best());
        trainer.finish();
      }
      Gpt2CausalLm three = TinyModels.gpt2(0);
      try (var trainer = trainer(three, config().steps(9).evaluateEvery(0).output(null).build())) {
        for (int i = 0; i < 3; i++) {
          trainer.trainStep();
        }
      }
      assertEquals(
          Evaluator.evaluate(three, VALIDATION, 4, 0), Evaluator.evaluate(model, VALIDATION, 4, 0));
    }
    assertEquals(List.of("evaluation 1", "figures 1 {macroF1=0.25}"), heard.subList(0, 2));
  }

  @Test
  void theBestStaysBesideTheNewest() throws IOException {
    var config = config().metric("macroF1").loadBest(true).saveEvery(2).keep(2).build();
    try (var trainer = trainer(TinyModels.gpt2(0), config)) {
      trainer.fit();
    }
    assertEquals(List.of("checkpoint-3", "checkpoint-6", "checkpoint-8"), checkpoints());
  }

  @Test
  void patienceCountsWhatIsNotGreaterByTheThreshold() throws IOException {
    try (var trainer =
        trainer(TinyModels.gpt2(0), config().metric("macroF1").patience(2).build())) {
      trainer.fit();
      assertEquals(5, trainer.step());
      assertTrue(trainer.isDone());
    }
    try (var trainer =
        trainer(
            TinyModels.gpt2(0),
            config().metric("macroF1").patience(2).patienceThreshold(0.25).build())) {
      trainer.fit();
      assertEquals(3, trainer.step()); // 0.25 counts as the first, 0.5 and 0.75 do not
    }
    try (var trainer =
        trainer(
            TinyModels.gpt2(0),
            config().metric("macroF1").greaterIsBetter(false).patience(3).build())) {
      trainer.fit();
      assertEquals(4, trainer.step());
    }
  }

  @Test
  void aScheduleFollowsTheMetricAsWithTransformers() throws IOException {
    var rates = new ArrayList<Double>();
    var plateau = Schedules.named("reduce_lr_on_plateau", Map.of("patience", "0", "mode", "max"));
    var config = config().metric("macroF1").schedule(plateau).steps(5).build();
    try (var trainer = trainer(TinyModels.gpt2(0), config)) {
      trainer.listen(
          new TrainingListener() {
            @Override
            public void onStep(StepReport report) {
              rates.add(report.learningRate());
            }
          });
      trainer.fit();
    }
    assertEquals(1e-2, rates.get(3)); // it rose until 3 updates were made
    assertEquals(1e-3, rates.get(4), 1e-12); // and then it did not
  }

  @Test
  void aRunThatWasStoppedEndsWhereOneThatWasNotDoes() throws IOException {
    var config = config().metric("macroF1").patience(5).loadBest(true).build();
    Gpt2CausalLm whole = TinyModels.gpt2(0.1);
    try (var trainer = trainer(whole, config().metric("macroF1").loadBest(true).build())) {
      trainer.fit();
      trainer.finish();
    }
    Path other = out.resolve("other");
    config = config().metric("macroF1").loadBest(true).output(other).build();
    try (var trainer = trainer(TinyModels.gpt2(0.1), config)) {
      trainer.listen(
          new TrainingListener() {
            @Override
            public void onStep(StepReport report) {
              if (report.step() == 5) {
                trainer.stop();
              }
            }
          });
      trainer.fit();
    }
    Gpt2CausalLm resumed = TinyModels.gpt2(0.1);
    try (var trainer = trainer(resumed, config)) {
      assertTrue(trainer.resume());
      trainer.fit();
      assertEquals(3, trainer.best().orElseThrow().step());
      trainer.finish();
    }
    assertEquals(
        Evaluator.evaluate(whole, VALIDATION, 4, 0), Evaluator.evaluate(resumed, VALIDATION, 4, 0));
    var changed = config().metric("loss").loadBest(true).output(other).build();
    try (var trainer = trainer(TinyModels.gpt2(0.1), changed)) {
      var error = assertThrows(IOException.class, trainer::resume);
      assertTrue(error.getMessage().contains("metric macroF1, the greater"), error.getMessage());
    }
  }

  /** A stop between an update and the evaluation behind it leaves nothing out. */
  @Test
  void epochsGoOnWhereTheyWereStopped() throws IOException {
    var every = config().evaluateEvery(Interval.epochs(0.5)).saveEvery(Interval.epochs(1));
    try (var trainer = trainer(TinyModels.gpt2(0.1), every.metric("macroF1").patience(9).build())) {
      trainer.fit();
    }
    var whole = List.copyOf(heard);
    heard.clear();
    var config = every.output(out.resolve("other")).build();
    try (var trainer = trainer(TinyModels.gpt2(0.1), config)) {
      trainer.listen(
          new TrainingListener() {
            @Override
            public void onStep(StepReport report) {
              if (report.step() == 5) {
                trainer.stop();
              }
            }
          });
      trainer.fit();
    }
    try (var trainer = trainer(TinyModels.gpt2(0.1), config)) {
      assertTrue(trainer.resume());
      trainer.fit();
    }
    assertEquals(whole, heard);
  }

  @Test
  void whatCannotBeIsNamed() throws IOException {
    try (var trainer = trainer(TinyModels.gpt2(0), config().metric("bleu").build())) {
      var error = assertThrows(IllegalArgumentException.class, trainer::evaluate);
      assertEquals(
          "the metric is bleu, must be one that an evaluation has: loss, perplexity, macroF1",
          error.getMessage());
      assertThrows(IllegalArgumentException.class, () -> trainer.rehearseEvaluation(2));
    }
    var clock = config().evaluateEvery(Interval.minutes(5)).patience(2);
    var error = assertThrows(IllegalArgumentException.class, clock::build);
    assertTrue(
        error.getMessage().startsWith("the interval of evaluations is 5 minutes, must be updates"),
        error.getMessage());
    var plateau =
        config()
            .evaluateEvery(Interval.minutes(5))
            .schedule(Schedules.named("reduce_lr_on_plateau", Map.of()));
    assertThrows(IllegalArgumentException.class, plateau::build);
    assertThrows(IllegalArgumentException.class, () -> config().metric(" ").build());
    assertThrows(IllegalArgumentException.class, () -> config().sanitySteps(-1).build());
  }

  @Test
  void whatIsBetterFollowsFromTheName() {
    for (String less : List.of("loss", "eval_loss", "perplexity", "some_loss")) {
      assertTrue(!config().metric(less).build().evaluation().isGreaterBetter(), less);
    }
    for (String more : List.of("accuracy", "eval_f1", "lossless")) {
      assertTrue(config().metric(more).build().evaluation().isGreaterBetter(), more);
    }
  }

  /** The sanity check measures little and changes nothing. */
  @Test
  void aRehearsalLeavesTheBitsAlone() throws IOException {
    var measured = new ArrayList<Integer>();
    var losses = new ArrayList<Double>();
    for (boolean rehearses : new boolean[] {false, true}) {
      var config = config().steps(2).output(null).build();
      try (var trainer =
          new Trainer(TinyModels.gpt2(0.1), config, DATA, RandomSequences.of(40, 2), 0)) {
        trainer
            .hooks()
            .measureWith(
                new Figures() {
                  @Override
                  public SequencedMap<String, ? extends Number> at(long step) {
                    return new LinkedHashMap<>();
                  }

                  @Override
                  public SequencedMap<String, ? extends Number> rehearsed(int batches) {
                    measured.add(batches);
                    return at(0);
                  }
                });
        if (rehearses) {
          trainer.rehearseEvaluation(2);
        }
        losses.add(trainer.trainStep().loss());
        losses.add(trainer.trainStep().loss());
      }
    }
    assertEquals(List.of(2), measured);
    assertEquals(losses.subList(0, 2), losses.subList(2, 4));
  }
}
