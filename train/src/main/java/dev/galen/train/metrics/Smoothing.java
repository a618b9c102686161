package dev.galen.train.metrics;

import java.util.List;

/**
 * What BLEU puts in place of n-gram precisions that are zero or rest on few counts, numbered as in
 * Chen and Cherry, "A Systematic Comparison of Smoothing Techniques for Sentence-Level BLEU", WMT
 * 2014, and computed as nltk does; the numbers below are those of {@link Constants#DEFAULT}.
 *
 * <p>Below, <i>m<sub>n</sub></i> are the clipped matches and <i>l<sub>n</sub></i> the n-grams of
 * the hypothesis (at least 1), <i>p<sub>n</sub> = m<sub>n</sub> / l<sub>n</sub></i>, and <i>T</i>
 * the number of words of all hypotheses. Methods 5, 6 and 7 look at one sentence: in a corpus that
 * is, as in nltk, the last one, so prefer the others there.
 */
public enum Smoothing {
  /**
   * None: a zero precision becomes the smallest normal double (2.2e-308), so that the score is a
   * tiny positive number, not zero.
   */
  METHOD_0,

  /** A zero count becomes 0.1: p<sub>n</sub> = 0.1 / l<sub>n</sub>. */
  METHOD_1,

  /**
   * One is added above bigrams and on: p<sub>n</sub> = (m<sub>n</sub> + 1) / (l<sub>n</sub> + 1)
   * for n &gt; 1 (Lin and Och, "ORANGE", COLING 2004).
   */
  METHOD_2,

  /**
   * NIST's geometric sequence: the k-th zero precision becomes 1 / (2<sup>k</sup> l<sub>n</sub>).
   */
  METHOD_3,

  /**
   * Like method 3, but smaller for short hypotheses: ln T / (5 · 2<sup>k</sup> l<sub>n</sub>). With
   * a single word (ln T = 0) zero precisions are left out of the mean.
   */
  METHOD_4,

  /**
   * The mean with both neighbours: p'<sub>n</sub> = (p'<sub>n-1</sub> + p<sub>n</sub> +
   * p<sub>n+1</sub>) / 3 with p'<sub>0</sub> = p<sub>1</sub> + 1. The neighbour above the last
   * order is always the 5-gram precision, as in nltk, whatever the number of orders.
   */
  METHOD_5,

  /**
   * Interpolation with a prior from the two orders below, from trigrams on: p'<sub>n</sub> =
   * (m<sub>n</sub> + 5 π<sub>n</sub>) / (l<sub>n</sub> + 5), π<sub>n</sub> = p'<sub>n-1</sub>² /
   * p'<sub>n-2</sub> (Gao and He, NAACL 2013). Needs at least three orders and one matching
   * trigram, and refuses otherwise, as nltk does.
   */
  METHOD_6,

  /** Method 4, then method 5 on its result. */
  METHOD_7;

  private static final int NEIGHBOUR_ORDER = 5;

  /**
   * The methods' numbers.
   *
   * @param epsilon the count of method 1 in the place of zero
   * @param alpha how many n-grams the prior of method 6 weighs as many as
   * @param k the divisor of method 4, and so of method 7
   */
  public record Constants(double epsilon, double alpha, double k) {
    /** nltk's, of Chen and Cherry's experiments. */
    public static final Constants DEFAULT = new Constants(0.1, 5, 5);

    /** Refuses what is not finite, a k of 0 and negative values of the others. */
    public Constants {
      if (!(epsilon >= 0) || !(alpha >= 0) || k == 0 || !Double.isFinite(epsilon + alpha + k)) {
        throw new IllegalArgumentException(
            "smoothing needs epsilon >= 0, alpha >= 0 and k other than 0, got %s, %s and %s"
                .formatted(epsilon, alpha, k));
      }
    }
  }

  /** The counts of a corpus, and its last sentence. */
  static final class Counts {

