package dev.galen.train;

import java.util.Objects;

/**
 * What a run learns by beyond the labels themselves.
 *
 * @param labelSmoothing the share of a label's probability that all classes divide while training,
 *     0 to below 1; losses that are measured on held-out data are not smoothed
 * @param classWeights how much labels of each class count while training
 * @param preference what preferences are learned by
 * @param positiveWeights how much a label that holds counts more than one that does not, by class,
 *     where a text may have several; {@code balanced} for those that do not hold over those that do
 */
public record LossConfig(
    double labelSmoothing,
    ClassWeights classWeights,
    PreferenceConfig preference,
    ClassWeights positiveWeights) {
  /** The loss of the labels. */
  public static final LossConfig PLAIN = new LossConfig(0);

  /** Refuses a share outside of 0 to below 1. */
  public LossConfig {
    TrainingConfig.require(
        labelSmoothing >= 0 && labelSmoothing < 1,
        "label smoothing",
        labelSmoothing,
        "0 to below 1");
    Objects.requireNonNull(classWeights, "class weights");
    Objects.requireNonNull(preference, "preference");
    for (double weight : positiveWeights.values()) {
      TrainingConfig.require(weight > 0, "positive-weights", positiveWeights.values(), "above 0");
    }
  }

  /** Labels that all count the same. */
  public LossConfig(double labelSmoothing) {
    this(labelSmoothing, ClassWeights.NONE, PreferenceConfig.DPO, ClassWeights.NONE);
  }
}
