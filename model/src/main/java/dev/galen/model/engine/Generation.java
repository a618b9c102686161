package dev.galen.model.engine;

import java.time.Duration;

/** A request that an engine has taken. Safe for any thread. */
public interface Generation {
  /** Ends all of its texts before their next token. Without effect on one that is done. */
  void cancel();

  /** Whether all texts have come to their end, and the listener knows. */
  boolean isDone();

  /**
   * Waits until it is done.
   *
   * @return whether it is, within {@code atMost}
   */
  boolean await(Duration atMost) throws InterruptedException;
}
