package dev.galen.examples.clinical.trust;

/**
 * How much each token adds to an output, compared with a baseline.
 *
 * @param weights one for each token, in units of the output (logits)
 * @param errors the standard error of each weight; null where nothing was sampled
 * @param value the output for the text
 * @param baseline the output for the baseline
 * @param evaluations how often the model was run
 * @param tolerance how far the sum of the weights may lie from {@code value - baseline}
 */
@SuppressWarnings("ArrayRecordComponent") // Carried, never compared.
public record Attribution(
    double[] weights,
    double[] errors,
    double value,
    double baseline,
    int evaluations,
    double tolerance) {
  /** {@code value - baseline}: what the weights have to sum up to. */
  public double difference() {
    return value - baseline;
  }

  /** How far the sum of the weights lies from the {@link #difference}. */
  public double gap() {
    double sum = 0;
    for (double weight : weights) {
      sum += weight;
    }
    return Math.abs(sum - difference());
  }

  /** Whether the weights sum up to the difference, within the tolerance. */
  public boolean isComplete() {
    return gap() <= tolerance;
  }
}
