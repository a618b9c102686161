package dev.galen.examples.clinical.task;

import dev.galen.train.metrics.Rouge;
import dev.galen.train.metrics.RougeScores;
import java.util.Arrays;
import java.util.List;

/**
 * How near a system's texts are to their references: of each text the F-measures of ROUGE-1, 2 and
 * L with stemming, and the F1 of its words.
 *
 * @param system its name, for the report
 * @param rouge1 of each text
 * @param rouge2 of each text
 * @param rougeL of each text
 * @param tokenF1 of each text, see {@link TokenF1}
 * @param words of a text in the mean
 */
@SuppressWarnings("ArrayRecordComponent") // Carried, never compared.
public record TextScores(
    String system,
    double[] rouge1,
    double[] rouge2,
    double[] rougeL,
    double[] tokenF1,
    double words) {
  /** Scores texts. */
  public static TextScores of(String system, List<String> references, List<String> texts) {
    int count = references.size();
    var rouge1 = new double[count];
    var rouge2 = new double[count];
    var rougeL = new double[count];
    var f1 = new double[count];
    double words = 0;
    for (int i = 0; i < count; i++) {
      RougeScores scores = Rouge.score(references.get(i), texts.get(i), true);
      rouge1[i] = scores.rouge1().fmeasure();
      rouge2[i] = scores.rouge2().fmeasure();
      rougeL[i] = scores.rougeL().fmeasure();
      f1[i] = TokenF1.of(references.get(i), texts.get(i));
      words += Rouge.tokenize(texts.get(i), false).size();
    }
    return new TextScores(system, rouge1, rouge2, rougeL, f1, words / count);
  }

  /** The mean. */
  static double mean(double[] values) {
    return Arrays.stream(values).average().orElse(0);
  }

  /** The mean over these texts, some of them repeated. */
  static double mean(double[] values, int[] drawn) {
    double sum = 0;
    for (int i : drawn) {
      sum += values[i];
    }
    return sum / drawn.length;
  }
}
