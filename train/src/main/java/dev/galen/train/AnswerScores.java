package dev.galen.train;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.SequencedMap;

/**
 * How near generated answers come to the references.
 *
 * @param questions answered
 * @param longest tokens an answer may have
 * @param cut answers that had not ended there, or where the context was full: what they lack counts
 *     against them in every figure
 * @param bleu corpus BLEU-4 over words, not smoothed, 0..1
 * @param sentenceBleu mean of the sentences' BLEU-4, smoothed by method 1, 0..1
 * @param rouge1 mean F of shared words, stemmed
 * @param rouge2 mean F of shared word pairs, stemmed
 * @param rougeL mean F of the longest common subsequence, stemmed
 * @param decisions questions whose reference has a decision
 * @param rightDecisions of those, how many got the right one
 * @param unstatedDecisions of those, how many answers stated none, cut or not, so that the
 *     likeliest after the answer was taken
 */
public record AnswerScores(
    int questions,
    int longest,
    int cut,
    double bleu,
    double sentenceBleu,
    double rouge1,
    double rouge2,
    double rougeL,
    int decisions,
    int rightDecisions,
    int unstatedDecisions) {
  /** The names of all figures; the last two are there where a reference has a decision. */
  public static final List<String> FIGURES =
      List.of(
          "questions",
          "answerTokens",
          "cutAnswers",
          "bleu",
          "sentenceBleu",
          "rouge1",
          "rouge2",
          "rougeL",
          "decisionAccuracy",
          "unstatedDecisions");

  /** All of them by name, for programs. */
  public SequencedMap<String, Number> figures() {
    var figures = new LinkedHashMap<String, Number>();
    figures.put("questions", questions);
    figures.put("answerTokens", longest);
    figures.put("cutAnswers", cut);
    figures.put("bleu", bleu);
    figures.put("sentenceBleu", sentenceBleu);
    figures.put("rouge1", rouge1);
    figures.put("rouge2", rouge2);
    figures.put("rougeL", rougeL);
    if (decisions > 0) {
      figures.put("decisionAccuracy", (double) rightDecisions / decisions);
      figures.put("unstatedDecisions", unstatedDecisions);
    }
    return figures;
  }

  /** One line for people. */
  public String line() {
    String text =
        String.format(
            Locale.ROOT,
            "%d answers: BLEU %.4f (sentences %.4f)  ROUGE-1 %.4f  ROUGE-2 %.4f  ROUGE-L %.4f",
            questions,
            bleu,
            sentenceBleu,
            rouge1,
            rouge2,
            rougeL);
    return text + decisionsRight() + ", " + cutAnswers();
  }

  /** How many decisions are right, and how many of all were not stated. */
  private String decisionsRight() {
    if (decisions == 0) {
      return "";
    }
    String right = "  decisions right %d of %d".formatted(rightDecisions, decisions);
    return unstatedDecisions == 0
        ? right
        : right + " (%d not stated, so the likeliest)".formatted(unstatedDecisions);
  }

  private String cutAnswers() {
    return cut == 0
        ? "none cut"
        : "%d cut after %d tokens or at the context's end".formatted(cut, longest);
  }

  /** A section of a report. */
  public String markdown() {
    var text = new StringBuilder("## Answers\n\n");
    text.append(
        "The model answered %d validation questions in up to %d tokens each; %s.\n\n"
            .formatted(
                questions,
                longest,
                cut == 0
                    ? "no answer was cut"
                    : cut + " answers were cut there, or where the context was full"));
    text.append("| answers against references | |\n|---|---:|\n");
    row(text, "BLEU-4", bleu);
    row(text, "BLEU-4, mean of sentences", sentenceBleu);
    row(text, "ROUGE-1", rouge1);
    row(text, "ROUGE-2", rouge2);
    row(text, "ROUGE-L", rougeL);
    if (decisions > 0) {
      text.append("| decisions right | %d of %d |\n".formatted(rightDecisions, decisions));
    }
    if (unstatedDecisions > 0) {
      text.append(
          ("\n%d answers state no decision: for them the likeliest of yes, no and maybe after the"
                  + " answer counts.\n")
              .formatted(unstatedDecisions));
    }
    return text.append('\n').toString();
  }

  private static void row(StringBuilder text, String what, double value) {
    text.append(String.format(Locale.ROOT, "| %s | %.4f |\n", what, value));
  }
}
