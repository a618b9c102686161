package dev.galen.examples.clinical.language;

import java.util.Locale;

/**
 * How likely texts are to a model, in a way that does not depend on its vocabulary.
 *
 * @param nats -ln p of all texts together, each with its end and given its begin
 * @param counted tokens of a tokenizer that all are told by, ends included
 * @param characters code points of the texts
 */
public record TextLikelihood(double nats, long counted, long characters) {
  /** exp(nats / counted): the perplexity per token of the tokenizer that all are told by. */
  public double perplexity() {
    return Math.exp(nats / counted);
  }

  /** Bits a character. */
  public double bitsPerCharacter() {
    return nats / Math.log(2) / characters;
  }

  /** Both in words. */
  public String words() {
    return String.format(
        Locale.ROOT,
        "perplexity %.1f a token, %.3f bits a character",
        perplexity(),
        bitsPerCharacter());
  }
}
