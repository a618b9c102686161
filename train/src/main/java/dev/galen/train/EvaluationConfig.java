package dev.galen.train;

import static dev.galen.train.TrainingConfig.require;

/**
 * When validation data are measured, and what follows from it.
 *
 * @param every between evaluations, never for none while it trains, or {@link #ABOUT_TEN_TIMES}
 * @param patience evaluations in a row without a better metric that end the run, as transformers'
 *     {@code EarlyStoppingCallback}; 0 for none
 * @param threshold how much better a metric must be to count for the patience
 * @param loadBest whether the run ends with the weights that had the best metric
 * @param metric what is better or worse, as transformers' {@code metric_for_best_model}: {@code
 *     loss}, {@code perplexity}, or a figure that the task measures, with or without {@code eval_}
 *     in front. Schedules that follow a metric follow this one
 * @param greaterIsBetter whether more of it is better; null for what its name says: less of what
 *     ends with {@code loss} and of perplexity, more of all else
 * @param sanitySteps validation batches that are measured before the first update, with all that is
 *     measured later, so that what would fail then fails now; 0 for none
 */
public record EvaluationConfig(
    Interval every,
    long patience,
    double threshold,
    boolean loadBest,
    String metric,
    Boolean greaterIsBetter,
    int sanitySteps) {
  /**
   * Measures validation after each tenth of the run, or less often where that would take more than
   * about a tenth of its time: by the number of tokens, so that each repetition measures after the
   * same updates. Training does not notice.
   */
  public static final long ABOUT_TEN_TIMES = -1;

  /** The mean over all labels that count, in nats. */
  public static final String LOSS = "loss";

  private static final String PERPLEXITY = "perplexity";

  /** Nothing follows from it. */
  public EvaluationConfig(long every) {
    this(every, 0, 0, false);
  }

  /** What follows from it follows from the loss. */
  public EvaluationConfig(long every, long patience, double threshold, boolean loadBest) {
    this(Interval.updates(every), patience, threshold, loadBest, LOSS, null, 0);
  }

  /** Checks the numbers. */
  public EvaluationConfig {
    require(
        every.number() >= 0 || every.equals(Interval.updates(ABOUT_TEN_TIMES)),
        "the interval of evaluations",
        every.text(),
        "at least 0");
    require(patience >= 0, "patience", patience, "at least 0");
    require(
        threshold >= 0 && threshold < Double.POSITIVE_INFINITY,
        "patience threshold",
        threshold,
        "a number from 0 on");
    require(!metric.isBlank(), "the metric", "empty", "a name, such as loss or accuracy");
    require(sanitySteps >= 0, "sanity steps", sanitySteps, "at least 0");
    require(
        every.isExact() || patience == 0 && !loadBest,
        "the interval of evaluations",
        every.text(),
        "updates or epochs where patience or the best weights follow from them: by the clock no"
            + " repetition comes to the same end");
  }

  /** Whether the run depends on what is measured. */
  boolean counts() {
    return patience > 0 || loadBest;
  }

  /** The metric's name without what transformers puts in front. */
  public String metricName() {
    return metric.replaceFirst("^eval_", "");
  }

  /** Whether the metric is one that a task measures beside the loss. */
  public boolean isFigure() {
    return !metricName().equals(LOSS) && !metricName().equals(PERPLEXITY);
  }

  /** Whether more of the metric is better. */
  public boolean isGreaterBetter() {
    return greaterIsBetter == null
        ? !metricName().endsWith(LOSS) && !metricName().equals(PERPLEXITY)
        : greaterIsBetter;
  }
}
