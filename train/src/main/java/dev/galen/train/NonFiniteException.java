package dev.galen.train;

/** A loss or a gradient stopped being a number; the message says at which step and where. */
public final class NonFiniteException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  NonFiniteException(String message) {
    super(message);
  }
}
