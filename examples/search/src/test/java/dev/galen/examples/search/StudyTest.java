package dev.galen.examples.search;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.galen.examples.search.prune.MedianPruner;
import dev.galen.examples.search.sample.GridSampler;
import dev.galen.examples.search.sample.RandomSampler;
import dev.galen.examples.search.space.Choices;
import dev.galen.examples.search.space.FloatRange;
import dev.galen.examples.search.space.IntRange;
import dev.galen.examples.search.space.Range;
import dev.galen.examples.search.trial.Direction;
import dev.galen.examples.search.trial.TrialRecord;
import dev.galen.examples.search.trial.TrialState;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A search over a function of Java. */
class StudyTest {
  @TempDir Path folder;

  private String url() {
    return "jdbc:sqlite:" + folder.resolve("study.db");
  }

  private static double valley(Trial trial) {
    double rate = trial.suggestFloat("rate", FloatRange.log(1e-5, 1e-1));
    int layers = trial.suggestInt("layers", 1, 4);
    String activation = trial.suggestCategorical("activation", "gelu", "relu");
    double far = Math.log10(rate) + 3;
    return far * far + Math.abs(layers - 3) + (activation.equals("gelu") ? 0 : 1);
  }

  /** Numbers and values of trials; no time is in it. */
  private static List<String> told(List<TrialRecord> trials) {
    return trials.stream()
        .map(
            trial ->
                "%d %s %s %s %s"
                    .formatted(
                        trial.number(),
                        trial.state(),
                        trial.parameters(),
                        trial.reports(),
                        trial.value()))
        .toList();
  }

  @Test
  void itFindsTheValley() {
    try (Study study = Study.create().seed(1).open()) {
      study.optimize(StudyTest::valley, 60);
      TrialRecord best = study.best().orElseThrow();
      assertTrue(best.value() < 0.1, best.toString());
      assertEquals(60, study.trials().size());
    }
  }

  @Test
  void theSameSeedIsTheSameStudy() {
    var told = new ArrayList<List<String>>();
    for (int i = 0; i < 2; i++) {
      try (Study study = Study.create().seed(9).open()) {
        study.optimize(StudyTest::valley, 25);
        told.add(told(study.trials()));
      }
    }
    assertEquals(told.get(0), told.get(1));
  }

  @Test
  void aStudyThatIsOpenedAgainGoesOnAsIfItHadNotBeenClosed() {
    List<String> whole;
    try (Study study = Study.create().seed(3).open()) {
      study.optimize(StudyTest::valley, 24);
      whole = told(study.trials());
    }
    for (int upTo : new int[] {7, 15, 24}) {
      try (Study study = Study.create().seed(3).storage(url(), "s").open()) {
        assertEquals(upTo > 7, study.isContinued());
        study.optimizeTo(StudyTest::valley, upTo);
      }
    }
    try (Study study = Study.create().seed(3).storage(url(), "s").open()) {
      study.optimizeTo(StudyTest::valley, 24);
      assertEquals(whole, told(study.trials()));
    }
  }

  @Test
  void aTrialThatFailsEndsNothingElse() {
    try (Study study = Study.create().storage(url(), "s").open()) {
      study.optimize(
          trial -> {
            double x = trial.suggestFloat("x", 0, 1);
            switch (trial.number() % 5) {
              case 0 -> throw new IllegalArgumentException("x is " + x);
              case 1 -> throw new OutOfMemoryError("no more of it");
              case 2 -> {
                return Double.NaN;
              }
              case 3 -> {
                return Double.NEGATIVE_INFINITY;
              }
              default -> {
                return x;
              }
            }
          },
          10);
      List<TrialRecord> trials = study.trials();
      assertEquals(10, trials.size());
      assertEquals(2, trials.stream().filter(TrialRecord::isComplete).count());
      assertEquals("x is " + trials.get(0).parameters().get("x").number(), trials.get(0).error());
      assertEquals("not enough memory: no more of it", trials.get(1).error());
      assertEquals("the objective is NaN", trials.get(2).error());
      assertEquals("the objective is -Infinity", trials.get(3).error());
      assertTrue(study.best().orElseThrow().number() % 5 == 4);
    }
  }

  @Test
  void anObjectiveCanEndTheStudy() {
    try (Study study = Study.create().open()) {
      Objective objective =
          trial -> {
            throw new StudyException(new IllegalArgumentException("there is no such metric"));
          };
      var thrown = assertThrows(IllegalArgumentException.class, () -> study.optimize(objective, 5));
      assertEquals("there is no such metric", thrown.getMessage());
      assertEquals(1, study.trials().size());
      assertEquals(TrialState.FAILED, study.trials().getFirst().state());
    }
  }

