package dev.galen.examples.search;

/** What a study makes as small, or as large, as it can. */
@FunctionalInterface
public interface Objective {
  /**
   * Asks {@code trial} for values, and returns what came of them. An exception fails the trial, and
   * the study goes on; so does a value that is not finite.
   *
   * @throws TrialPruned to end the trial early, where {@link Trial#shouldPrune} says so
   */
  double value(Trial trial) throws Exception;
}
