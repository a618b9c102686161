package dev.galen.examples.search.trial;

/** How far a trial is. */
public enum TrialState {
  /** Begun once, given back, and to be repeated. */
  WAITING,
  /** A process works on it, or died over it. */
  RUNNING,
  /** Its value is known. */
  COMPLETE,
  /** It was ended early, because others did better. */
  PRUNED,
  /** It ended with an error. */
  FAILED;

  /** Whether nothing of it will change. */
  public boolean isFinished() {
    return this == COMPLETE || this == PRUNED || this == FAILED;
  }
}
