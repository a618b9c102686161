package dev.galen.examples.search.prune;

import dev.galen.examples.search.trial.History;
import dev.galen.examples.search.trial.TrialRecord;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;

/**
 * Ends a trial whose best value so far is worse than the median of what complete trials had at the
 * same step, the rule of Google Vizier (Golovin and others, KDD 2017) and of Optuna. A complete
 * trial that reported nothing at just this step counts with what it reported last before. A value
 * that is NaN ends a trial.
 *
 * @param startup complete trials that are needed first
 * @param warmup steps before which no trial is ended
 */
public record MedianPruner(int startup, long warmup) implements Pruner {
  /** Checks the numbers. */
  public MedianPruner {
    if (startup < 1) {
      throw new IllegalArgumentException("startup is " + startup + ", must be at least 1");
    }
    if (warmup < 0) {
      throw new IllegalArgumentException("warmup is " + warmup + ", must be at least 0");
    }
  }

  /** After five complete trials, from the first step on. */
  public MedianPruner() {
    this(5, 0);
  }

  @Override
  public boolean isHopeless(History history, int number) {
    NavigableMap<Long, Double> reports = history.trial(number).reports();
    if (reports.isEmpty()) {
      return false;
    }
    if (Double.isNaN(reports.lastEntry().getValue())) {
      return true;
    }
    long step = reports.lastKey();
    List<TrialRecord> complete =
        history.trials().stream()
            .filter(trial -> trial.isComplete() && trial.number() != number)
            .toList();
    if (step < warmup || complete.size() < startup) {
      return false;
    }
    double[] costs =
        complete.stream()
            .map(trial -> trial.reports().floorEntry(step))
            .filter(entry -> entry != null)
            .map(Map.Entry::getValue)
            .mapToDouble(history.reported()::cost)
            .sorted()
            .toArray();
    double best =
        reports.values().stream().mapToDouble(history.reported()::cost).min().orElseThrow();
    return costs.length > 0 && best > median(costs);
  }

  private static double median(double[] sorted) {
    int half = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
  }

  @Override
  public String text() {
    return "median, startup " + startup + ", warm-up " + warmup;
  }
}