    private final long[] matches; // m_n for n = 1, 2, ...
    private final long[] totals; // l_n, each at least 1
    private final long length; // T, at least 1
    private final List<List<String>> references;
    private final List<String> hypothesis;
    private final Constants constants;

    Counts(
        long[] matches,
        long[] totals,
        long length,
        List<List<String>> references,
        List<String> hypothesis,
        Constants constants) {
      this.matches = matches;
      this.totals = totals;
      this.length = length;
      this.references = references;
      this.hypothesis = hypothesis;
      this.constants = constants;
    }

    double[] precisions() {
      var precisions = new double[matches.length];
      for (int i = 0; i < precisions.length; i++) {
        precisions[i] = (double) matches[i] / totals[i];
      }
      return precisions;
    }
  }

  /** The smoothed precisions; one that stays zero is to be left out of the mean. */
  double[] smooth(Counts counts) {
    return switch (this) {
      case METHOD_0 -> replaceZeros(counts, (k, total) -> Double.MIN_NORMAL);
      case METHOD_1 -> replaceZeros(counts, (k, total) -> counts.constants.epsilon / total);
      case METHOD_2 -> addOne(counts);
      case METHOD_3 -> replaceZeros(counts, (k, total) -> 1 / (Math.scalb(1.0, k) * total));
      case METHOD_4 -> shortened(counts);
      case METHOD_5 -> averaged(counts, counts.precisions());
      case METHOD_6 -> interpolated(counts);
      case METHOD_7 -> averaged(counts, shortened(counts));
    };
  }

  /** The stand-in of the {@code k}-th zero precision (from 1) with {@code total} n-grams. */
  private interface Substitute {
    double of(int k, long total);
  }

  private static double[] replaceZeros(Counts counts, Substitute substitute) {
    var precisions = counts.precisions();
    int k = 0;
    for (int i = 0; i < precisions.length; i++) {
      if (counts.matches[i] == 0) {
        precisions[i] = substitute.of(++k, counts.totals[i]);
      }
    }
    return precisions;
  }

  private static double[] addOne(Counts counts) {
    var precisions = counts.precisions();
    for (int i = 1; i < precisions.length; i++) {
      precisions[i] = (counts.matches[i] + 1.0) / (counts.totals[i] + 1.0);
    }
    return precisions;
  }

  private static double[] shortened(Counts counts) {
    double logLength = Math.log((double) counts.length);
    return replaceZeros(
        counts, (k, total) -> logLength / (counts.constants.k * Math.scalb(1.0, k) * total));
  }

  private static double[] averaged(Counts counts, double[] precisions) {
    int orders = precisions.length;
    int matches = NGrams.clippedMatches(counts.references, counts.hypothesis, NEIGHBOUR_ORDER);
    int total = NGrams.total(counts.hypothesis.size(), NEIGHBOUR_ORDER);
    double beyond = (double) matches / Math.max(1, total);
    var averages = new double[orders];
    double below = precisions[0] + 1;
    for (int i = 0; i < orders; i++) {
      double above = i + 1 < orders ? precisions[i + 1] : beyond;
      averages[i] = (below + precisions[i] + above) / 3;
      below = averages[i];
    }
    return averages;
  }

  private static double[] interpolated(Counts counts) {
    var precisions = counts.precisions();
    if (precisions.length < 3 || counts.matches[2] == 0) {
      throw new IllegalArgumentException(
          "Smoothing METHOD_6 needs at least three orders and one matching trigram, but there are "
              + (precisions.length < 3 ? precisions.length + " orders" : "0 matching trigrams")
              + "; choose another method");
    }
    double alpha = counts.constants.alpha;
    for (int i = 2; i < precisions.length; i++) {
      double prior = precisions[i - 1] * precisions[i - 1] / precisions[i - 2];
      int total = NGrams.total(counts.hypothesis.size(), i + 1);
      precisions[i] = (counts.matches[i] + alpha * prior) / (total + alpha);
    }
    return precisions;
  }
}
