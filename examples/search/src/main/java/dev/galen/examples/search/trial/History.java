package dev.galen.examples.search.trial;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * All trials of a study, by number.
 *
 * @param trials by number
 * @param direction which values are better
 * @param reported which values on the way are better
 */
public record History(List<TrialRecord> trials, Direction direction, Direction reported) {
  /** Keeps its own copy. */
  public History {
    trials = List.copyOf(trials);
  }

  /** The complete trial with the best value, the earliest of several. */
  public Optional<TrialRecord> best() {
    return trials.stream()
        .filter(TrialRecord::isComplete)
        .min(
            Comparator.<TrialRecord>comparingDouble(trial -> direction.cost(trial.value()))
                .thenComparingInt(TrialRecord::number));
  }

  /** The trial with a number. */
  public TrialRecord trial(int number) {
    return trials.stream()
        .filter(trial -> trial.number() == number)
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("there is no trial " + number));
  }
}
