package dev.galen.examples.clinical.baseline;

import dev.galen.train.metrics.Perplexity;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * An interpolated Kneser-Ney trigram over tokens (Kneser and Ney, "Improved backing-off for m-gram
 * language modeling", 1995; interpolated as by Chen and Goodman, "An empirical study of smoothing
 * techniques for language modeling", 1998, with one discount an order):
 *
 * <pre>{@code
 * p(w | u v) = (max(c(u v w) - D3, 0) + D3 N(u v *) p(w | v)) / c(u v)
 * p(w | v)   = (max(N(* v w) - D2, 0) + D2 N(v *) p(w)) / N(* v *)
 * p(w)       = (max(N(* w) - D1, 0) + D1 N(*) / V) / N(* *)
 * }</pre>
 *
 * with c how often, N how many different, and D = n1 / (n1 + 2 n2) of the counts of each order that
 * are 1 and 2. Every token of the vocabulary has a probability. A text's first token is known, as a
 * language model knows it: begin each text with the token that ends texts.
 */
public final class KneserNey {
  private static final int START = -1;

  private final int vocabulary;
  private final Map<Trigram, Integer> trigrams = new HashMap<>();
  private final Map<Long, Context> pairs = new HashMap<>();
  private final Map<Long, Integer> before = new HashMap<>();
  private final Map<Integer, Context> words = new HashMap<>();
  private final Map<Integer, Integer> beforeWord = new HashMap<>();
  private final double discount3;
  private final double discount2;
  private final double discount1;
  private final long bigramTypes;

  private record Trigram(int first, int second, int third) {}

  /** What follows some tokens: how much in all, and how many different ones. */
  private static final class Context {
    private int total;
    private int types;
  }

  private KneserNey(List<int[]> texts, int vocabulary) {
    this.vocabulary = vocabulary;
    for (int[] text : texts) {
      for (int i = 1; i < text.length; i++) {
        count(i > 1 ? text[i - 2] : START, text[i - 1], text[i]);
      }
    }
    if (trigrams.isEmpty()) {
      throw new IllegalArgumentException("a trigram needs a text of two tokens or more");
    }
    discount3 = discount(trigrams.values());
    discount2 = discount(before.values());
    discount1 = discount(beforeWord.values());
    bigramTypes = before.size();
  }

  /**
   * Counts texts.
   *
   * @param texts token ids
   * @param vocabulary V, the number of tokens there are
   */
  public static KneserNey of(List<int[]> texts, int vocabulary) {
    return new KneserNey(texts, vocabulary);
  }

  private void count(int first, int second, int third) {
    Context pair = pairs.computeIfAbsent(pair(first, second), key -> new Context());
    pair.total++;
    if (trigrams.merge(new Trigram(first, second, third), 1, Integer::sum) > 1) {
      return;
    }
    pair.types++;
    Context word = words.computeIfAbsent(second, key -> new Context());
    word.total++;
    if (before.merge(pair(second, third), 1, Integer::sum) > 1) {
      return;
    }
    word.types++;
    beforeWord.merge(third, 1, Integer::sum);
  }

  private static long pair(int first, int second) {
    return (long) first << Integer.SIZE | Integer.toUnsignedLong(second);
  }

  /** n1 / (n1 + 2 n2), or a half where nothing occurs once. */
  private static double discount(Iterable<Integer> counts) {
    long once = 0;
    long twice = 0;
    for (int count : counts) {
      once += count == 1 ? 1 : 0;
      twice += count == 2 ? 1 : 0;
    }
    return once == 0 ? 0.5 : once / (once + 2.0 * twice);
  }

  /** p(third | first second); a text's second token has no first before it, see {@link #score}. */
  public double probability(int first, int second, int third) {
    double unigram =
        (Math.max(beforeWord.getOrDefault(third, 0) - discount1, 0)
                + discount1 * beforeWord.size() / vocabulary)
            / bigramTypes;
    Context word = words.get(second);
    double bigram = unigram;
    if (word != null) {
      int own = before.getOrDefault(pair(second, third), 0);
      bigram = (Math.max(own - discount2, 0) + discount2 * word.types * unigram) / word.total;
    }
    Context context = pairs.get(pair(first, second));
    if (context == null) {
      return bigram;
    }
    int own = trigrams.getOrDefault(new Trigram(first, second, third), 0);
    return (Math.max(own - discount3, 0) + discount3 * context.types * bigram) / context.total;
  }

  /** The perplexity of texts, whose first tokens are not scored. */
  public Perplexity score(List<int[]> texts) {
    var sum = new Perplexity.Accumulator();
    for (int[] text : texts) {
      double nats = 0;
      for (int i = 1; i < text.length; i++) {
        nats -= Math.log(probability(i > 1 ? text[i - 2] : START, text[i - 1], text[i]));
      }
      sum.add(nats, Math.max(0, text.length - 1));
    }
    return sum.result();
  }
}
