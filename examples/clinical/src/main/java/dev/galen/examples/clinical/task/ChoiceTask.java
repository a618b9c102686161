package dev.galen.examples.clinical.task;

import dev.galen.examples.clinical.document.Document;
import dev.galen.examples.clinical.document.RejectedException;
import dev.galen.examples.clinical.report.RunReport;
import dev.galen.train.data.Example;
import dev.galen.train.data.PromptExample;
import dev.galen.train.data.TextExample;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;

/**
 * Chooses among the options of a question by how likely a language model finds each as the answer
 * (Brown et al., "Language Models are Few-Shot Learners", 2020, section 2.4): by ln p of all of its
 * tokens together, and by the mean per token, which does not prefer short ones. The two are named
 * apart. The prompt is
 *
 * <pre>
 * Question: A 67-year-old man ...
 * Answer: Cross-linking of DNA
 * </pre>
 */
public final class ChoiceTask {
  /** What the names of the fields with options begin with; the letter follows. */
  public static final String OPTION = "option_";

  /** The field with the right option's letter. */
  public static final String LABEL = "label";

  static final String SUM = "logp_";
  static final String MEAN = "mean_";

  private ChoiceTask() {}

  /** The options of a question by their letters, in its order. */
  static SequencedMap<String, String> options(Document question) {
    var options = new LinkedHashMap<String, String>();
    for (Map.Entry<String, String> field : question.fields().entrySet()) {
      if (field.getKey().startsWith(OPTION)) {
        options.put(field.getKey().substring(OPTION.length()), field.getValue());
      }
    }
    return options;
  }

  /** What the model is shown; an option follows behind a space. */
  static String prompt(Document question) {
    return "Question: " + question.text().strip() + "\nAnswer:";
  }

  /**
   * Trains where there is what to learn, measures and writes the report.
   *
   * @param train documents with {@code question} whose text is the answer, or texts; null to take
   *     the model of the settings as it is
   * @param test questions with options, see {@link #OPTION} and {@link #LABEL}
   * @throws IOException in one line that names the file
   */
  public static RunReport run(TaskDocuments train, TaskDocuments test, TaskSettings settings)
      throws IOException {
    if (train == null && settings.model() == null) {
      throw new IllegalArgumentException(
          "there is no model to ask: name one by --model, or what a new one learns by --train");
    }
    if (train != null) {
      List<Example> examples = train.documents().stream().map(ChoiceTask::example).toList();
      LanguageTraining.run(
          examples,
          String.format(Locale.ROOT, "%,d texts, %s", examples.size(), train.digest()),
          settings);
    }
    var model =
        PromptedModel.load(
            settings.trained(train != null), LanguageTraining.LENGTH, settings.computing());
    List<Document> answered =
        Predictions.of(
            test, (document, out) -> out.accept(scored(model, document)), "choice", settings);
    RunReport report = new ChoiceReport(train, test, answered).of(settings);
    return settings.finish(report);
  }

  /** A question and its answer as the prompt has them; any other text as it is. */
  private static Example example(Document document) {
    String question = document.field(AnswerTask.QUESTION);
    return question == null
        ? new TextExample(document.text(), document.origin())
        : new PromptExample(
            "Question: " + question.strip() + "\nAnswer:",
            " " + document.text().strip(),
            document.origin());
  }

  /** The question with the likelihood of each option and what is chosen by it. */
  private static Document scored(PromptedModel model, Document question) throws RejectedException {
    SequencedMap<String, String> options = options(question);
    String right = question.field(LABEL);
    if (options.size() < 2 || !options.containsKey(right)) {
      throw new RejectedException(
          options.size() < 2
              ? "no options; expected fields option_A, option_B, ..."
              : "the label is none of the options' letters");
    }
    Document scored = question;
    String bySum = null;
    String byMean = null;
    double most = Double.NEGATIVE_INFINITY;
    double mostMean = Double.NEGATIVE_INFINITY;
    String prompt = prompt(question);
    for (Map.Entry<String, String> option : options.entrySet()) {
      PromptedModel.Likelihood likely = model.likelihood(prompt, " " + option.getValue().strip());
      scored =
          scored
              .with(SUM + option.getKey(), Double.toString(likely.sum()))
              .with(MEAN + option.getKey(), Double.toString(likely.mean()));
      if (likely.sum() > most) {
        most = likely.sum();
        bySum = option.getKey();
      }
      if (likely.mean() > mostMean) {
        mostMean = likely.mean();
        byMean = option.getKey();
      }
    }
    return scored.with(ChoiceReport.BY_SUM, bySum).with(ChoiceReport.BY_MEAN, byMean);
  }
}
