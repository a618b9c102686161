package dev.galen.train.preference;

import dev.galen.train.preference.PreferenceLoss.Kind;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What preferences are learned by: a {@link PreferenceLoss}, or the weighted sum of several, as TRL
 * adds up a list of {@code loss_type}.
 *
 * @param losses at least one
 * @param weights one for each
 */
public record PreferenceObjective(List<PreferenceLoss> losses, List<Double> weights) {
  /** Refuses no loss, and another number of weights. */
  public PreferenceObjective {
    losses = List.copyOf(losses);
    weights = List.copyOf(weights);
    if (losses.isEmpty() || losses.size() != weights.size()) {
      throw new IllegalArgumentException(
          "%d preference losses with %d weights; expected a weight for each of at least one"
              .formatted(losses.size(), weights.size()));
    }
    for (double weight : weights) {
      if (!Double.isFinite(weight)) {
        throw new IllegalArgumentException(
            "a preference loss weighs " + weight + ", must be a finite number");
      }
    }
  }

  /** One loss alone. */
  public static PreferenceObjective of(PreferenceLoss loss) {
    return new PreferenceObjective(List.of(loss), List.of(1.0));
  }

  /** β. */
  public double beta() {
    return losses.getFirst().beta();
  }

  /** Whether a reference's log-probabilities are in it. */
  public boolean needsReference() {
    return losses.stream().anyMatch(loss -> loss.kind().needsReference());
  }

  /**
   * By how much the likelihood of the better texts counts, prompts included: {@code -Σ ln p / Σ
   * tokens}, which belongs to {@link Kind#ORPO}.
   */
  double textWeight() {
    double weight = 0;
    for (int i = 0; i < losses.size(); i++) {
      weight += losses.get(i).kind() == Kind.ORPO ? weights.get(i) : 0;
    }
    return weight;
  }

  /**
   * The loss over pairs, of which there is at least one, and its derivatives; without the texts.
   */
  public PreferenceLoss.Gradient of(List<PreferencePair> pairs) {
    if (losses.size() == 1 && weights.getFirst() == 1) {
      return losses.getFirst().of(pairs);
    }
    var none = new double[pairs.size()];
    var sum = new PreferenceLoss.Gradient(0, none, none, none);
    for (int i = 0; i < losses.size(); i++) {
      sum = sum.plus(weights.get(i), losses.get(i).of(pairs));
    }
    return sum;
  }

  /** One line that tells it from others. */
  String line() {
    String names =
        losses.stream().map(loss -> loss.kind().word()).collect(Collectors.joining(" + "));
    PreferenceLoss first = losses.getFirst();
    double smoothing = losses.stream().mapToDouble(PreferenceLoss::labelSmoothing).max().orElse(0);
    String line = "%s, beta %s, label smoothing %s".formatted(names, first.beta(), smoothing);
    if (weights.stream().anyMatch(weight -> weight != 1)) {
      line += ", weights " + weights;
    }
    return losses.stream().anyMatch(loss -> loss.kind() == Kind.DISCOPOP)
        ? line + ", tau " + first.tau()
        : line;
  }
}
