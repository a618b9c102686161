package dev.galen.train;

import java.util.List;

/** The lowest validation loss of a run so far, and for how long there was no lower one. */
final class Best {
  private static final int NUMBERS = 3;

  private final EvaluationConfig config;
  private double loss = Double.POSITIVE_INFINITY;
  private long step;
  private long withoutBetter;

  Best(EvaluationConfig config) {
    this.config = config;
  }

  /** Validation was measured after update {@code at}. */
  void measured(long at, double measured) {
    boolean better = measured < loss;
    withoutBetter = better && loss - measured > config.threshold() ? 0 : withoutBetter + 1;
    if (better) {
      loss = measured;
      step = at;
    }
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
    return List.of(loss, (double) step, (double) withoutBetter);
  }

  /** Goes on from what {@link #state} gave. */
  void resumeAt(List<Double> state) {
    if (state.size() != NUMBERS) {
      throw new IllegalArgumentException(state + " are not the numbers of a best loss");
    }
    loss = state.get(0);
    step = state.get(1).longValue();
    withoutBetter = state.get(2).longValue();
  }
}
