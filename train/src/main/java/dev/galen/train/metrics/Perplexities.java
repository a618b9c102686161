package dev.galen.train.metrics;

import java.util.ArrayList;
import java.util.List;

/**
 * Perplexities of several texts, by names that keep two figures apart which are both called "the"
 * perplexity: {@link #corpus}, in which every token weighs the same, and {@link #meanOfTexts}, in
 * which every text does, and a single strange one can decide. HuggingFace's evaluate reports the
 * latter as {@code mean_perplexity}.
 *
 * @param texts of each text, in order; at least one
 */
public record Perplexities(List<Perplexity> texts) {

  /** Copies the list; refuses an empty one. */
  public Perplexities {
    texts = List.copyOf(texts);
    if (texts.isEmpty()) {
      throw new IllegalArgumentException("Perplexity is undefined: there is no text");
    }
  }

  /** Of the natural logarithms of each text's token probabilities. */
  public static Perplexities ofLogProbabilities(List<double[]> texts) {
    var each = new ArrayList<Perplexity>();
    for (var logs : texts) {
      var sum = new Perplexity.Accumulator();
      for (double log : logs) {
        if (!(log <= 0)) {
          throw new IllegalArgumentException(
              "a log-probability is " + log + "; it must be at most 0");
        }
        sum.add(-log, 1);
      }
      each.add(sum.result());
    }
    return new Perplexities(each);
  }

  /** All tokens together: exp(Σ loss · tokens / Σ tokens). */
  public Perplexity corpus() {
    var sum = new Perplexity.Accumulator();
    texts.forEach(text -> sum.addMean(text.loss(), text.tokens()));
    return sum.result();
  }

  /** The mean of the texts' perplexities. */
  public double meanOfTexts() {
    return texts.stream().mapToDouble(Perplexity::perplexity).average().orElseThrow();
  }
}
