package dev.galen.examples.search;

import dev.galen.examples.search.prune.Pruner;
import dev.galen.examples.search.sample.Sampler;
import dev.galen.examples.search.space.Choices;
import dev.galen.examples.search.space.FloatRange;
import dev.galen.examples.search.space.IntRange;
import dev.galen.examples.search.space.Range;
import dev.galen.examples.search.space.Suggestion;
import dev.galen.examples.search.store.StudyStore;
import dev.galen.examples.search.trial.History;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * One try of an objective. It asks for values by name; the same name gives the same value again.
 */
public final class Trial {
  private final StudyStore store;
  private final StudyStore.Claim claim;
  private final Sampler sampler;
  private final Pruner pruner;
  private final Supplier<History> history;
  private final Map<String, Double> figures = new LinkedHashMap<>();
  private final Map<String, Suggestion> given = new LinkedHashMap<>();
  private Map<String, Double> together;

  Trial(
      StudyStore store,
      StudyStore.Claim claim,
      Sampler sampler,
      Pruner pruner,
      Supplier<History> history) {
    this.store = store;
    this.claim = claim;
    this.sampler = sampler;
    this.pruner = pruner;
    this.history = history;
  }

  /** Its number in the study, from 0. */
  public int number() {
    return claim.number();
  }

  /** Which of its attempts this is, from 1: a trial whose process died is made again. */
  public int attempt() {
    return claim.attempt();
  }

  /** A number from {@code low} to {@code high}. */
  public double suggestFloat(String name, double low, double high) {
    return suggest(name, new FloatRange(low, high)).number();
  }

  /** A number of a range, such as {@code FloatRange.log(1e-5, 1e-1)}. */
  public double suggestFloat(String name, FloatRange range) {
    return suggest(name, range).number();
  }

  /** A whole number from {@code low} to {@code high}. */
  public int suggestInt(String name, int low, int high) {
    return Math.toIntExact((long) suggest(name, new IntRange(low, high)).number());
  }

  /** A whole number of a range. */
  public long suggestInt(String name, IntRange range) {
    return (long) suggest(name, range).number();
  }

  /** One of several values, which are told apart by their text. */
  @SafeVarargs
  public final <T> T suggestCategorical(String name, T... values) {
    return suggestCategorical(name, List.of(values));
  }

  /** One of several values, which are told apart by their text. */
  public <T> T suggestCategorical(String name, List<T> values) {
    var choices = new Choices(values.stream().map(String::valueOf).toList());
    return values.get((int) suggest(name, choices).number());
  }

  /**
   * A value of any range.
   *
   * @throws IllegalArgumentException if this name was given from another range in this trial
   */
  public Suggestion suggest(String name, Range range) {
    Suggestion before = given.get(name);
    if (before == null) {
      before = store.suggest(claim, name, new Suggestion(range, sample(name, range)));
      given.put(name, before);
    }
    if (!before.range().equals(range)) {
      throw new IllegalArgumentException(
          "%s was suggested from %s in this trial, and now from %s"
              .formatted(name, before.range().text(), range.text()));
    }
    return before;
  }

  private double sample(String name, Range range) {
    History known = history.get();
    Suggestion kept = known.trial(number()).parameters().get(name);
    if (kept != null && kept.range().equals(range)) {
      return kept.number(); // of an attempt that died
    }
    if (together == null) {
      together = sampler.together(known, number());
    }
    Double value = together.get(name);
    return value != null && range.contains(value)
        ? value
        : sampler.sample(known, number(), name, range);
  }

  /**
   * Tells a value on the way.
   *
   * @param step how far the trial is, such as updates made; at least 0
   */
  public void report(long step, double value) {
    if (step < 0) {
      throw new IllegalArgumentException("step is " + step + ", must be at least 0");
    }
    store.report(claim, step, value);
  }

  /** Whether the value that was reported last says that the trial is not worth going on. */
  public boolean shouldPrune() {
    return pruner.isHopeless(history.get(), number());
  }

  /** Keeps a figure beside the objective. */
  public void figure(String name, double value) {
    figures.put(name, value);
  }

  Map<String, Double> figures() {
    return figures;
  }
}
