package dev.galen.model.engine;

/** Why a text came to its end. */
public enum EndReason {
  /** The model ended it, a stopping rule did, or its constraint was complete. */
  STOP,
  /** It has as many tokens as it was allowed, or as the model takes. */
  LENGTH,
  /** It was cancelled. */
  CANCELLED,
  /** Its deadline passed. */
  DEADLINE,
  /** It could not go on; {@link SequenceEnd#error} says why. */
  FAILED
}
