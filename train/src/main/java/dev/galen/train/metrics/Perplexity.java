package dev.galen.train.metrics;

/**
 * How well a language model predicts a text: loss = Σ -ln p(token) / tokens, in nats, and
 * perplexity = exp(loss) (Jelinek, Mercer, Bahl and Baker, 1977). Every token weighs the same,
 * however the tokens were batched: the mean of batch means would favour short batches.
 *
 * @param loss the mean negative log-likelihood per scored token, in nats; infinite when a token had
 *     probability zero
 * @param tokens how many tokens were scored, at least 1; a text's first token and ignored labels
 *     are not scored
 */
public record Perplexity(double loss, long tokens) {

  /** Refuses a loss over no token, which has no value, and one that is not a number. */
  public Perplexity {
    if (tokens < 1) {
      throw new IllegalArgumentException(
          "Perplexity is undefined: "
              + tokens
              + " tokens were scored; a text needs two tokens or more, and labels not all ignored");
    }
    if (Double.isNaN(loss)) {
      throw new IllegalArgumentException("Perplexity is undefined: the loss is NaN");
    }
  }

  /** exp(loss); {@link Double#POSITIVE_INFINITY} for a loss above 709.78 nats. */
  public double perplexity() {
    return Math.exp(loss);
  }

  /** Sums batches into a {@link Perplexity}. Not thread-safe. */
  public static final class Accumulator {

    private double sum;
    private long tokens;

    /**
     * Adds a batch.
     *
     * @param sum the negative log-likelihoods of its scored tokens, summed, in nats
     * @param tokens how many tokens that is; a batch without any is allowed and changes nothing
     * @return this
     */
    public Accumulator add(double sum, long tokens) {
      if (Double.isNaN(sum) || tokens < 0 || (tokens == 0 && sum != 0)) {
        throw new IllegalArgumentException(
            "Perplexity cannot add a loss of " + sum + " nats over " + tokens + " tokens");
      }
      this.sum += sum;
      this.tokens += tokens;
      return this;
    }

    /** Adds a batch of which the mean per scored token is known; ignored if it has no token. */
    public Accumulator addMean(double mean, long tokens) {
      return tokens == 0 ? this : add(mean * tokens, tokens);
    }

    /** The figures of all batches so far; refuses if they held no token. */
    public Perplexity result() {
      return new Perplexity(tokens == 0 ? 0 : sum / tokens, tokens);
    }
  }
}
