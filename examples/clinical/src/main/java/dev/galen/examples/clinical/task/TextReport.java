package dev.galen.examples.clinical.task;

import dev.galen.examples.clinical.document.Document;
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
import java.util.List;
import java.util.function.Function;

/**
 * What a model's texts came to, beside those of baselines.
 *
 * @param title of the report
 * @param test whose texts are the references
 * @param shown what the model was given of each, for the examples
 * @param baselines their texts
 * @param said the model's
 */
record TextReport(
    String title,
    TaskDocuments test,
    List<String> shown,
    List<Texts> baselines,
    List<String> said) {
  private static final int SAMPLES = 1000;
  private static final double CONFIDENCE = 0.95;
  private static final int EXAMPLES = 5;
  private static final String MODEL = "the model";

  /**
   * What a system says.
   *
   * @param system its name
   * @param texts of each test document
   */
  record Texts(String system, List<String> texts) {}

  RunReport of(
      TaskDocuments train, TaskSettings settings, Paragraph baselinesAre, List<String> limits)
      throws IOException {
    var report = RunReport.builder(title);
    TextScores model = TextScores.of(MODEL, test.texts(), said);
    var all = new ArrayList<TextScores>();
    for (Texts baseline : baselines) {
      all.add(TextScores.of(baseline.system(), test.texts(), baseline.texts()));
    }
    for (TextScores baseline : all) {
      report.summary(words("ROUGE-L", baseline, model, TextScores::rougeL, settings.seed()));
      report.summary(words("token F1", baseline, model, TextScores::tokenF1, settings.seed()));
    }
    all.add(model);
    var table =
        Table.of(
            "Means over %s test texts, F-measures with stemming"
                .formatted(Numbers.text(test.documents().size())),
            "what",
            "ROUGE-1",
            "ROUGE-2",
            "ROUGE-L",
            "token F1",
            "words");
    for (TextScores one : all) {
      double rouge1 = TextScores.mean(one.rouge1());
      double rouge2 = TextScores.mean(one.rouge2());
      double rougeL = TextScores.mean(one.rougeL());
      double f1 = TextScores.mean(one.tokenF1());
      table.row(one.system(), rouge1, rouge2, rougeL, f1, one.words());
      String name = one.system().equals(MODEL) ? "" : one.system() + " ";
      report.measure(name + "rouge1", rouge1).measure(name + "rouge2", rouge2);
      report.measure(name + "rougeL", rougeL).measure(name + "tokenF1", f1);
    }
    report.section(
        "Data",
        new Paragraph(
            "%s training texts and %s test texts. %s records could not be used."
                .formatted(
                    Numbers.text(train.documents().size()),
                    Numbers.text(test.documents().size()),
                    Numbers.text(train.rejected() + test.rejected()))),
        settings.sourceTable());
    report.section("Figures", table.build(), baselinesAre);
    report.section(RunSections.curves(settings.modelFolder()));
    report.section(examples());
    report.section("Limits", new Bullets(limits));
    return report.section(RunSections.repeat(settings.command(), null)).build();
  }

  private static String words(
      String figure,
      TextScores baseline,
      TextScores model,
      Function<TextScores, double[]> values,
      long seed) {
    double[] first = values.apply(baseline);
    double[] second = values.apply(model);
    return Comparison.of(
            figure,
            MODEL,
            baseline.system(),
            Significance.bootstrap(
                first.length,
                drawn -> TextScores.mean(first, drawn),
                drawn -> TextScores.mean(second, drawn),
                SAMPLES,
                seed,
                CONFIDENCE),
            CONFIDENCE)
        .text();
  }

  private Section examples() {
    var cases = new ArrayList<Examples.Case>();
    int step = Math.max(1, said.size() / EXAMPLES);
    for (int i = 0; i < said.size() && cases.size() < EXAMPLES; i += step) {
      Document document = test.documents().get(i);
      var blocks = new ArrayList<dev.galen.examples.clinical.report.Block>();
      blocks.add(new Paragraph("Given: " + Shortened.text(shown.get(i))));
      blocks.add(new Paragraph("Reference: " + Shortened.text(document.text())));
      blocks.add(new Paragraph("The model: " + Shortened.text(said.get(i))));
      for (Texts baseline : baselines) {
        String text = Shortened.text(baseline.texts().get(i));
        blocks.add(new Paragraph(baseline.system() + ": " + text));
      }
      cases.add(new Examples.Case(document.id(), blocks));
    }
    return new Section("Examples", new Examples("Test texts at equal distances.", cases));
  }
}
