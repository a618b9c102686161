package dev.galen.train;

import dev.galen.train.preference.PreferenceLoss;
import dev.galen.train.preference.PreferenceLoss.Kind;
import dev.galen.train.preference.PreferenceObjective;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Which loss the task {@code preference} learns by, with TRL's defaults. How likely a pair is the
 * wrong way round is the run's label smoothing.
 *
 * @param kinds which losses, at least one; their sum is learned
 * @param weights of each in that sum; none for 1 each
 * @param beta with what strength the reference holds the model, above 0; of orpo, how much the odds
 *     count beside the better text's likelihood
 * @param tau of discopop, above 0
 */
public record PreferenceConfig(List<Kind> kinds, List<Double> weights, double beta, double tau) {
  /** DPO with a beta of 0.1. */
  public static final PreferenceConfig DPO = new PreferenceConfig(Kind.SIGMOID, 0.1);

  /** Refuses numbers that are not positive, and another number of weights than of kinds. */
  public PreferenceConfig {
    kinds = List.copyOf(kinds);
    weights = List.copyOf(weights);
    TrainingConfig.require(beta > 0 && Double.isFinite(beta), "beta", beta, "above 0");
    TrainingConfig.require(tau > 0 && Double.isFinite(tau), "discopop-tau", tau, "above 0");
    TrainingConfig.require(!kinds.isEmpty(), "preference-loss", kinds, "one at least");
    TrainingConfig.require(
        tau == PreferenceLoss.TAU || kinds.contains(Kind.DISCOPOP),
        "discopop-tau",
        tau,
        "left out without the preference-loss discopop");
    TrainingConfig.require(
        weights.isEmpty() || weights.size() == kinds.size(),
        "preference-weights",
        weights,
        "one number for each preference-loss of " + words(kinds));
    for (double weight : weights) {
      TrainingConfig.require(Double.isFinite(weight), "preference-weights", weights, "finite");
    }
  }

  /** One loss. */
  public PreferenceConfig(Kind kind, double beta) {
    this(List.of(kind), List.of(), beta, PreferenceLoss.TAU);
  }

  /**
   * The kinds of a text.
   *
   * @param names with commas between them: {@code sigmoid,sft}
   */
  public static List<Kind> kinds(String names) {
    return Arrays.stream(names.split(",", -1)).map(name -> Kind.named(name.strip())).toList();
  }

  private static String words(List<Kind> kinds) {
    return kinds.stream().map(Kind::word).collect(Collectors.joining(","));
  }

  /** The kinds as {@link #kinds(String)} reads them. */
  public String words() {
    return words(kinds);
  }

  /**
   * What is learned.
   *
   * @param labelSmoothing 0 to below 0.5, for the kinds that have one; exo_pair takes 0.001 for 0
   * @throws IllegalArgumentException if no kind has one
   */
  public PreferenceObjective objective(double labelSmoothing) {
    boolean smooths = kinds.stream().anyMatch(Kind::smooths);
    var losses = new ArrayList<PreferenceLoss>();
    for (Kind kind : kinds) {
      double own =
          labelSmoothing == 0 || smooths && !kind.smooths()
              ? PreferenceLoss.of(kind, beta).labelSmoothing()
              : labelSmoothing;
      losses.add(new PreferenceLoss(kind, beta, own, tau));
    }
    return new PreferenceObjective(
        losses, weights.isEmpty() ? Collections.nCopies(kinds.size(), 1.0) : weights);
  }
}
