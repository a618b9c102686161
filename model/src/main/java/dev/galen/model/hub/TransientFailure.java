package dev.galen.model.hub;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/** A failure that may pass by itself: a lost connection, a busy server. */
final class TransientFailure extends IOException {
  private static final long serialVersionUID = 1L;

  /** In seconds, as the server asked; null if it asked nothing. */
  private final Duration retryAfter;

  TransientFailure(String message, Throwable cause) {
    super(message, cause);
    this.retryAfter = null;
  }

  TransientFailure(String message, Optional<Duration> retryAfter) {
    super(message);
    this.retryAfter = retryAfter.orElse(null);
  }

  /** How long the server asked to be left alone. */
  Optional<Duration> retryAfter() {
    return Optional.ofNullable(retryAfter);
  }
}
