package dev.galen.train.metrics;

import dev.galen.train.text.PythonText;
import java.util.Arrays;
import java.util.List;

/**
 * BLEU as nltk's {@code sentence_bleu} and {@code corpus_bleu} compute it (0 to 1).
 *
 * <p>BLEU = BP · exp(Σ<sub>n</sub> w<sub>n</sub> ln p<sub>n</sub>), where p<sub>n</sub> is the
 * share of the hypothesis' n-grams that occur in a reference, each counted at most as often as in
 * the reference that has it most often, and BP = exp(1 - r / c) when the hypotheses' c words are
 * fewer than the r words of the closest references, else 1 (Papineni, Roukos, Ward and Zhu, "BLEU:
 * a Method for Automatic Evaluation of Machine Translation", ACL 2002). Counts and lengths are
 * summed over the corpus before dividing, so a corpus score is not the mean of its sentences'.
 *
 * <p>Tokens are compared as they are, {@link #words} makes them as {@code text.split()} does in
 * Python; {@link SacreBleu} brings its own tokenizer. Shared with nltk, and worth knowing: without
 * a matching word the score is 0; with a matching word but an order without matches, unsmoothed, it
 * is some 1e-155; a hypothesis shorter than an order counts as one n-gram of it that does not
 * match; of two references equally near in length the shorter counts.
 */
public final class Bleu {

  private Bleu() {}

  /** The words of a text: what Python's {@code text.split()} makes of it, none for a blank one. */
  public static List<String> words(String text) {
    return PythonText.split(text);
  }

  /** The weights of BLEU-{@code order}: 1 / order for every n-gram order from 1 on. */
  public static double[] uniformWeights(int order) {
    if (order < 1) {
      throw new IllegalArgumentException("BLEU needs an order of at least 1, got " + order);
    }
    var weights = new double[order];
    Arrays.fill(weights, 1.0 / order);
    return weights;
  }

  /**
   * The score of one hypothesis.
   *
   * @param references the tokens of each reference, at least one
   * @param hypothesis the tokens of the hypothesis, possibly none
   * @param weights w<sub>1</sub>, w<sub>2</sub>, ..., see {@link #uniformWeights}
   * @param smoothing what to do about zero precisions
   */
  public static double sentence(
      List<List<String>> references,
      List<String> hypothesis,
      double[] weights,
      Smoothing smoothing) {
    return corpus(List.of(references), List.of(hypothesis), weights, smoothing);
  }

  /**
   * The score of a corpus.
   *
   * @param references for each hypothesis the tokens of its references, at least one
   * @param hypotheses the tokens of each hypothesis, at least one hypothesis
   * @param weights w<sub>1</sub>, w<sub>2</sub>, ..., see {@link #uniformWeights}
   * @param smoothing what to do about zero precisions
   */
  public static double corpus(
      List<List<List<String>>> references,
      List<List<String>> hypotheses,
      double[] weights,
      Smoothing smoothing) {
    return corpus(references, hypotheses, weights, smoothing, Smoothing.Constants.DEFAULT, false);
  }

  /**
   * The score of a corpus with all that nltk lets one choose.
   *
   * @param constants the smoothing's numbers
   * @param reweigh whether four weights of 0.25 become 1 / T each for hypotheses of T &lt; 4 words
   *     together: nltk's {@code auto_reweigh}
   */
  public static double corpus(
      List<List<List<String>>> references,
      List<List<String>> hypotheses,
      double[] weights,
      Smoothing smoothing,
      Smoothing.Constants constants,
      boolean reweigh) {
    requireCorpus(references, hypotheses);
    if (weights.length == 0) {
      throw new IllegalArgumentException("BLEU needs at least one weight; four of 0.25 are usual");
    }
    var matches = new long[weights.length];
    var totals = new long[weights.length];
    long hypothesisLength = 0;
    long referenceLength = 0;
    for (int s = 0; s < hypotheses.size(); s++) {
      int length = hypotheses.get(s).size();
      hypothesisLength += length;
      referenceLength += NGrams.closestLength(references.get(s), length);
      for (int i = 0; i < weights.length; i++) {
        matches[i] += NGrams.clippedMatches(references.get(s), hypotheses.get(s), i + 1);
        totals[i] += Math.max(1, NGrams.total(length, i + 1));
      }
    }
    if (matches[0] == 0) {
      return 0;
    }
    var counts =
        new Smoothing.Counts(
            matches,
            totals,
            hypothesisLength,
            references.getLast(),
            hypotheses.getLast(),
            constants);
    double logSum = 0;
    var precisions = smoothing.smooth(counts);
    boolean fewer = reweigh && hypothesisLength < 4 && Arrays.equals(weights, uniformWeights(4));
    var shares = fewer ? uniformWeights((int) hypothesisLength) : weights;
    for (int i = 0; i < shares.length; i++) {
      if (precisions[i] > 0) {
        logSum += shares[i] * Math.log(precisions[i]);
      }
    }
    return brevityPenalty(hypothesisLength, referenceLength) * Math.exp(logSum);
  }

  /** exp(1 - r / c) for c &lt; r words, 1 for more, 0 for none. */
  static double brevityPenalty(long hypothesisLength, long referenceLength) {
    if (hypothesisLength >= referenceLength) {
      return 1;
    }
    return hypothesisLength == 0 ? 0 : Math.exp(1 - (double) referenceLength / hypothesisLength);
  }

  /** Refuses an empty corpus, lists of different sizes and a hypothesis without a reference. */
  static void requireCorpus(List<? extends List<?>> references, List<?> hypotheses) {
    if (hypotheses.isEmpty() || references.size() != hypotheses.size()) {
      throw new IllegalArgumentException(
          ("BLEU needs a list of references for each hypothesis, and at least one, but got %s"
                  + " lists of references and %s hypotheses")
              .formatted(references.size(), hypotheses.size()));
    }
    for (int s = 0; s < references.size(); s++) {
      if (references.get(s).isEmpty()) {
        throw new IllegalArgumentException("BLEU: hypothesis " + s + " has no reference");
      }
    }
  }
}
