package dev.galen.train.schedule;

import java.util.List;

/** The learning rate of each update of one run. Those that follow a metric have a state. */
@FunctionalInterface
public interface Rates {
  /** The rate of update {@code step}, counted from 0: the first update of a rise has rate 0. */
  double at(long step);

  /** A metric was measured after an update: the validation loss, in nats. */
  default void measured(double metric) {}

  /** What a checkpoint keeps of it; empty where all follows from the step. */
  default List<Double> state() {
    return List.of();
  }

  /**
   * Goes on from what {@link #state} gave.
   *
   * @throws IllegalArgumentException if these are not the numbers of such a state
   */
  default void resumeAt(List<Double> state) {
    if (!state.isEmpty()) {
      throw new IllegalArgumentException("%d numbers, must be none".formatted(state.size()));
    }
  }

  /** Those of {@code rest} after a straight rise from 0 at update 0 to the peak. */
  static Rates warmed(double peak, long warmup, Rates rest) {
    return step -> step < warmup ? peak * step / warmup : rest.at(step);
  }
}
