package dev.galen.train.schedule;

import java.util.Map;
import java.util.stream.Collectors;

/**
 * How the learning rate goes over a run: a value of the config, from which the trainer makes the
 * {@link Rates} of its run. {@link Schedules} has those of transformers and PyTorch by name; one of
 * your own implements this.
 */
public interface Schedule {
  /** The peak, for ever. */
  Schedule CONSTANT = new Constant();

  /** A straight line to 0 at the end of the run. */
  Schedule LINEAR = new Linear();

  /** Half a cosine to 0 at the end of the run. */
  Schedule COSINE = new Cosine(Cosine.HALF);

  /** Its name in transformers: {@code cosine_with_restarts}. */
  String name();

  /** Its numbers by transformers' names, without those that have transformers' defaults. */
  default Map<String, String> settings() {
    return Map.of();
  }

  /**
   * The rates of a run.
   *
   * @param peak the highest rate
   * @param warmup updates of the rise to it
   * @param total all updates of the run
   * @throws IllegalArgumentException if its numbers do not go with these
   */
  Rates over(double peak, long warmup, long total);

  /** Whether a rise over the first updates comes before it; else it has a rise of its own. */
  default boolean warms() {
    return true;
  }

  /** Whether its rates follow a metric that is measured while the model trains. */
  default boolean measures() {
    return false;
  }

  /** Name and numbers, for reports and checkpoints. */
  default String text() {
    return settings().entrySet().stream()
        .map(entry -> ", " + entry.getKey() + " " + entry.getValue())
        .collect(Collectors.joining("", name(), ""));
  }
}
