package dev.galen.train;

/**
 * What a run learns by beyond the labels themselves.
 *
 * @param labelSmoothing the share of a label's probability that all classes divide while training,
 *     0 to below 1; losses that are measured on held-out data are not smoothed
 */
public record LossConfig(double labelSmoothing) {
  /** The loss of the labels. */
  public static final LossConfig PLAIN = new LossConfig(0);

  /** Refuses a share outside of 0 to below 1. */
  public LossConfig {
    TrainingConfig.require(
        labelSmoothing >= 0 && labelSmoothing < 1,
        "label smoothing",
        labelSmoothing,
        "0 to below 1");
  }
}
