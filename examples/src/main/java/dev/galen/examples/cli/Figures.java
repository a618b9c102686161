package dev.galen.examples.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.galen.train.AnswerScores;
import java.util.Locale;

/** Figures as people read them. */
final class Figures {
  private Figures() {}

  /** One line for people. */
  static String of(AnswerScores scores) {
    String text =
        String.format(
            Locale.ROOT,
            "%d answers: BLEU %.4f (sentences %.4f)  ROUGE-1 %.4f  ROUGE-2 %.4f  ROUGE-L %.4f",
            scores.questions(),
            scores.bleu(),
            scores.sentenceBleu(),
            scores.rouge1(),
            scores.rouge2(),
            scores.rougeL());
    return text + decisions(scores) + ", " + cut(scores);
  }

  /** How many decisions are right, and how many of all were not stated. */
  private static String decisions(AnswerScores scores) {
    if (scores.decisions() == 0) {
      return "";
    }
    String right =
        "  decisions right %d of %d".formatted(scores.rightDecisions(), scores.decisions());
    return scores.unstatedDecisions() == 0
        ? right
        : right + " (%d not stated, so the likeliest)".formatted(scores.unstatedDecisions());
  }

  private static String cut(AnswerScores scores) {
    return scores.cut() == 0
        ? "none cut"
        : "%d cut after %d tokens or at the context's end"
            .formatted(scores.cut(), scores.longest());
  }

  /** The same for programs. */
  static void put(ObjectNode json, AnswerScores scores) {
    json.put("questions", scores.questions())
        .put("answerTokens", scores.longest())
        .put("cutAnswers", scores.cut())
        .put("bleu", scores.bleu())
        .put("sentenceBleu", scores.sentenceBleu())
        .put("rouge1", scores.rouge1())
        .put("rouge2", scores.rouge2())
        .put("rougeL", scores.rougeL());
    if (scores.decisions() > 0) {
      json.put("decisionAccuracy", (double) scores.rightDecisions() / scores.decisions())
          .put("unstatedDecisions", scores.unstatedDecisions());
    }
  }
}
