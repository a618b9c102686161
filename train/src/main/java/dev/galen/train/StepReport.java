package dev.galen.train;

/**
 * One update.
 *
 * @param step its number, from 1; skipped ones count
 * @param totalSteps of the whole run
 * @param epoch passes over the data so far, with a fraction
 * @param loss mean over the step's labels, by the weights of their classes, before the update
 * @param learningRate of the update
 * @param gradientNorm before clipping, of the loss as it is; not finite where the update was
 *     skipped
 * @param lossScale what the loss was multiplied by, 1 but for F16
 * @param skipped whether the gradients overflowed at this scale, so that nothing was updated
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
    double lossScale,
    boolean skipped,
    long tokens,
    double seconds) {
  /** Speed of this update. */
  public double tokensPerSecond() {
    return tokens / seconds;
  }
}
