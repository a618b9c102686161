package dev.galen.examples.clinical.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.galen.examples.clinical.report.Comparison.Verdict;
import dev.galen.train.TrainingConfig;
import dev.galen.train.metrics.Significance;
import dev.galen.train.metrics.Significance.Interval;
import dev.galen.train.run.DataSource;
import dev.galen.train.run.FineTuningSpec;
import dev.galen.train.run.ModelSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SectionsTest {
  @TempDir Path folder;

  private static Comparison accuracy(double low, double high) {
    return new Comparison(
        "accuracy",
        "the model",
        "the bag of words",
        0.66,
        0.62,
        new Interval(low, high),
        0.95,
        false);
  }

  @Test
  void callsBetterOnlyWhatTheIntervalDoes() {
    assertEquals(
        "The model is better than the bag of words by 0.040 in accuracy (0.660 against 0.620;"
            + " 95% interval of the difference 0.010 to 0.070).",
        accuracy(0.01, 0.07).text());
    assertEquals(
        "No difference in accuracy between the model and the bag of words can be told (0.660"
            + " against 0.620; 95% interval of the difference -0.010 to 0.090).",
        accuracy(-0.01, 0.09).text());
    assertEquals(Verdict.UNDECIDED, accuracy(0, 0.09).verdict());
    assertEquals(Verdict.BASELINE, accuracy(-0.09, -0.01).verdict());
    assertTrue(accuracy(-0.09, -0.01).text().startsWith("The model is worse than the bag"));
  }

  @Test
  void knowsWhereLowerIsBetter() {
    var comparison =
        new Comparison(
            "perplexity", "the model", "the trigram", 363, 258, new Interval(80, 130), 0.9, true);
    assertEquals(Verdict.BASELINE, comparison.verdict());
    assertEquals(
        "The model is worse than the trigram by 105.0 in perplexity (363.0 against 258.0; 90%"
            + " interval of the difference 80.00 to 130.0).",
        comparison.text());
  }

  @Test
  void saysSoWithoutAnInterval() {
    var comparison = new Comparison("ROUGE-L", "a", "b", 0.3, 0.2, null, 0.95, false);
    assertEquals(Verdict.UNDECIDED, comparison.verdict());
    assertEquals(
        "ROUGE-L: a has 0.300, b has 0.200. No interval was computed, so neither can be called"
            + " better.",
        comparison.text());
  }

  @Test
  void takesBaselineFirstFromTheBootstrap() {
    var paired = Significance.bootstrap(4, drawn -> 0.25, drawn -> 0.75, 10, 1, 0.95);
    var comparison = Comparison.of("accuracy", "model", "baseline", paired, 0.95);
    assertEquals(Verdict.MODEL, comparison.verdict());
    assertEquals(0.75, comparison.modelValue());
  }

  @Test
  void comparesWithChanceByWilson() {
    assertEquals(
        Verdict.UNDECIDED,
        Comparison.withKnown("accuracy", "the model", "chance", 30, 100, 0.25, 0.95).verdict());
    assertEquals(
        Verdict.MODEL,
        Comparison.withKnown("accuracy", "the model", "chance", 300, 1000, 0.25, 0.95).verdict());
  }

  @Test
  void describesAClassifier() {
    int[] truth = {0, 0, 1, 1, 2, 0};
    double[][] probabilities = {
      {0.7, 0.2, 0.1}, {0.4, 0.5, 0.1}, {0.1, 0.8, 0.1},
      {0.1, 0.6, 0.3}, {0.2, 0.2, 0.6}, {0.9, 0.05, 0.05}
    };
    List<Section> sections =
        ClassifierSections.of(List.of("yes", "no", "maybe"), truth, probabilities);
    assertEquals(
        List.of("Figures", "Confusion matrix", "ROC", "Calibration"),
        sections.stream().map(Section::title).toList());
    var figures = (Table) sections.get(0).blocks().get(0);
    assertEquals(5 / 6.0, (double) figures.rows().get(0).get(1), 1e-12);
    var wilson = Significance.wilson(5, 6, 0.95);
    assertEquals(wilson.low(), (double) figures.rows().get(0).get(2));
    // F1 of the classes by hand: 4/5, 4/5, 1.
    assertEquals(2.6 / 3, (double) figures.rows().get(1).get(1), 1e-12);
    var confusion = (Figure) sections.get(1).blocks().get(0);
    assertEquals(List.of("yes", 2L, 1L, 0L), confusion.numbers().rows().get(0));
    ReportWriter.html(RunReport.builder("r").sections(sections).build());
  }

  @Test
  void leavesOutTheCurveOfAClassThatNeverOccurs() {
    double[][] probabilities = {{0.6, 0.4}, {0.7, 0.3}};
    var sections = ClassifierSections.of(List.of("a", "b"), new int[] {0, 0}, probabilities);
    assertTrue(sections.stream().noneMatch(section -> section.title().equals("ROC")));
  }

  @Test
  void drawsTheLogOfARun() throws IOException {
    Files.writeString(
        folder.resolve("log.jsonl"),
        """
        {"afterStep":0,"validationLoss":4.0,"validationPerplexity":54.6,"validationTokens":9}
        {"step":1,"loss":4.1,"learningRate":0.1,"gradNorm":1.0}
        {"step":2,"loss":3.5,"learningRate":0.1,"gradNorm":1.0}
        {"afterStep":2,"accuracy":0.5}
        {"afterStep":2,"validationLoss":3.0,"validationPerplexity":20.1,"validationTokens":9}
        {"step":3,"los""");
    Section curves = RunSections.curves(folder);
    var words = (Paragraph) curves.blocks().get(0);
    assertEquals("2 updates; the last one's training loss was 3.500.", words.text());
    var numbers = ((Figure) curves.blocks().get(1)).numbers();
    assertEquals(List.of(2L, 3.0, Math.exp(3)), numbers.rows().get(1));
    var missing =
        assertThrows(IOException.class, () -> RunSections.curves(folder.resolve("nowhere")));
    assertTrue(missing.getMessage().contains("log.jsonl"), missing::getMessage);
  }

  @Test
  void tellsHowToRepeatARun() throws IOException {
    var spec =
        FineTuningSpec.of(
            ModelSource.of("model"),
            DataSource.of(Path.of("notes.jsonl")),
            TrainingConfig.builder().output(folder).seed(17).build());
    Files.writeString(folder.resolve("run.json"), spec.toJson());
    Section repeat = RunSections.repeat("galen clinical pubmedqa 'a b.json'", folder);
    String json = ReportWriter.json(RunReport.builder("r").section(repeat).build());
    assertTrue(json.contains("galen clinical pubmedqa 'a b.json'"));
    assertTrue(json.contains("The seed is 17."));
    assertTrue(json.contains("notes.jsonl"));
    var versions = (Table) repeat.blocks().getLast();
    assertNotEquals("${project.version}", versions.rows().get(0).get(1));
    assertEquals(2, RunSections.repeat("x", null).blocks().size());
  }
}
