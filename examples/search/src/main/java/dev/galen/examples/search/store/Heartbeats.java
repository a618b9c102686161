package dev.galen.examples.search.store;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * Tells silent owners from living ones: a trial whose counter of heartbeats has not moved for a
 * while of the watcher's own time. No two machines need the same clock for it.
 */
final class Heartbeats {
  /** How often an owner shows that it lives. */
  static final Duration EVERY = Duration.ofSeconds(5);

  /** How long it may be silent: a machine that swaps, or a database that restarts, is not dead. */
  static final Duration SILENCE = Duration.ofSeconds(90);

  private record Seen(int attempt, long beat, long since) {}

  private final Map<Integer, Seen> seen = new HashMap<>();
  private final long silence;

  Heartbeats(Duration silence) {
    this.silence = silence.toNanos();
  }

  /** Whether a trial that runs has been silent for too long. */
  boolean isSilent(int number, int attempt, long beat, long now) {
    Seen before = seen.get(number);
    if (before == null || before.attempt != attempt || before.beat != beat) {
      seen.put(number, new Seen(attempt, beat, now));
      return false;
    }
    return now - before.since > silence;
  }
}
