package dev.galen.examples.search.store;

import dev.galen.examples.search.space.Suggestion;
import dev.galen.examples.search.trial.TrialRecord;
import dev.galen.examples.search.trial.TrialState;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.TreeMap;

/** A study that ends with its process. */
public final class MemoryStore implements StudyStore {
  private final List<TrialRecord> trials = new ArrayList<>();
  private SequencedMap<String, String> settings;

  @Override
  public String place() {
    return "memory";
  }

  @Override
  public synchronized boolean open(SequencedMap<String, String> wanted) {
    boolean there = settings != null;
    if (there) {
      StudySettings.requireSame("the study", settings, wanted);
    } else {
      settings = new LinkedHashMap<>(wanted);
    }
    return there;
  }

  @Override
  public synchronized Optional<Claim> claim(int limit) {
    for (TrialRecord trial : trials) {
      if (trial.state() == TrialState.WAITING) {
        return Optional.of(begin(trial.number(), trial.attempt() + 1, trial.parameters()));
      }
    }
    return trials.size() < limit
        ? Optional.of(begin(trials.size(), 1, new LinkedHashMap<>()))
        : Optional.empty();
  }

  private Claim begin(int number, int attempt, SequencedMap<String, Suggestion> parameters) {
    var trial =
        with(
            TrialRecord.begun(number, attempt, "memory", System.currentTimeMillis()),
            TrialState.RUNNING,
            parameters,
            new TreeMap<>());
    if (number == trials.size()) {
      trials.add(trial);
    } else {
      trials.set(number, trial);
    }
    return new Claim(number, attempt);
  }

  private static TrialRecord with(
      TrialRecord trial,
      TrialState state,
      SequencedMap<String, Suggestion> parameters,
      TreeMap<Long, Double> reports) {
    return new TrialRecord(
        trial.number(),
        trial.attempt(),
        state,
        trial.owner(),
        parameters,
        reports,
        trial.figures(),
        trial.value(),
        trial.error(),
        trial.started(),
        trial.ended());
  }

  private boolean isHeld(Claim claim) {
    TrialRecord trial = trials.get(claim.number());
    return trial.state() == TrialState.RUNNING && trial.attempt() == claim.attempt();
  }

  @Override
  public synchronized Suggestion suggest(Claim claim, String name, Suggestion suggestion) {
    TrialRecord trial = trials.get(claim.number());
    Suggestion there = trial.parameters().get(name);
    if (there != null) {
      return there;
    }
    var parameters = new LinkedHashMap<>(trial.parameters());
    parameters.put(name, suggestion);
    trials.set(
        claim.number(), with(trial, trial.state(), parameters, new TreeMap<>(trial.reports())));
    return suggestion;
  }

  @Override
  public synchronized void report(Claim claim, long step, double value) {
    if (isHeld(claim)) {
      TrialRecord trial = trials.get(claim.number());
      var reports = new TreeMap<>(trial.reports());
      reports.put(step, value);
      trials.set(claim.number(), with(trial, trial.state(), trial.parameters(), reports));
    }
  }

  @Override
  public synchronized boolean finish(
      Claim claim, TrialState state, double value, Map<String, Double> figures, String error) {
    if (!isHeld(claim)) {
      return false;
    }
    TrialRecord trial = trials.get(claim.number());
    trials.set(
        claim.number(),
        new TrialRecord(
            trial.number(),
            trial.attempt(),
            state,
            trial.owner(),
            trial.parameters(),
            trial.reports(),
            new LinkedHashMap<>(figures),
            value,
            error,
            trial.started(),
            System.currentTimeMillis()));
    return true;
  }

  @Override
  public synchronized void giveBack(Claim claim) {
    if (isHeld(claim)) {
      TrialRecord trial = trials.get(claim.number());
      trials.set(
          claim.number(), with(trial, TrialState.WAITING, trial.parameters(), new TreeMap<>()));
    }
  }

  @Override
  public void beat(Claim claim) {}

  @Override
  public synchronized List<TrialRecord> trials() {
    return List.copyOf(trials);
  }

  @Override
  public void close() {}
}
