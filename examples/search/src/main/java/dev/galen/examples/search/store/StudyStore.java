package dev.galen.examples.search.store;

import dev.galen.examples.search.space.Suggestion;
import dev.galen.examples.search.trial.TrialRecord;
import dev.galen.examples.search.trial.TrialState;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * The trials of one study. What is written for a claim that another process has taken over
 * meanwhile is left out. Calls of several threads are one after the other.
 */
public interface StudyStore extends AutoCloseable {
  /**
   * A trial that this process is to make.
   *
   * @param number of the trial
   * @param attempt which of its attempts this is, from 1
   */
  record Claim(int number, int attempt) {}

  /**
   * Where it lies, for people.
   *
   * @return one line without passwords
   */
  String place();

  /**
   * Begins the study, or compares it with what it was begun with.
   *
   * @param settings by name
   * @return whether it stood there before
   * @throws IllegalArgumentException in one line that names a setting that differs, with both
   *     values
   */
  boolean open(SequencedMap<String, String> settings);

  /**
   * Takes a trial: one that was given back or whose process died, else a new one.
   *
   * @param limit trials of the study at most
   * @return nothing where there is none to take by now
   */
  Optional<Claim> claim(int limit);

  /**
   * Keeps what a trial was given.
   *
   * @return what stands there: of two values for one name the first
   */
  Suggestion suggest(Claim claim, String name, Suggestion suggestion);

  /** Keeps a value on the way, in place of an earlier one of this step. */
  void report(Claim claim, long step, double value);

  /** Ends a trial's attempt. */
  boolean finish(
      Claim claim, TrialState state, double value, Map<String, Double> figures, String error);

  /** Gives the trial back, to be repeated. */
  void giveBack(Claim claim);

  /** Shows that this process lives. */
  void beat(Claim claim);

  /** All trials, by number. */
  List<TrialRecord> trials();

  @Override
  void close();
}
