package dev.galen.examples.clinical.baseline;

import dev.galen.train.metrics.Perplexity;
import java.util.List;

/**
 * An interpolated Kneser-Ney model over tokens (Kneser and Ney, "Improved backing-off for m-gram
 * language modeling", 1995; interpolated as by Chen and Goodman, "An empirical study of smoothing
 * techniques for language modeling", 1998, with one discount an order). As a trigram:
 *
 * <pre>{@code
 * p(w | u v) = (max(c(u v w) - D3, 0) + D3 N(u v *) p(w | v)) / c(u v)
 * p(w | v)   = (max(N(* v w) - D2, 0) + D2 N(v *) p(w)) / N(* v *)
 * p(w)       = (max(N(* w) - D1, 0) + D1 N(*) / V) / N(* *)
 * }</pre>
 *
 * with c how often, N how many different, and D = n1 / (n1 + 2 n2) of the counts of each order that
 * are 1 and 2. Every token of the vocabulary has a probability. A text's first token is known, as a
 * language model knows it: begin each text with the token that ends texts. What would stand before
 * it is one token that no text has; a run of tokens that begins with that one is counted as often
 * as it occurs in every order, since nothing else can stand before it.
 *
 * <p>Runs of tokens are counted by hashes of 64 bits: among ten million runs two share one with a
 * probability of 3e-6.
 */
public final class KneserNey {
  private static final int TRIGRAM = 3;
  private static final int MOST = 8;
  private static final int START = -1;

  private final int vocabulary;
  private final int order;

  /** By how many tokens a run has; of contexts what follows in all, and how many different ones. */
  private final LongCounts[] runs;

  private final LongCounts[] following;
  private final LongCounts[] types;
  private final double[] discounts;

  private KneserNey(List<int[]> texts, int vocabulary, int order) {
    if (order < 1 || order > MOST) {
      throw new IllegalArgumentException("order is " + order + ", must be 1 to " + MOST);
    }
    this.vocabulary = vocabulary;
    this.order = order;
    runs = counts();
    following = counts();
    types = counts();
    for (int[] text : texts) {
      for (int i = 1; i < text.length; i++) {
        count(text, i);
      }
    }
    if (runs[order].size() == 0) {
      throw new IllegalArgumentException("counting runs needs a text of two tokens or more");
    }
    discounts = new double[order + 1];
    for (int k = 1; k <= order; k++) {
      long once = runs[k].having(1);
      discounts[k] = once == 0 ? 0.5 : once / (once + 2.0 * runs[k].having(2));
    }
  }

  private LongCounts[] counts() {
    var counts = new LongCounts[order + 1];
    for (int k = 0; k <= order; k++) {
      counts[k] = new LongCounts();
    }
    return counts;
  }

  /**
   * Counts texts, as a trigram.
   *
   * @param texts token ids
   * @param vocabulary V, the number of tokens there are
   */
  public static KneserNey of(List<int[]> texts, int vocabulary) {
    return of(texts, vocabulary, TRIGRAM);
  }

  /**
   * Counts texts.
   *
   * @param texts token ids
   * @param vocabulary V, the number of tokens there are
   * @param order tokens of a run, 1 to 8; 3 is a trigram
   */
  public static KneserNey of(List<int[]> texts, int vocabulary, int order) {
    return new KneserNey(texts, vocabulary, order);
  }

  /**
   * From the longest run to the shortest, as long as it is one that this place is first to have.
   */
  private void count(int[] text, int at) {
    long[] contexts = contexts(text, at);
    for (int k = order; k >= 1; k--) {
      long context = contexts[k - 1];
      following[k - 1].increment(context);
      boolean isNew = runs[k].increment(with(context, text[at])) == 1;
      if (isNew) {
        types[k - 1].increment(context);
      }
      boolean nextBeginsText = k > 1 && at - (k - 2) < 0;
      if (!isNew && !nextBeginsText) {
        return;
      }
    }
  }

  /** Hashes of the 0, 1, ... tokens before a place. */
  private long[] contexts(int[] text, int at) {
    var contexts = new long[order];
    contexts[0] = mixed(order);
    for (int k = 1; k < order; k++) {
      contexts[k] = with(contexts[k - 1], at - k >= 0 ? text[at - k] : START);
    }
    return contexts;
  }

  private static long with(long hash, int token) {
    return mixed(hash * 31 + token);
  }

  /** The finaliser of SplitMix64 (Steele et al., 2014). */
  private static long mixed(long z) {
    long x = z + 0x9e3779b97f4a7c15L;
    x = (x ^ x >>> 30) * 0xbf58476d1ce4e5b9L;
    x = (x ^ x >>> 27) * 0x94d049bb133111ebL;
    return x ^ x >>> 31;
  }

  /** p(third | first second) of a trigram, neither the first token of its text. */
  public double probability(int first, int second, int third) {
    return probability(new int[] {first, second, third}, 2);
  }

  /**
   * p of the token at a place, given those before it.
   *
   * @param text token ids
   * @param at from 1: a text's first token is known
   */
  public double probability(int[] text, int at) {
    long[] contexts = contexts(text, at);
    int token = text[at];
    double p = 1.0 / vocabulary;
    for (int k = 1; k <= order; k++) {
      long context = contexts[k - 1];
      int total = following[k - 1].get(context);
      if (total == 0) {
        return p;
      }
      int own = runs[k].get(with(context, token));
      double discount = discounts[k];
      double rest =
          k == 1
              ? discount * types[0].get(context) / vocabulary
              : discount * types[k - 1].get(context) * p;
      p = (Math.max(own - discount, 0) + rest) / total;
    }
    return p;
  }

  /** The perplexity of texts, whose first tokens are not scored. */
  public Perplexity score(List<int[]> texts) {
    var sum = new Perplexity.Accumulator();
    for (int[] text : texts) {
      double nats = 0;
      for (int i = 1; i < text.length; i++) {
        nats -= Math.log(probability(text, i));
      }
      sum.add(nats, Math.max(0, text.length - 1));
    }
    return sum.result();
  }
}
