package dev.galen.examples.clinical.task;

import dev.galen.examples.clinical.document.Document;
import dev.galen.examples.clinical.report.Paragraph;
import dev.galen.examples.clinical.report.RunReport;
import dev.galen.train.data.PromptExample;
import dev.galen.train.data.Split;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Answers questions: a language model that learns {@code question} and text as prompt and
 * completion, beside the answer of the nearest training question.
 */
public final class AnswerTask {
  /** The field with the question. */
  public static final String QUESTION = "question";

  /** The field with what it is about, which is held out or learned as a whole. */
  private static final String FOCUS = "focus";

  private static final double HELD_OUT = 0.1;

  private AnswerTask() {}

  /**
   * A tenth for the test, chosen by hash: all questions about one thing, the field {@code focus},
   * are on one side.
   *
   * @throws IllegalArgumentException if one side has none
   */
  public static TaskParts held(TaskDocuments all, long seed) {
    var train = new ArrayList<Document>();
    var test = new ArrayList<Document>();
    for (Document document : all.documents()) {
      String focus = document.field(FOCUS);
      String key = focus == null ? document.field(QUESTION) : focus;
      var asked = new PromptExample(key.strip().toLowerCase(Locale.ROOT), "");
      boolean held = Split.partOf(asked, 0, HELD_OUT, seed) == Split.Part.TEST;
      (held ? test : train).add(document);
    }
    if (train.isEmpty() || test.isEmpty()) {
      throw new IllegalArgumentException(
          "of %d questions none is %s; name the test by --test"
              .formatted(all.documents().size(), test.isEmpty() ? "held out" : "left to learn"));
    }
    return new TaskParts(new TaskDocuments(train, all.rejected()), new TaskDocuments(test, 0));
  }

  /**
   * Trains, measures and writes the report.
   *
   * @param train documents whose text is the answer to the field {@value #QUESTION}
   * @param test others
   * @throws IOException in one line that names the file
   */
  public static RunReport run(TaskDocuments train, TaskDocuments test, TaskSettings settings)
      throws IOException {
    List<PromptExample> examples = train.documents().stream().map(AnswerTask::example).toList();
    LanguageTraining.run(
        examples,
        String.format(
            Locale.ROOT, "%,d questions with answers, %s", examples.size(), train.digest()),
        settings);
    var model =
        PromptedModel.load(settings.modelFolder(), LanguageTraining.LENGTH, settings.computing());
    int tokens = model.room(train.texts());
    List<Document> said =
        Predictions.of(
            test,
            (document, out) ->
                out.accept(document.withText(model.complete(prompt(document), tokens), List.of())),
            "answer " + tokens,
            settings);
    var nearest = NearestQuestion.of(train.field(QUESTION));
    List<String> retrieved =
        test.field(QUESTION).stream().map(nearest::to).map(train.texts()::get).toList();
    RunReport report =
        new TextReport(
                "Answers to questions",
                test,
                test.field(QUESTION),
                List.of(new TextReport.Texts("the nearest question's answer", retrieved)),
                said.stream().map(Document::text).toList())
            .of(
                train,
                settings,
                new Paragraph(
                    "The nearest question's answer is that of the training question with the"
                        + " greatest cosine by TF-IDF."),
                List.of(
                    "What the model says has at most %d tokens; answers may be longer."
                        .formatted(tokens),
                    "An answer that reads well may be wrong: nothing here checks facts.",
                    "Overlap of words with one reference is no measure of usefulness."));
    return settings.finish(report);
  }

  private static PromptExample example(Document document) {
    return new PromptExample(prompt(document), " " + document.text().strip(), document.origin());
  }

  /** What the model is shown. */
  static String prompt(Document document) {
    return "Question: " + document.field(QUESTION).strip() + "\nAnswer:";
  }
}
