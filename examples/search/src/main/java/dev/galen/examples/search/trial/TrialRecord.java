package dev.galen.examples.search.trial;

import dev.galen.examples.search.space.Suggestion;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.NavigableMap;
import java.util.SequencedMap;
import java.util.TreeMap;

/**
 * One trial, as it stood when it was read.
 *
 * @param number from 0, without gaps
 * @param attempt from 1; higher where an earlier attempt died or was given back
 * @param state how far it is
 * @param owner the process that works on it, or did
 * @param parameters what it was given, in the order of suggestion
 * @param reports values on the way, by step
 * @param figures what else was measured, by name
 * @param value of the objective; NaN unless it is complete
 * @param error what ended it, in one line; null unless it failed
 * @param started when this attempt began, in milliseconds since 1970
 * @param ended when it ended; 0 while it has not
 */
public record TrialRecord(
    int number,
    int attempt,
    TrialState state,
    String owner,
    SequencedMap<String, Suggestion> parameters,
    NavigableMap<Long, Double> reports,
    SequencedMap<String, Double> figures,
    double value,
    String error,
    long started,
    long ended) {
  /** Keeps its own copies. */
  public TrialRecord {
    parameters = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(parameters));
    reports = Collections.unmodifiableNavigableMap(new TreeMap<>(reports));
    figures = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(figures));
  }

  /** A trial that has only just begun. */
  public static TrialRecord begun(int number, int attempt, String owner, long started) {
    return new TrialRecord(
        number,
        attempt,
        TrialState.RUNNING,
        owner,
        new LinkedHashMap<>(),
        new TreeMap<>(),
        new LinkedHashMap<>(),
        Double.NaN,
        null,
        started,
        0);
  }

  /** Whether it is complete. */
  public boolean isComplete() {
    return state == TrialState.COMPLETE;
  }

  /** How long it took, or nothing while it runs. */
  public Duration time() {
    return Duration.ofMillis(Math.max(0, ended - started));
  }
}
