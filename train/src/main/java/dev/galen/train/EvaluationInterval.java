package dev.galen.train;

import dev.galen.train.data.TokenSequence;
import java.util.List;

/**
 * How often a run measures its validation data unless it is told: ten times, or less often where
 * that would take more than about a tenth of the time. It follows from numbers of tokens and not
 * from clocks, so that a run measures after the same updates wherever it is repeated.
 */
final class EvaluationInterval {
  private static final int TIMES = 10;

  /** The largest part of the run's time that may go to measuring. */
  private static final double SHARE = 0.1;

  /** An update passes over its tokens forwards and, at twice the cost, backwards. */
  private static final double UPDATE_COST = 3;

  private EvaluationInterval() {}

  /** What the config says, or what follows for {@link EvaluationConfig#ABOUT_TEN_TIMES}. */
  static Interval of(
      TrainingConfig config,
      long totalSteps,
      List<TokenSequence> data,
      List<TokenSequence> validation) {
    long perUpdate = config.data().perUpdate();
    Interval every = config.evaluation().every();
    return every.equals(Interval.updates(EvaluationConfig.ABOUT_TEN_TIMES))
        ? Interval.updates(of(totalSteps, perUpdate, data, validation))
        : every;
  }

  /**
   * Updates between evaluations.
   *
   * @param totalSteps updates of the whole run
   * @param perUpdate sequences in an update
   */
  static long of(
      long totalSteps, long perUpdate, List<TokenSequence> data, List<TokenSequence> validation) {
    double update = UPDATE_COST * perUpdate * tokens(data) / data.size();
    double affordable = Math.ceil(tokens(validation) / (SHARE * update));
    return Math.max(Math.max(1, totalSteps / TIMES), (long) affordable);
  }

  private static double tokens(List<TokenSequence> sequences) {
    return sequences.stream().mapToDouble(TokenSequence::length).sum();
  }
}
