package dev.galen.train;

import dev.galen.train.preference.PreferenceLoss;
import dev.galen.train.preference.PreferenceLoss.Kind;
import java.util.Objects;

/**
 * Which loss the task {@code preference} learns by, with TRL's defaults. How likely a pair is the
 * wrong way round is the run's label smoothing.
 *
 * @param kind which loss; one of pairs alone
 * @param beta with what strength the reference holds the model, above 0
 */
public record PreferenceConfig(Kind kind, double beta) {
  /** DPO with a beta of 0.1. */
  public static final PreferenceConfig DPO = new PreferenceConfig(Kind.SIGMOID, 0.1);

  /** Refuses a beta that is not positive, and what is no loss of pairs alone. */
  public PreferenceConfig {
    Objects.requireNonNull(kind, "preference loss");
    TrainingConfig.require(beta > 0 && Double.isFinite(beta), "beta", beta, "above 0");
    TrainingConfig.require(
        kind != Kind.SFT && kind != Kind.ORPO,
        "preference-loss",
        kind.word(),
        "one of pairs alone: sigmoid, robust, hinge, ipo, exo_pair, nca_pair, apo_zero, apo_down"
            + " or sigmoid_norm");
  }

  /**
   * The loss.
   *
   * @param labelSmoothing 0 to below 0.5; exo_pair takes 0.001 for 0
   * @throws IllegalArgumentException if the kind has none
   */
  public PreferenceLoss loss(double labelSmoothing) {
    return labelSmoothing == 0
        ? PreferenceLoss.of(kind, beta)
        : new PreferenceLoss(kind, beta, labelSmoothing);
  }
}
