package dev.galen.examples.clinical.task;

import dev.galen.examples.clinical.document.Document;
import dev.galen.examples.clinical.report.Paragraph;
import dev.galen.examples.clinical.report.RunReport;
import dev.galen.train.data.PromptExample;
import dev.galen.train.metrics.Rouge;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.BiFunction;

/**
 * Writes the note, or a section of it, of a dialogue: a language model that learns {@code dialogue}
 * and text as prompt and completion, beside the dialogue's first sentences and its most central
 * ones.
 */
public final class SummaryTask {
  /** The field with what was said. */
  public static final String DIALOGUE = "dialogue";

  /** Training dialogues that lengths of baselines are chosen on. */
  private static final int TRIED = 300;

  private SummaryTask() {}

  /**
   * Trains, measures and writes the report.
   *
   * @param train documents whose text is the note of the field {@value #DIALOGUE}; where there is a
   *     field {@value SectionTask#LABEL}, it is the note's section, and the model is told
   * @param test others
   * @throws IOException in one line that names the file
   */
  public static RunReport run(TaskDocuments train, TaskDocuments test, TaskSettings settings)
      throws IOException {
    List<List<String>> learned = train.field(DIALOGUE).stream().map(DialogueSentences::of).toList();
    var extractive = ExtractiveSummary.of(learned.stream().flatMap(List::stream).toList());
    int lead = best(learned, train, ExtractiveSummary::lead);
    int central = best(learned, train, extractive::centroid);
    settings.say().accept("baselines  lead-%d and centroid-%d".formatted(lead, central));
    List<PromptExample> examples = train.documents().stream().map(SummaryTask::example).toList();
    LanguageTraining.run(
        examples,
        String.format(Locale.ROOT, "%,d dialogues with notes, %s", examples.size(), train.digest()),
        settings);
    var model =
        PromptedModel.load(settings.modelFolder(), LanguageTraining.LENGTH, settings.computing());
    int tokens = model.room(train.texts());
    List<Document> said =
        Predictions.of(
            test,
            (document, out) ->
                out.accept(document.withText(model.complete(prompt(document), tokens), List.of())),
            "summary " + tokens,
            settings);
    List<List<String>> told = test.field(DIALOGUE).stream().map(DialogueSentences::of).toList();
    var report =
        new TextReport(
            "Notes of dialogues",
            test,
            test.field(DIALOGUE),
            List.of(
                system("lead-" + lead, told, lead, ExtractiveSummary::lead),
                system("centroid-" + central, told, central, extractive::centroid)),
            said.stream().map(Document::text).toList());
    RunReport made =
        report.of(
            train,
            settings,
            new Paragraph(
                "Lead-k is the dialogue's first k sentences, centroid-k its k sentences nearest to"
                    + " the mean of all; k has the best ROUGE-L on training dialogues."),
            List.of(
                "A dialogue that is longer than the model's context loses its beginning.",
                "The model is told the section of the note, where the data have it.",
                "ROUGE counts words, not whether they are true: read the examples."));
    return settings.finish(made);
  }

  private static PromptExample example(Document document) {
    return new PromptExample(prompt(document), " " + document.text().strip(), document.origin());
  }

  /** What the model is shown. */
  static String prompt(Document document) {
    String section = document.field(SectionTask.LABEL);
    return "Dialogue:\n"
        + document.field(DIALOGUE).strip()
        + (section == null ? "" : "\nSection: " + section.strip())
        + "\nNote:";
  }

  private static TextReport.Texts system(
      String name,
      List<List<String>> dialogues,
      int length,
      BiFunction<List<String>, Integer, String> summary) {
    return new TextReport.Texts(
        name, dialogues.stream().map(one -> summary.apply(one, length)).toList());
  }

  /** The number of sentences with the best ROUGE-L on some training dialogues. */
  private static int best(
      List<List<String>> dialogues,
      TaskDocuments train,
      BiFunction<List<String>, Integer, String> summary) {
    int step = Math.ceilDiv(dialogues.size(), TRIED);
    int best = 1;
    double most = -1;
    for (int k : ExtractiveSummary.LENGTHS) {
      var scores = new ArrayList<Double>();
      for (int i = 0; i < dialogues.size(); i += step) {
        String text = summary.apply(dialogues.get(i), k);
        scores.add(Rouge.rougeL(train.texts().get(i), text, true).fmeasure());
      }
      double mean = scores.stream().mapToDouble(Double::doubleValue).average().orElse(0);
      if (mean > most) {
        most = mean;
        best = k;
      }
    }
    return best;
  }
}
