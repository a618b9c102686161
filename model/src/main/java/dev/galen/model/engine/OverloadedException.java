package dev.galen.model.engine;

import java.time.Duration;

/** An engine takes no more requests now. */
public final class OverloadedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final Duration retryAfter;

  OverloadedException(String message, Duration retryAfter) {
    super(message);
    this.retryAfter = retryAfter;
  }

  /** When it is worth trying again; whole seconds, at least one. */
  public Duration retryAfter() {
    return retryAfter;
  }
}
