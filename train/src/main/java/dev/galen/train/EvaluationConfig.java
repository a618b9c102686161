package dev.galen.train;

import static dev.galen.train.TrainingConfig.require;

/**
 * When validation data are measured.
 *
 * @param every updates between evaluations, 0 for none while it trains, or {@link #ABOUT_TEN_TIMES}
 */
public record EvaluationConfig(long every) {
  /**
   * Measures validation after each tenth of the run, or less often where that would take more than
   * about a tenth of its time: by the number of tokens, so that each repetition measures after the
   * same updates. Training does not notice.
   */
  public static final long ABOUT_TEN_TIMES = -1;

  /** Checks the number. */
  public EvaluationConfig {
    require(
        every >= 0 || every == ABOUT_TEN_TIMES, "the interval of evaluations", every, "at least 0");
  }
}
