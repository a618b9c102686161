package dev.galen.examples.search.sample;

import dev.galen.examples.search.space.Range;
import dev.galen.examples.search.trial.History;
import java.util.Map;
import java.util.OptionalInt;

/**
 * Chooses what a trial tries. Values are numbers as {@link Range} has them. The same seed, number
 * and history give the same choice, so that a trial that is repeated is the same trial.
 */
public interface Sampler {
  /**
   * Values that belong together, chosen before a trial asks for the first one.
   *
   * @param number of the trial
   * @return by name; a name that is missing is asked for by {@link #sample}
   */
  default Map<String, Double> together(History history, int number) {
    return Map.of();
  }

  /** The value of one parameter that {@link #together} left out. */
  double sample(History history, int number, String name, Range range);

  /** How many trials there are to make; nothing where there is no end. */
  default OptionalInt limit() {
    return OptionalInt.empty();
  }

  /** Its name and numbers, which a study keeps and compares. */
  String text();
}
