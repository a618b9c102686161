package dev.galen.examples.cli;

import dev.galen.train.AnswerScores;
import java.util.Locale;

/** Figures as people read them. */
final class Figures {
  private Figures() {}

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
    return scores.decisions() == 0
        ? text
        : text
            + "  decisions right %d of %d".formatted(scores.rightDecisions(), scores.decisions());
  }

  /** Seconds as minutes and seconds. */
  static String time(double seconds) {
    long whole = Math.round(seconds);
    return whole < 60
        ? whole + "s"
        : whole < 3600
            ? "%dm%02ds".formatted(whole / 60, whole % 60)
            : "%dh%02dm".formatted(whole / 3600, whole / 60 % 60);
  }
}
