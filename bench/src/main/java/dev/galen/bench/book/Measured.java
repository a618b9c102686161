package dev.galen.bench.book;

import java.util.List;

/**
 * A row that was measured.
 *
 * @param name the row's
 * @param unit of the values
 * @param value ours, a median
 * @param spread of our samples: distance of the quartiles over the median
 * @param steal the part of the CPUs' time that the host gave to others meanwhile
 * @param cost of one run; {@link Cost#NONE} where the row is not arithmetic
 * @param seconds of one run, a median; 0 for a figure without a clock
 * @param beside the same work done by others
 */
record Measured(
    String name,
    Unit unit,
    double value,
    double spread,
    double steal,
    Cost cost,
    double seconds,
    List<Beside> beside) {
  /** Samples that lie farther apart than this say little. */
  static final double MOST_SPREAD = 0.1;

  /** A host that takes more than this makes every figure a guess. */
  static final double MOST_STEAL = 0.05;

  /**
   * A peer's figure.
   *
   * @param peer its name
   * @param value in the row's unit
   * @param spread of its samples
   * @param ratio above 1: ours is better
   */
  record Beside(String peer, double value, double spread, double ratio) {}

  /** A figure that no clock was needed for. */
  static Measured figure(String name, Unit unit, double value) {
    return new Measured(name, unit, value, 0, 0, Cost.NONE, 0, List.of());
  }

  /** Whether the samples, ours or a peer's, or the host forbid conclusions. */
  boolean isNoisy() {
    return steal > MOST_STEAL
        || spread > MOST_SPREAD
        || beside.stream().anyMatch(other -> other.spread() > MOST_SPREAD);
  }

  /** Operations per second, or 0. */
  double flopsPerSecond() {
    return seconds == 0 ? 0 : cost.flops() / seconds;
  }

  /** Bytes per second, or 0. */
  double bytesPerSecond() {
    return seconds == 0 ? 0 : cost.bytes() / seconds;
  }
}
