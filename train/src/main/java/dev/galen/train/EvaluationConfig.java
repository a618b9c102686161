package dev.galen.train;

import static dev.galen.train.TrainingConfig.require;

/**
 * When validation data are measured, and what follows from it.
 *
 * @param every updates between evaluations, 0 for none while it trains, or {@link #ABOUT_TEN_TIMES}
 * @param patience evaluations in a row without a lower loss that end the run, as transformers'
 *     {@code EarlyStoppingCallback}; 0 for none
 * @param threshold how much lower a loss must be to count for the patience
 * @param loadBest whether the run ends with the weights that had the lowest loss
 */
public record EvaluationConfig(long every, long patience, double threshold, boolean loadBest) {
  /**
   * Measures validation after each tenth of the run, or less often where that would take more than
   * about a tenth of its time: by the number of tokens, so that each repetition measures after the
   * same updates. Training does not notice.
   */
  public static final long ABOUT_TEN_TIMES = -1;

  /** Nothing follows from it. */
  public EvaluationConfig(long every) {
    this(every, 0, 0, false);
  }

  /** Checks the numbers. */
  public EvaluationConfig {
    require(
        every >= 0 || every == ABOUT_TEN_TIMES, "the interval of evaluations", every, "at least 0");
    require(patience >= 0, "patience", patience, "at least 0");
    require(
        threshold >= 0 && threshold < Double.POSITIVE_INFINITY,
        "patience threshold",
        threshold,
        "a number from 0 on");
  }

  /** Whether the run depends on what is measured. */
  boolean counts() {
    return patience > 0 || loadBest;
  }
}
