package dev.galen.train.metrics;

import dev.galen.train.text.PythonText;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * chrF and chrF++ as sacrebleu computes them (0 to 100): the F score of n-grams of characters
 * (Popović, "chrF: character n-gram F-score for automatic MT evaluation", WMT 2015), and with a
 * word order of 2 of words as well ("chrF++: words helping character n-grams", WMT 2017).
 *
 * <p>P and R are the means over the n-gram orders of matches / n-grams of the hypothesis and of the
 * reference, F = (1 + β²) P R / (β² P + R). Of several references the one with the best F of that
 * sentence counts; a corpus sums the counts of its sentences. Characters are code points.
 */
public final class Chrf {

  // What chrF++ takes off a word's end, or else its beginning: ASCII's punctuation.
  private static final String PUNCTUATION = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~";
  private static final double EPSILON = 1e-16;

  private Chrf() {}

  /**
   * What is counted, and how.
   *
   * @param characterOrder the longest n-grams of characters, at least 1
   * @param wordOrder the longest n-grams of words: 0 for chrF, 2 for chrF++
   * @param beta how many times as much recall weighs as precision, at least 0
   * @param lowercase compares lower case letters
   * @param whitespace counts white space as characters
   * @param epsilonSmoothing takes the mean over all orders of their F, 1e-16 in the place of what
   *     is undefined, as chrF++.py, nltk and Moses do; otherwise orders without n-grams are left
   *     out
   */
  public record Settings(
      int characterOrder,
      int wordOrder,
      double beta,
      boolean lowercase,
      boolean whitespace,
      boolean epsilonSmoothing) {

    /** sacrebleu's defaults: chrF2. */
    public static final Settings DEFAULT = new Settings(6, 0, 2, false, false, false);

    /** Refuses orders below 0, no order at all and a negative beta. */
    public Settings {
      if (characterOrder < 0 || wordOrder < 0 || characterOrder + wordOrder == 0 || !(beta >= 0)) {
        throw new IllegalArgumentException(
            ("chrF needs orders of at least 0, one of them above it, and beta >= 0; got a character"
                    + " order of %s, a word order of %s and beta %s")
                .formatted(characterOrder, wordOrder, beta));
      }
    }

    /** The name as sacrebleu writes it, such as {@code chrF2++}. */
    public String name() {
      boolean whole = beta == Math.rint(beta) && beta < 1e9;
      return "chrF" + (whole ? String.valueOf((long) beta) : beta) + "+".repeat(wordOrder);
    }

    /** sacrebleu's signature. */
    public String signature(List<? extends List<String>> references) {
      return "nrefs:%s|case:%s|eff:%s|nc:%s|nw:%s|space:%s|version:%s"
          .formatted(
              SacreBleu.numberOfReferences(references),
              lowercase ? "lc" : "mixed",
              epsilonSmoothing ? "no" : "yes",
              characterOrder,
              wordOrder,
              whitespace ? "yes" : "no",
              SacreBleu.VERSION);
    }
  }

  /** Of one order: n-grams of the hypothesis, of the reference, and common ones. */
  private static final class Counts {
    private long hypothesis;
    private long reference;
    private long matches;
  }

  /** The score of one hypothesis against the best of its references, of which there is one. */
  public static double sentence(List<String> references, String hypothesis, Settings settings) {
    return corpus(List.of(references), List.of(hypothesis), settings);
  }

  /**
   * The score of a corpus.
   *
   * @param references for each hypothesis its references, at least one
   * @param hypotheses at least one text
   */
  public static double corpus(
      List<List<String>> references, List<String> hypotheses, Settings settings) {
    Bleu.requireCorpus(references, hypotheses);
    Counts[] sum = counts(settings);
    for (int s = 0; s < hypotheses.size(); s++) {
      var hypothesis = grams(hypotheses.get(s), settings);
      double best = -1;
      Counts[] chosen = sum;
      for (var reference : references.get(s)) {
        Counts[] counts = compare(hypothesis, grams(reference, settings), settings);
        double score = score(counts, settings);
        if (score > best) {
          best = score;
          chosen = counts;
        }
      }
      for (int i = 0; i < sum.length; i++) {
        sum[i].hypothesis += chosen[i].hypothesis;
        sum[i].reference += chosen[i].reference;
        sum[i].matches += chosen[i].matches;
      }
    }
    return score(sum, settings);
  }

