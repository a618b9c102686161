package dev.galen.examples.clinical.task;

import dev.galen.examples.clinical.document.Document;
import dev.galen.examples.clinical.report.Block;
import dev.galen.examples.clinical.report.Bullets;
import dev.galen.examples.clinical.report.Comparison;
import dev.galen.examples.clinical.report.Examples;
import dev.galen.examples.clinical.report.Numbers;
import dev.galen.examples.clinical.report.Paragraph;
import dev.galen.examples.clinical.report.RunReport;
import dev.galen.examples.clinical.report.RunSections;
import dev.galen.examples.clinical.report.Section;
import dev.galen.examples.clinical.report.Table;
import dev.galen.train.metrics.Significance;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * How many questions a model chose the right option of, beside guessing.
 *
 * @param train what it learned; null where nothing was
 * @param test the questions
 * @param answered those that could be, with what was chosen
 */
record ChoiceReport(TaskDocuments train, TaskDocuments test, List<Document> answered) {
  /** The field with the option of the greatest ln p. */
  static final String BY_SUM = "chosen_by_sum";

  /** The field with the option of the greatest mean ln p of a token. */
  static final String BY_MEAN = "chosen_by_mean";

  private static final double CONFIDENCE = 0.95;
  private static final int SHOWN = 5;

  RunReport of(TaskSettings settings) throws IOException {
    if (answered.isEmpty()) {
      throw new IOException(
          "no question can be answered, all were rejected; see %s.rejects.jsonl"
              .formatted(settings.out().resolve(Predictions.FILE)));
    }
    double chance =
        answered.stream().mapToDouble(q -> 1.0 / ChoiceTask.options(q).size()).average().orElse(0);
    var ways = new LinkedHashMap<String, Function<Document, String>>();
    ways.put("the likeliest option, sum of ln p", q -> q.field(BY_SUM));
    ways.put("the likeliest option, mean of ln p per token", q -> q.field(BY_MEAN));
    String letter = commonest();
    ways.put("always " + letter, q -> letter);
    ways.put("the longest option", ChoiceReport::longest);
    var report = RunReport.builder("Multiple choice by likelihood");
    var table =
        Table.of(
            "Right answers of %s questions; guessing has %s. Wilson's 95%% intervals"
                .formatted(Numbers.text(answered.size()), Numbers.text(chance)),
            "what",
            "right",
            "accuracy",
            "from",
            "to");
    int at = 0;
    for (Map.Entry<String, Function<Document, String>> way : ways.entrySet()) {
      long right = answered.stream().filter(q -> isRight(q, way.getValue().apply(q))).count();
      double accuracy = (double) right / answered.size();
      var interval = Significance.wilson(right, answered.size(), CONFIDENCE);
      table.row(way.getKey(), right, accuracy, interval.low(), interval.high());
      String name = List.of("sum", "mean", "letter", "longest").get(at);
      report.measure(name + "Accuracy", accuracy);
      report.measure(name + "Low", interval.low()).measure(name + "High", interval.high());
      if (at < 2) {
        report.summary(
            Comparison.withKnown(
                    "accuracy",
                    way.getKey(),
                    "guessing",
                    right,
                    answered.size(),
                    chance,
                    CONFIDENCE)
                .text());
      }
      at++;
    }
    report.measure("chance", chance).measure("questions", answered.size());
    report.section("Data", data(), settings.sourceTable());
    report.section("Figures", table.build());
    if (train != null) {
      report.section(RunSections.curves(settings.modelFolder()));
    }
    report.section(examples());
    report.section(
        "Limits",
        new Bullets(
            "A small model that has read little medicine is expected to guess.",
            "The sum of ln p prefers short options, the mean does not; neither knows how usual an"
                + " option's words are without the question.",
            "A question that is longer than the model's context loses its beginning."));
    return report.section(RunSections.repeat(settings.command(), null)).build();
  }

  private static boolean isRight(Document question, String chosen) {
    return question.field(ChoiceTask.LABEL).equals(chosen);
  }

  /** The right letter that is the most frequent here: a bound of what one letter can reach. */
  private String commonest() {
    var counts = new TreeMap<String, Integer>();
    answered.forEach(q -> counts.merge(q.field(ChoiceTask.LABEL), 1, Integer::sum));
    return counts.entrySet().stream()
        .max(
            Map.Entry.<String, Integer>comparingByValue()
                .thenComparing(Map.Entry.comparingByKey(Comparator.reverseOrder())))
        .orElseThrow()
        .getKey();
  }

  private static String longest(Document question) {
    String best = null;
    int most = -1;
    for (Map.Entry<String, String> option : ChoiceTask.options(question).entrySet()) {
      if (option.getValue().length() > most) {
        most = option.getValue().length();
        best = option.getKey();
      }
    }
    return best;
  }

  private Block data() {
    return new Paragraph(
        "%s questions; %s could not be used. The model %s."
            .formatted(
                Numbers.text(answered.size()),
                Numbers.text(test.rejected() + test.documents().size() - answered.size()),
                train == null
                    ? "was given"
                    : "learned %s texts".formatted(Numbers.text(train.documents().size()))));
  }

  private Section examples() {
    var cases = new ArrayList<Examples.Case>();
    int step = Math.max(1, answered.size() / SHOWN);
    for (int i = 0; i < answered.size() && cases.size() < SHOWN; i += step) {
      Document question = answered.get(i);
      var table = Table.of("Options", "option", "text", "ln p", "ln p per token");
      ChoiceTask.options(question)
          .forEach(
              (letter, text) ->
                  table.row(
                      letter + (isRight(question, letter) ? " (right)" : ""),
                      Shortened.text(text),
                      Double.valueOf(question.field(ChoiceTask.SUM + letter)),
                      Double.valueOf(question.field(ChoiceTask.MEAN + letter))));
      cases.add(
          new Examples.Case(
              question.id(),
              List.of(new Paragraph(Shortened.text(question.text())), table.build())));
    }
    return new Section("Examples", new Examples("Questions at equal distances.", cases));
  }
}
