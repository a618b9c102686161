package dev.galen.train;

import dev.galen.train.checkpoint.Setting;
import dev.galen.train.checkpoint.TrainingState;
import dev.galen.train.schedule.Rates;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What changes from update to update beside the weights, and lives on in a checkpoint. */
final class Course {
  private static final String SCHEDULE = "schedule";
  private static final String MEASURED = "measured";

  private final TrainingConfig config;
  private final Validation validation;
  private final Rates rates;
  private long measuredStep;

  /**
   * At the first update.
   *
   * @param updates of the whole run
   * @throws IllegalArgumentException if the schedule follows what is not measured
   */
  Course(TrainingConfig config, Validation validation, long updates) {
    this.config = config;
    this.validation = validation;
    this.rates = config.schedule().over(updates);
    if (followsMetric() && !validation.isMeasured()) {
      throw new IllegalArgumentException(
          "schedule %s follows the validation loss, and none is measured while the model trains"
                  .formatted(config.schedule().rule().name())
              + "; give validation data, and an interval of evaluations above 0");
    }
  }

  private boolean followsMetric() {
    return config.schedule().rule().measures();
  }

  /** The learning rate at a place of the run, in updates from its beginning. */
  double rateAt(long place) {
    return rates.at(place);
  }

  /** Whether validation is to be measured after update {@code step}, and was not yet. */
  boolean isMeasurementDue(long step) {
    return step > measuredStep && validation.isDue(step);
  }

  /** Whether a stop kept the next rate from what it follows from. */
  boolean isMeasurementMissing(long step) {
    return followsMetric() && isMeasurementDue(step);
  }

  /** Validation was measured after update {@code step}. */
  void measured(long step, double loss) {
    measuredStep = step;
    rates.measured(loss);
  }

  /** The numbers for a checkpoint. */
  Map<String, List<Double>> kept() {
    var kept = new LinkedHashMap<String, List<Double>>();
    if (followsMetric()) {
      kept.put(SCHEDULE, rates.state());
      kept.put(MEASURED, List.of((double) measuredStep));
    }
    return kept;
  }

  /** Goes on from a checkpoint's numbers; another schedule or peak begins anew. */
  void resume(TrainingState state, Set<Setting> changed) {
    List<Double> schedule = state.kept().get(SCHEDULE);
    if (followsMetric()
        && schedule != null
        && !changed.contains(Setting.SCHEDULE)
        && !changed.contains(Setting.LEARNING_RATE)) {
      rates.resumeAt(schedule);
      measuredStep = state.kept().get(MEASURED).getFirst().longValue();
    }
  }
}
