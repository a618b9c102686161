package dev.galen.model.hub;

import java.time.Duration;

/**
 * How long a download keeps trying.
 *
 * @param attempts tries in a row without a new byte before it gives up
 * @param firstPause pause after the first failure; each further one is twice as long
 * @param longestPause bound on that growth
 * @param longestRetryAfter the longest pause that a server may ask for by {@code Retry-After}
 * @param silence how long a server may send nothing before the connection counts as lost
 */
record RetryPolicy(
    int attempts,
    Duration firstPause,
    Duration longestPause,
    Duration longestRetryAfter,
    Duration silence) {

  /** Half a minute of pauses in all; the hub's own limits reset every five minutes. */
  static final RetryPolicy DEFAULT =
      new RetryPolicy(
          6,
          Duration.ofSeconds(1),
          Duration.ofSeconds(30),
          Duration.ofMinutes(6),
          Duration.ofSeconds(30));

  /** The pause after {@code failures} failures in a row, the first being 1. */
  Duration pause(int failures) {
    var pause = firstPause.multipliedBy(1L << Math.min(failures - 1, 30));
    return pause.compareTo(longestPause) < 0 ? pause : longestPause;
  }
}
