package dev.galen.train.metrics;

import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * ROUGE as Google's rouge_score computes it (Lin, "ROUGE: A Package for Automatic Evaluation of
 * Summaries", ACL workshop 2004). Mind the order of the arguments: the target (the reference)
 * first, then the prediction.
 *
 * <p>ROUGE-N counts common n-grams, each as often as the side has it that has it less often:
 * precision = common / n-grams of the prediction, recall = common / n-grams of the target. ROUGE-L
 * puts the length of the longest common subsequence of words in the place of the common n-grams.
 * fmeasure = 2PR / (P + R). All are 0 where a side has nothing to count.
 */
public final class Rouge {

  private static final Pattern SEPARATORS = Pattern.compile("[^a-z0-9]+");
  private static final int LONGEST_UNSTEMMED = 3;
  private static final PorterStemmer STEMMER = new PorterStemmer();

  private Rouge() {}

  /** Precision, recall and their harmonic mean, each 0 to 1. */
  public record Score(double precision, double recall, double fmeasure) {

    private static Score of(int common, int inTarget, int inPrediction) {
      double precision = (double) common / Math.max(1, inPrediction);
      double recall = (double) common / Math.max(1, inTarget);
      double fmeasure = common == 0 ? 0 : 2 * precision * recall / (precision + recall);
      return new Score(precision, recall, fmeasure);
    }
  }

  /** ROUGE-1, ROUGE-2 and ROUGE-L of a prediction. */
  public static RougeScores score(String target, String prediction, boolean stem) {
    var targetTokens = tokenize(target, stem);
    var predictionTokens = tokenize(prediction, stem);
    return new RougeScores(
        rougeN(targetTokens, predictionTokens, 1),
        rougeN(targetTokens, predictionTokens, 2),
        rougeL(targetTokens, predictionTokens));
  }

  /** ROUGE-N of a prediction, {@code n} being at least 1. */
  public static Score rougeN(String target, String prediction, int n, boolean stem) {
    if (n < 1) {
      throw new IllegalArgumentException("ROUGE-N needs n-grams of at least 1 word, got n = " + n);
    }
    return rougeN(tokenize(target, stem), tokenize(prediction, stem), n);
  }

  /** ROUGE-L of a prediction, lines not distinguished; memory linear in the prediction. */
  public static Score rougeL(String target, String prediction, boolean stem) {
    return rougeL(tokenize(target, stem), tokenize(prediction, stem));
  }

  /**
   * ROUGE-L at the level of summaries: each line is a sentence. Of every target sentence those
   * words count that lie on a longest common subsequence with any sentence of the prediction, each
   * word at most as often as it occurs in either text (section 3.2 of the paper, and the clipping
   * of ROUGE-1.5.5).
   */
  public static Score rougeLsum(String target, String prediction, boolean stem) {
    var targets = sentences(target, stem);
    var predictions = sentences(prediction, stem);
    var left = new HashMap<String, Integer>();
    targets.forEach(sentence -> sentence.forEach(word -> left.merge(word, 1, Integer::sum)));
    var predicted = new HashMap<String, Integer>();
    predictions.forEach(s -> s.forEach(word -> predicted.merge(word, 1, Integer::sum)));
    left.replaceAll((word, times) -> Math.min(times, predicted.getOrDefault(word, 0)));
    int common = 0;
    for (var sentence : targets) {
      var union = new BitSet();
      predictions.forEach(other -> union.or(Subsequence.positions(sentence, other)));
      for (int i = union.nextSetBit(0); i >= 0; i = union.nextSetBit(i + 1)) {
        if (left.merge(sentence.get(i), -1, Integer::sum) >= 0) {
          common++;
        }
      }
    }
    return Score.of(common, words(targets), words(predictions));
  }

  /**
   * The words that ROUGE compares: lower case, everything but a to z and 0 to 9 separates, and with
   * {@code stem} words of more than three letters go through {@link PorterStemmer}. Letters with
   * accents separate too, so "Ménière" has the words m, ni and re.
   */
  public static List<String> tokenize(String text, boolean stem) {
    return SEPARATORS
        .splitAsStream(text.toLowerCase(Locale.ROOT))
        .filter(word -> !word.isEmpty())
        .map(word -> stem && word.length() > LONGEST_UNSTEMMED ? STEMMER.stem(word) : word)
        .toList();
  }

  private static Score rougeN(List<String> target, List<String> prediction, int n) {
    return Score.of(
        NGrams.overlap(NGrams.count(target, n), NGrams.count(prediction, n)),
        NGrams.total(target.size(), n),
        NGrams.total(prediction.size(), n));
  }

  private static Score rougeL(List<String> target, List<String> prediction) {
    return Score.of(Subsequence.length(target, prediction), target.size(), prediction.size());
  }

  private static List<List<String>> sentences(String text, boolean stem) {
    return Stream.of(text.split("\n")).map(line -> tokenize(line, stem)).toList();
  }

  private static int words(List<List<String>> sentences) {
    return sentences.stream().mapToInt(List::size).sum();
  }
}
