package dev.galen.examples.search.prune;

import dev.galen.examples.search.trial.History;
import dev.galen.examples.search.trial.TrialRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;

/**
 * Asynchronous successive halving (Li and others, "A System for Massively Parallel Hyperparameter
 * Tuning", MLSys 2020). Rung k lies at step first · reduction^k. A trial that comes to a rung goes
 * on if its value there is among the best 1/reduction of all that came to it so far, rounded down
 * but at least the best one; nobody waits for others. What counts for a rung is a trial's first
 * report at its step or later, and rungs that one report reaches are one: a trial that is measured
 * every 50 steps is not judged three times at once. A value that is NaN ends a trial.
 *
 * @param first step of the lowest rung, at least 1
 * @param reduction the factor between rungs, at least 2
 */
public record AshaPruner(long first, int reduction) implements Pruner {
  /** Checks the numbers. */
  public AshaPruner {
    if (first < 1) {
      throw new IllegalArgumentException("the first rung is " + first + ", must be at least 1");
    }
    if (reduction < 2) {
      throw new IllegalArgumentException("the reduction is " + reduction + ", must be at least 2");
    }
  }

  /** Rungs at 1, 4, 16 and so on, of each the best quarter goes on. */
  public AshaPruner() {
    this(1, 4);
  }

  @Override
  public boolean isHopeless(History history, int number) {
    NavigableMap<Long, Double> reports = history.trial(number).reports();
    if (reports.isEmpty()) {
      return false;
    }
    double value = reports.lastEntry().getValue();
    if (Double.isNaN(value)) {
      return true;
    }
    for (long rung : newRungs(reports)) {
      List<Double> costs = costs(history, rung);
      int kept = Math.max(1, costs.size() / reduction);
      if (history.reported().cost(value) > costs.get(kept - 1)) {
        return true;
      }
    }
    return false;
  }

  /** The rungs that the last report was the first to reach. */
  private List<Long> newRungs(NavigableMap<Long, Double> reports) {
    long at = reports.lastKey();
    Long before = reports.lowerKey(at);
    var rungs = new ArrayList<Long>();
    for (long rung = first; rung <= at; rung *= reduction) {
      if (before == null || before < rung) {
        rungs.add(rung);
      }
      if (rung > Long.MAX_VALUE / reduction) {
        break;
      }
    }
    return rungs;
  }

  /** What all trials had at a rung, the best first. */
  private static List<Double> costs(History history, long rung) {
    return history.trials().stream()
        .map(TrialRecord::reports)
        .map(reports -> reports.ceilingEntry(rung))
        .filter(entry -> entry != null)
        .map(Map.Entry::getValue)
        .map(history.reported()::cost)
        .sorted()
        .toList();
  }

  @Override
  public String text() {
    return "asha, first rung " + first + ", reduction " + reduction;
  }
}
