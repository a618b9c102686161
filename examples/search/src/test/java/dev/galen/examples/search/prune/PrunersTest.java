package dev.galen.examples.search.prune;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.galen.examples.search.Fixtures;
import dev.galen.examples.search.trial.Direction;
import dev.galen.examples.search.trial.History;
import dev.galen.examples.search.trial.TrialRecord;
import dev.galen.examples.search.trial.TrialState;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Who is ended early. */
class PrunersTest {
  private static TrialRecord trial(int number, TrialState state, Map<Long, Double> reports) {
    return new TrialRecord(
        number,
        1,
        state,
        "test",
        new LinkedHashMap<>(),
        new TreeMap<>(reports),
        new LinkedHashMap<>(),
        state == TrialState.COMPLETE ? 0 : Double.NaN,
        null,
        0,
        0);
  }

  private static History history(List<TrialRecord> trials, Direction direction) {
    return new History(trials, direction, direction);
  }

  /** {@code prune/pruners.py} of the test resources asked Optuna. */
  @Test
  void decisionsAreOptunas() {
    int ended = 0;
    for (JsonNode study : Fixtures.read("prune/pruners.json")) {
      int one = study.get("numbers").get(0).asInt();
      int two = study.get("numbers").get(1).asInt();
      Pruner pruner =
          study.get("pruner").textValue().equals("asha")
              ? new AshaPruner(one, two)
              : new MedianPruner(one, two);
      boolean low = study.get("direction").textValue().equals("minimize");
      Direction direction = low ? Direction.MINIMIZE : Direction.MAXIMIZE;
      var trials = new ArrayList<TrialRecord>();
      for (int n = 0; n < study.get("trials").size(); n++) {
        long at = run(pruner, direction, trials, study.get("trials").get(n), low ? 1 : -1);
        assertEquals(study.get("ended").get(n).asLong(), at, pruner.text() + " trial " + n);
        ended += at > 0 ? 1 : 0;
      }
    }
    assertTrue(ended > 200, ended + " trials ended");
  }

  /** Adds a trial with a curve, as far as it comes; returns where it is ended, or 0. */
  private static long run(
      Pruner pruner, Direction direction, List<TrialRecord> trials, JsonNode curve, int sign) {
    int number = trials.size();
    var reports = new TreeMap<Long, Double>();
    for (var report : curve.properties()) {
      long step = Long.parseLong(report.getKey());
      reports.put(step, sign * report.getValue().asDouble());
      var now = new ArrayList<>(trials);
      now.add(trial(number, TrialState.RUNNING, reports));
      if (pruner.isHopeless(history(now, direction), number)) {
        trials.add(trial(number, TrialState.PRUNED, reports));
        return step;
      }
    }
    trials.add(trial(number, TrialState.COMPLETE, reports));
    return 0;
  }

  /**
   * However trials that run side by side take turns: the best at a rung so far goes on, and who
   * goes on was among the best 1/reduction of those that had come, or the best one.
   */
  @Test
  void whoGoesOnFromARungIsAmongTheBestOfThoseThatCame() {
    for (int seed = 0; seed < 40; seed++) {
      var random = new SplittableRandom(seed);
      int reduction = 2 + random.nextInt(3);
      long first = 1 + random.nextInt(3);
      var pruner = new AshaPruner(first, reduction);
      int trials = 30;
      var reports = new ArrayList<TreeMap<Long, Double>>();
      var open = new ArrayList<Integer>();
      for (int n = 0; n < trials; n++) {
        reports.add(new TreeMap<>());
        open.add(n);
      }
      while (!open.isEmpty()) {
        int n = open.get(random.nextInt(Math.min(4, open.size()))); // four at a time
        TreeMap<Long, Double> own = reports.get(n);
        long step = own.isEmpty() ? 1 : own.lastKey() + 1;
        double value = random.nextDouble();
        own.put(step, value);
        boolean hopeless = pruner.isHopeless(history(records(reports), Direction.MINIMIZE), n);
        assertEquals(!expected(reports, first, reduction, step, value), hopeless);
        if (hopeless || step == 40) {
          open.remove(Integer.valueOf(n));
        }
      }
    }
  }

  private static List<TrialRecord> records(List<TreeMap<Long, Double>> reports) {
    var records = new ArrayList<TrialRecord>();
    for (int n = 0; n < reports.size(); n++) {
      records.add(trial(n, TrialState.RUNNING, reports.get(n)));
    }
    return records;
  }

  /** Whether a trial goes on, by counting who is better. */
  private static boolean expected(
      List<TreeMap<Long, Double>> reports, long first, int reduction, long step, double value) {
    for (long rung = first; rung <= step; rung *= reduction) {
      if (rung == step) {
        long came = reports.stream().filter(one -> one.containsKey(step)).count();
        long better =
            reports.stream().filter(one -> one.containsKey(step) && one.get(step) < value).count();
        return better < Math.max(1, came / reduction);
      }
    }
    return true;
  }

  /** Of trials that all come to a rung, in any order, about one of so many goes on. */
  @Test
  void rungsThinOut() {
    var random = new SplittableRandom(4);
    var pruner = new AshaPruner(1, 4);
    var trials = new ArrayList<TrialRecord>();
    var came = new TreeMap<Long, Integer>();
    for (int n = 0; n < 400; n++) {
      double value = random.nextDouble();
      var reports = new TreeMap<Long, Double>();
      boolean goes = true;
      for (long step = 1; step <= 16 && goes; step++) {
        reports.put(step, value);
        came.merge(step, 1, Integer::sum);
        var now = new ArrayList<>(trials);
        now.add(trial(n, TrialState.RUNNING, reports));
        goes = !pruner.isHopeless(history(now, Direction.MINIMIZE), n);
      }
      trials.add(trial(n, goes ? TrialState.COMPLETE : TrialState.PRUNED, reports));
    }
    assertEquals(400, came.get(1L));
    assertEquals(came.get(2L), came.get(4L)); // nobody ends between rungs
    assertTrue(came.get(2L) >= 80 && came.get(2L) <= 125, came.toString());
    assertTrue(came.get(5L) >= 15 && came.get(5L) <= 60, came.toString());
    assertEquals(came.get(5L), came.get(16L));
  }

  @Test
  void aValueThatIsNoNumberEndsATrial() {
    var trials = List.of(trial(0, TrialState.RUNNING, Map.of(1L, Double.NaN)));
    assertTrue(new AshaPruner().isHopeless(history(trials, Direction.MINIMIZE), 0));
    assertTrue(new MedianPruner().isHopeless(history(trials, Direction.MINIMIZE), 0));
    assertFalse(Pruner.NONE.isHopeless(history(trials, Direction.MINIMIZE), 0));
  }

  @Test
  void stepsThatOthersDidNotReportAreJudgedByTheirLastBefore() {
    var trials = new ArrayList<TrialRecord>();
    for (int n = 0; n < 5; n++) {
      trials.add(trial(n, TrialState.COMPLETE, Map.of(10L, 1.0, 20L, 0.5)));
    }
    trials.add(trial(5, TrialState.RUNNING, Map.of(15L, 0.9)));
    trials.add(trial(6, TrialState.RUNNING, Map.of(25L, 0.9)));
    History history = history(trials, Direction.MINIMIZE);
    assertFalse(new MedianPruner().isHopeless(history, 5));
    assertTrue(new MedianPruner().isHopeless(history, 6));
    assertFalse(new MedianPruner(5, 30).isHopeless(history, 6));
  }
}
