package dev.galen.train;

import java.util.List;
import java.util.Optional;

/** The best metric of a run so far, and for how long there was no better one. */
final class Best {
  private static final int NUMBERS = 3;

  private final EvaluationConfig config;
  private double best;
  private long step;
  private long withoutBetter;

  Best(EvaluationConfig config) {
    this.config = config;
    best = config.isGreaterBetter() ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
  }

  /** The metric was measured after update {@code at}; NaN is never better. */
  void measured(long at, double measured) {
    boolean better = config.isGreaterBetter() ? measured > best : measured < best;
    boolean counts = better && Math.abs(best - measured) > config.threshold();
    withoutBetter = counts ? 0 : withoutBetter + 1;
    if (better) {
      best = measured;
      step = at;
    }
  }

  /** What was the best, if the run looks at it and anything was measured after an update. */
  Optional<BestMetric> found() {
    return step == 0 || !config.counts()
        ? Optional.empty()
        : Optional.of(new BestMetric(config.metricName(), best, step));
  }

  /** The update after which it was measured; 0 where nothing was. */
  long step() {
    return step;
  }

  /** Whether the run has waited long enough. */
  boolean endsRun() {
    return config.patience() > 0 && withoutBetter >= config.patience();
  }

  /** The numbers for a checkpoint. */
  List<Double> state() {
    return List.of(best, (double) step, (double) withoutBetter);
  }

  /** Goes on from what {@link #state} gave. */
  void resumeAt(List<Double> state) {
    if (state.size() != NUMBERS) {
      throw new IllegalArgumentException(state + " are not the numbers of a best metric");
    }
    best = state.get(0);
    step = state.get(1).longValue();
    withoutBetter = state.get(2).longValue();
  }
}
