package dev.galen.train.metrics;

import dev.galen.train.text.PythonText;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * BLEU on raw text as sacrebleu computes it by default (0 to 100): its own tokenizer "13a", case
 * kept, up to 4-grams, exponential smoothing (Post, "A Call for Clarity in Reporting BLEU Scores",
 * WMT 2018). The numbers are comparable between papers, which those of {@link Bleu} are only when
 * the tokens are.
 *
 * <p>The k-th order without a match has the precision 100 / (2<sup>k</sup> l<sub>n</sub>). An order
 * longer than every hypothesis makes a corpus score 0; {@link #sentence} leaves such orders out
 * ("effective order").
 */
public final class SacreBleu {

  private static final int ORDERS = 4;

  // ASCII punctuation without apostrophe, comma, hyphen and full stop stands alone.
  private static final Pattern SYMBOL = Pattern.compile("([!-&(-+/:-@\\[-`{-~])");
  private static final Pattern POINT_AFTER_OTHER = Pattern.compile("([^0-9])([.,])");
  private static final Pattern POINT_BEFORE_OTHER = Pattern.compile("([.,])([^0-9])");
  private static final Pattern HYPHEN_AFTER_DIGIT = Pattern.compile("([0-9])(-)");

  private SacreBleu() {}

  /**
   * A score and what it is made of.
   *
   * @param score BLEU, 0 to 100
   * @param precisions of the orders 1 to 4 after smoothing, 0 to 100
   * @param brevityPenalty 0 to 1
   * @param hypothesisLength tokens of all hypotheses
   * @param referenceLength tokens of the closest references
   * @param counts clipped matches of the orders 1 to 4
   * @param totals n-grams in the hypotheses of the orders 1 to 4
   */
  public record Score(
      double score,
      List<Double> precisions,
      double brevityPenalty,
      long hypothesisLength,
      long referenceLength,
      List<Long> counts,
      List<Long> totals) {

    /** Copies the lists. */
    public Score {
      precisions = List.copyOf(precisions);
      counts = List.copyOf(counts);
      totals = List.copyOf(totals);
    }
  }

  /**
   * The score of one hypothesis.
   *
   * @param references at least one text
   * @param hypothesis a text, possibly empty
   */
  public static Score sentence(List<String> references, String hypothesis) {
    return score(List.of(references), List.of(hypothesis), true);
  }

  /**
   * The score of a corpus.
   *
   * @param references for each hypothesis its references, at least one
   * @param hypotheses at least one text
   */
  public static Score corpus(List<List<String>> references, List<String> hypotheses) {
    return score(references, hypotheses, false);
  }

  /**
   * The words of a text by the rules of the NIST script mteval-v13a: symbols stand alone, full
   * stops and commas too unless between digits, hyphens after a digit.
   */
  public static List<String> tokenize(String text) {
    var line =
        PythonText.stripTrailing(text)
            .replace("<skipped>", "")
            .replace("-\n", "")
            .replace("\n", " ")
            .replace("&quot;", "\"")
            .replace("&amp;", "&")
            .replace("&lt;", "<")
            .replace("&gt;", ">");
    // The spaces around give the first and the last character a neighbour that is no digit.
    line = SYMBOL.matcher(" " + line + " ").replaceAll(" $1 ");
    line = POINT_AFTER_OTHER.matcher(line).replaceAll("$1 $2 ");
    line = POINT_BEFORE_OTHER.matcher(line).replaceAll(" $1 $2");
    line = HYPHEN_AFTER_DIGIT.matcher(line).replaceAll("$1 $2 ");
    return PythonText.split(line);
  }

  private static Score score(
      List<List<String>> references, List<String> hypotheses, boolean effectiveOrder) {
    Bleu.requireCorpus(references, hypotheses);
    var matches = new long[ORDERS];
    var totals = new long[ORDERS];
    long hypothesisLength = 0;
    long referenceLength = 0;
    for (int s = 0; s < hypotheses.size(); s++) {
      var hypothesis = tokenize(hypotheses.get(s));
      var tokenized = references.get(s).stream().map(SacreBleu::tokenize).toList();
      hypothesisLength += hypothesis.size();
      referenceLength += NGrams.closestLength(tokenized, hypothesis.size());
      for (int i = 0; i < ORDERS; i++) {
        matches[i] += NGrams.clippedMatches(tokenized, hypothesis, i + 1);
        totals[i] += NGrams.total(hypothesis.size(), i + 1);
      }
    }
    var precisions = precisions(matches, totals);
    double penalty = Bleu.brevityPenalty(hypothesisLength, referenceLength);
    double bleu = matches[0] == 0 ? 0 : penalty * mean(precisions, totals, effectiveOrder);
    return new Score(
        bleu,
        boxed(precisions),
        penalty,
        hypothesisLength,
        referenceLength,
        boxed(matches),
        boxed(totals));
  }

  private static double[] precisions(long[] matches, long[] totals) {
    var precisions = new double[ORDERS];
    double halving = 1;
    for (int i = 0; i < ORDERS && matches[0] > 0 && totals[i] > 0; i++) {
      if (matches[i] == 0) {
        halving *= 2;
        precisions[i] = 100 / (halving * totals[i]);
      } else {
        precisions[i] = 100.0 * matches[i] / totals[i];
      }
    }
    return precisions;
  }

  /** The geometric mean of all orders, or of those that the hypotheses are long enough for. */
  private static double mean(double[] precisions, long[] totals, boolean effectiveOrder) {
    double logSum = 0;
    int orders = 0;
    for (int i = 0; i < ORDERS; i++) {
      if (!effectiveOrder || totals[i] > 0) {
        logSum += Math.log(precisions[i]);
        orders++;
      }
    }
    return Math.exp(logSum / orders);
  }

  private static List<Double> boxed(double[] values) {
    var list = new ArrayList<Double>(values.length);
    for (double value : values) {
      list.add(value);
    }
    return list;
  }

  private static List<Long> boxed(long[] values) {
    var list = new ArrayList<Long>(values.length);
    for (long value : values) {
      list.add(value);
    }
    return list;
  }
}
