package dev.galen.train;

/**
 * One update.
 *
 * @param step its number, from 1
 * @param totalSteps of the whole run
 * @param epoch passes over the data so far, with a fraction
 * @param loss mean over the step's labels, before the update
 * @param learningRate of the update
 * @param gradientNorm before clipping
 * @param tokens positions the model saw, without padding
 * @param seconds the update took
 */
public record StepReport(
    long step,
    long totalSteps,
    double epoch,
    double loss,
    double learningRate,
    double gradientNorm,
    long tokens,
    double seconds) {
  /** Speed of this update. */
  public double tokensPerSecond() {
    return tokens / seconds;
  }
}