  @Test
  void hopelessTrialsArePruned() {
    try (Study study =
        Study.create()
            .sampler(new RandomSampler(5))
            .pruner(new MedianPruner())
            .storage(url(), "s")
            .open()) {
      study.optimize(
          trial -> {
            double floor = trial.suggestFloat("floor", 0, 1);
            for (int step = 1; step <= 10; step++) {
              trial.report(step, floor + 1.0 / step);
              if (trial.shouldPrune()) {
                throw new TrialPruned();
              }
            }
            trial.figure("steps", 10);
            return floor;
          },
          30);
      List<TrialRecord> pruned =
          study.trials().stream().filter(trial -> trial.state() == TrialState.PRUNED).toList();
      assertTrue(pruned.size() > 8, pruned.size() + " pruned");
      double best = study.best().orElseThrow().value();
      for (TrialRecord trial : pruned) {
        assertTrue(trial.reports().size() < 10);
        assertTrue(trial.parameters().get("floor").number() > best);
      }
      assertEquals(10.0, study.best().orElseThrow().figures().get("steps"));
    }
  }

  @Test
  void highIsBetterWhereItIsSaid() {
    try (Study study = Study.create().direction(Direction.MAXIMIZE).seed(2).open()) {
      study.optimize(trial -> -Math.abs(trial.suggestFloat("x", -4, 4) - 1), 50);
      assertTrue(study.best().orElseThrow().value() > -0.2);
    }
  }

  @Test
  void aGridHasEveryPointOnceAndAnEnd() {
    var ranges = new LinkedHashMap<String, Range>();
    ranges.put("rate", Choices.of("1e-4", "1e-3"));
    ranges.put("layers", new IntRange(1, 5, false, 2));
    try (Study study = Study.create().sampler(GridSampler.of(ranges)).open()) {
      study.optimize(
          trial -> {
            trial.suggestCategorical("rate", "1e-4", "1e-3");
            return trial.suggestInt("layers", new IntRange(1, 5, false, 2));
          },
          100);
      assertEquals(
          List.of("1e-4 1", "1e-4 3", "1e-4 5", "1e-3 1", "1e-3 3", "1e-3 5"),
          study.trials().stream()
              .map(
                  trial ->
                      trial.parameters().get("rate").text()
                          + " "
                          + trial.parameters().get("layers").text())
              .toList());
    }
  }

  @Test
  void aNameHasOneRangeInATrial() {
    try (Study study = Study.create().open()) {
      study.optimize(
          trial -> {
            double x = trial.suggestFloat("x", 0, 1);
            assertEquals(x, trial.suggestFloat("x", 0, 1));
            return trial.suggestFloat("x", 0, 2);
          },
          1);
      assertEquals(
          "x was suggested from float:0.0:1.0 in this trial, and now from float:0.0:2.0",
          study.trials().getFirst().error());
    }
  }

  @Test
  void anotherDirectionOrSettingIsAnotherStudy() {
    Study.create().storage(url(), "s").mustKeep("metric", "loss").open().close();
    Study.create().storage(url(), "other").direction(Direction.MAXIMIZE).open().close();
    var wrong =
        assertThrows(
            IllegalArgumentException.class,
            () -> Study.create().storage(url(), "s").mustKeep("metric", "accuracy").open());
    assertTrue(
        wrong
            .getMessage()
            .endsWith(
                "study.db: the study s was begun with metric loss, and this is accuracy; go on with"
                    + " the same, or name another study"),
        wrong.getMessage());
    assertThrows(
        IllegalArgumentException.class,
        () ->
            Study.create()
                .storage(url(), "s")
                .mustKeep("metric", "loss")
                .direction(Direction.MAXIMIZE)
                .open());
  }

  @Test
  void anInterruptedTrialIsGivenBackAndMadeAgainAsItWas() {
    Objective interrupted =
        trial -> {
          double x = trial.suggestFloat("x", 0, 1);
          if (trial.number() == 2 && trial.attempt() == 1) {
            throw new InterruptedException();
          }
          return x;
        };
    try (Study study = Study.create().seed(4).storage(url(), "s").open()) {
      assertThrows(
          java.util.concurrent.CancellationException.class, () -> study.optimize(interrupted, 5));
      assertTrue(Thread.interrupted());
      assertEquals(TrialState.WAITING, study.trials().get(2).state());
      double given = study.trials().get(2).parameters().get("x").number();
      study.optimizeTo(interrupted, 5);
      assertEquals(5, study.trials().size());
      assertEquals(given, study.trials().get(2).value());
      assertEquals(2, study.trials().get(2).attempt());
      assertFalse(Thread.currentThread().isInterrupted());
    }
  }
}