  private static Counts[] counts(Settings settings) {
    var counts = new Counts[settings.characterOrder + settings.wordOrder];
    for (int i = 0; i < counts.length; i++) {
      counts[i] = new Counts();
    }
    return counts;
  }

  private static Counts[] compare(
      List<Map<List<String>, Integer>> hypothesis,
      List<Map<List<String>, Integer>> reference,
      Settings settings) {
    Counts[] counts = counts(settings);
    for (int i = 0; i < counts.length; i++) {
      var of = counts[i];
      of.reference = reference.get(i).values().stream().mapToLong(Integer::longValue).sum();
      if (of.reference > 0) { // where there is nothing to find, nothing counts as sought
        of.hypothesis = hypothesis.get(i).values().stream().mapToLong(Integer::longValue).sum();
      }
      of.matches = NGrams.overlap(hypothesis.get(i), reference.get(i));
    }
    return counts;
  }

  private static double score(Counts[] counts, Settings settings) {
    double factor = settings.beta * settings.beta;
    double sum = 0;
    double precisions = 0;
    double recalls = 0;
    int orders = 0;
    for (var of : counts) {
      double precision = of.hypothesis > 0 ? (double) of.matches / of.hypothesis : EPSILON;
      double recall = of.reference > 0 ? (double) of.matches / of.reference : EPSILON;
      double weighted = factor * precision + recall;
      sum += weighted > 0 ? (1 + factor) * precision * recall / weighted : EPSILON;
      if (of.hypothesis > 0 && of.reference > 0) {
        precisions += precision;
        recalls += recall;
        orders++;
      }
    }
    if (settings.epsilonSmoothing) {
      return 100 * sum / counts.length;
    }
    if (precisions + recalls == 0) {
      return 0;
    }
    double precision = precisions / orders;
    double recall = recalls / orders;
    return 100 * ((1 + factor) * precision * recall / (factor * precision + recall));
  }

  /** The n-grams of a text by order, first those of characters, then those of words. */
  private static List<Map<List<String>, Integer>> grams(String text, Settings settings) {
    var line = settings.lowercase ? text.toLowerCase(Locale.ROOT) : text;
    var characters = new ArrayList<String>();
    line.codePoints()
        .filter(c -> settings.whitespace || !PythonText.isSpace(c))
        .forEach(c -> characters.add(Character.toString(c)));
    var grams = new ArrayList<Map<List<String>, Integer>>();
    for (int n = 1; n <= settings.characterOrder; n++) {
      grams.add(NGrams.count(characters, n));
    }
    var words = settings.wordOrder > 0 ? words(line) : List.<String>of();
    for (int n = 1; n <= settings.wordOrder; n++) {
      grams.add(NGrams.count(words, n));
    }
    return grams;
  }

  /** Words, of which one mark of punctuation is taken off: at the end, or else in front. */
  private static List<String> words(String text) {
    var words = new ArrayList<String>();
    for (var word : PythonText.split(text)) {
      int last = word.offsetByCodePoints(word.length(), -1);
      if (last == 0) {
        words.add(word);
      } else if (PUNCTUATION.indexOf(word.charAt(last)) >= 0) {
        words.add(word.substring(0, last));
        words.add(word.substring(last));
      } else if (PUNCTUATION.indexOf(word.charAt(0)) >= 0) {
        words.add(word.substring(0, 1));
        words.add(word.substring(1));
      } else {
        words.add(word);
      }
    }
    return words;
  }
}
