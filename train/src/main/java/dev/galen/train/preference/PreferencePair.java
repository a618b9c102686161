package dev.galen.train.preference;

/**
 * What two models say of a pair: log-probabilities, in nats, summed over a completion's tokens.
 *
 * @param policyChosen the better completion by the model that learns
 * @param policyRejected the worse one by it
 * @param referenceChosen the better one by the model that it began as, computed once
 * @param referenceRejected the worse one by that
 * @param chosenLength tokens of the better one, at least 1
 * @param rejectedLength tokens of the worse one, at least 1
 */
public record PreferencePair(
    double policyChosen,
    double policyRejected,
    double referenceChosen,
    double referenceRejected,
    int chosenLength,
    int rejectedLength) {

  /** Refuses completions without a token. */
  public PreferencePair {
    if (chosenLength < 1 || rejectedLength < 1) {
      throw new IllegalArgumentException(
          "completions have %d and %d tokens, must have at least 1"
              .formatted(chosenLength, rejectedLength));
    }
  }

  /** By how much the policy takes the better one for more likely than the reference does. */
  public double chosenRatio() {
    return policyChosen - referenceChosen;
  }

  /** The same of the worse one. */
  public double rejectedRatio() {
    return policyRejected - referenceRejected;
  }

  /** The better one's mean ln p of a token by the policy. */
  public double chosenMean() {
    return policyChosen / chosenLength;
  }

  /** The same of the worse one. */
  public double rejectedMean() {
    return policyRejected / rejectedLength;
  }

  /**
   * The logarithm of the odds of the better one's mean probability over those of the worse one's,
   * {@code ln (p / (1 - p))} less the same of it.
   */
  public double logOdds() {
    return chosenMean()
        - rejectedMean()
        - Math.log(-Math.expm1(chosenMean()))
        + Math.log(-Math.expm1(rejectedMean()));
  }
}
