package dev.galen.examples.search.sample;

import dev.galen.examples.search.trial.History;
import dev.galen.examples.search.trial.TrialRecord;
import dev.galen.examples.search.trial.TrialState;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * A history in two. Complete trials come first, by value; then pruned ones, by how far they came
 * and what they reported last. Failed trials are in neither.
 *
 * @param finished complete and pruned trials, by number
 * @param best of the finished ones, by number
 * @param others the rest of them and those under way, by number
 */
record Split(List<TrialRecord> finished, List<TrialRecord> best, List<TrialRecord> others) {
  /** Splits what a trial has to go by: every other one. */
  static Split of(History history, int number) {
    var finished = new ArrayList<TrialRecord>();
    var under = new ArrayList<TrialRecord>();
    for (TrialRecord trial : history.trials()) {
      if (trial.number() == number) {
        continue;
      }
      switch (trial.state()) {
        case COMPLETE, PRUNED -> finished.add(trial);
        case RUNNING, WAITING -> under.add(trial);
        case FAILED -> {}
      }
    }
    var sorted = new ArrayList<>(finished);
    sorted.sort(
        Comparator.<TrialRecord, Boolean>comparing(trial -> trial.state() == TrialState.PRUNED)
            .thenComparingLong(trial -> trial.isComplete() ? 0 : -reached(trial))
            .thenComparingDouble(trial -> cost(history, trial)));
    int count = TpeSampler.best(finished.size());
    var best = new ArrayList<>(sorted.subList(0, count));
    var others = new ArrayList<>(sorted.subList(count, sorted.size()));
    others.addAll(under);
    best.sort(Comparator.comparingInt(TrialRecord::number));
    others.sort(Comparator.comparingInt(TrialRecord::number));
    return new Split(finished, best, others);
  }

  /** The step of a trial's last report, -1 for none. */
  private static long reached(TrialRecord trial) {
    return trial.reports().isEmpty() ? -1 : trial.reports().lastKey();
  }

  private static double cost(History history, TrialRecord trial) {
    if (trial.isComplete()) {
      return history.direction().cost(trial.value());
    }
    return trial.reports().isEmpty()
        ? 0
        : history.reported().cost(trial.reports().lastEntry().getValue());
  }
}
