package dev.galen.train;

import dev.galen.train.data.DataPosition;
import java.util.function.LongSupplier;

/** After which updates of a run something is due that is done at intervals. */
final class Moments {
  private static final double NANOS_PER_MINUTE = 60e9;

  /** Parts of an epoch that are summed in binary fall short of its end by less than this. */
  private static final double ROUNDING = 1e-9;

  private final Interval interval;
  private final UpdateBatches batches;
  private final LongSupplier clock;
  private long begun;

  /**
   * From now on.
   *
   * @param clock nanoseconds
   */
  Moments(Interval interval, UpdateBatches batches, LongSupplier clock) {
    this.interval = interval;
    this.batches = batches;
    this.clock = clock;
    begin();
  }

  /** Minutes count from here. */
  void begin() {
    begun = clock.getAsLong();
  }

  /** Whether it is ever due. */
  boolean areAny() {
    return !interval.isNever();
  }

  /** Whether it is due after update {@code step}, the last one that was made. */
  boolean isDue(long step) {
    if (interval.isNever() || step == 0) {
      return false;
    }
    return switch (interval.unit()) {
      case UPDATES -> step % (long) interval.number() == 0;
      case EPOCHS -> passed(batches.position()) > passed(batches.previous());
      case MINUTES -> clock.getAsLong() - begun >= interval.number() * NANOS_PER_MINUTE;
    };
  }

  /** How many intervals of a part of an epoch lie before a position. */
  private double passed(DataPosition position) {
    return Math.floor(batches.epochs(position) / interval.number() + ROUNDING);
  }
}
