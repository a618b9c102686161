package dev.galen.examples.clinical.trust;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.galen.examples.clinical.report.ReportWriter;
import dev.galen.examples.clinical.report.RunReport;
import dev.galen.examples.clinical.trust.BiasAudit.Subject;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ErrorAnalysisTest {
  private static Subject subject(String name, String text, int label) {
    return new Subject(name, text, label, Map.of());
  }

  @Test
  void theWorstCasesComeFirstWithTheirReasons() {
    var classifier = new TextClassifier(TinyExplained.gpt2(), TinyExplained.tokenizer());
    var texts = List.of("Fever is a sign.", "The heart pumps.", "blood through the body");
    double[][] p = classifier.probabilities(texts);
    // The first is right, the second wrong, the third more so.
    int right = best(p[0]);
    var subjects =
        List.of(
            subject("a", texts.get(0), right),
            subject("b", texts.get(1), middle(p[1])),
            subject("c", texts.get(2), least(p[2])));
    var analysis = new ErrorAnalysis(classifier, subjects, p);
    boolean inOrder = p[2][least(p[2])] < p[1][middle(p[1])];
    assertEquals(inOrder ? List.of(2, 1) : List.of(1, 2), analysis.worst());
    RunReport report = analysis.report(5, Baseline.ZERO);
    assertEquals(1 / 3.0, report.measures().get("accuracy"), 1e-12);
    String html = ReportWriter.html(report);
    assertTrue(html.contains("The model has 2 of 3 texts wrong."));
    assertTrue(html.contains("taken for"));
    assertTrue(html.contains("class=\"marked\""));
    assertTrue(html.contains("This report shows texts of the data"));
    // Each marked text is the text itself.
    String json = ReportWriter.json(report);
    assertTrue(json.contains("\"kind\" : \"marked\""));
  }

  @Test
  void withoutErrorsThereAreNoCases() {
    var classifier = new TextClassifier(TinyExplained.gpt2(), TinyExplained.tokenizer());
    double[][] p = classifier.probabilities(List.of("Fever"));
    var subjects = List.of(subject("a", "Fever", best(p[0])));
    RunReport report = new ErrorAnalysis(classifier, subjects, p).report(5, Baseline.ZERO);
    assertTrue(report.sections().stream().noneMatch(s -> s.title().equals("Worst cases")));
    var unlabelled = List.of(subject("a", "Fever", -1));
    assertThrows(
        IllegalArgumentException.class, () -> new ErrorAnalysis(classifier, unlabelled, p));
  }

  private static int best(double[] p) {
    int best = 0;
    for (int k = 1; k < p.length; k++) {
      best = p[k] > p[best] ? k : best;
    }
    return best;
  }

  private static int least(double[] p) {
    int least = 0;
    for (int k = 1; k < p.length; k++) {
      least = p[k] < p[least] ? k : least;
    }
    return least;
  }

  private static int middle(double[] p) {
    return 3 - best(p) - least(p);
  }
}
