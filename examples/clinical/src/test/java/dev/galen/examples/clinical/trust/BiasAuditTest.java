package dev.galen.examples.clinical.trust;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.galen.examples.clinical.report.ReportWriter;
import dev.galen.examples.clinical.trust.BiasAudit.Subject;
import dev.galen.train.metrics.Significance;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BiasAuditTest {
  private static final double[] YES = {0.1, 0.9};
  private static final double[] NO = {0.8, 0.2};

  private static Subject subject(int label, String sex) {
    return new Subject("s", "a text", label, sex == null ? Map.of() : Map.of("sex", sex));
  }

  @Test
  void groupsHaveTheirOwnFigures() {
    var subjects = new ArrayList<Subject>();
    var probabilities = new ArrayList<double[]>();
    // Of 40 women 30 are right, of 20 men all, and one tells no sex.
    for (int i = 0; i < 40; i++) {
      subjects.add(subject(1, "F"));
      probabilities.add(i < 30 ? YES : NO);
    }
    for (int i = 0; i < 20; i++) {
      subjects.add(subject(0, "M"));
      probabilities.add(NO);
    }
    subjects.add(subject(0, null));
    probabilities.add(YES);
    var groups = BiasAudit.groups(subjects, probabilities.toArray(double[][]::new), List.of("sex"));
    assertEquals(2, groups.size());
    var women = groups.getFirst();
    assertEquals("F", women.value());
    assertEquals(40, women.texts());
    assertEquals(30, women.right());
    assertEquals(Significance.wilson(30, 40, 0.95), women.accuracy());
    assertEquals(1, women.othersAccuracy());
    assertEquals(30, women.predicted()[1]);
    assertEquals(40, women.occurred()[1]);
    assertEquals(30, women.found()[1]);
    assertTrue(women.difference().high() < 0);
    assertTrue(women.macroInterval().low() < women.macroF1());
    List<String> words = AuditReport.words(groups, List.of());
    assertTrue(
        words.getFirst().startsWith("The model on sex F is worse than on the others by 0.250"),
        words.getFirst());
    assertTrue(words.get(1).endsWith("With 20 texts this says little."), words.get(1));
    ReportWriter.html(AuditReport.of(groups, List.of(), List.of("no", "yes"), 61));
  }

  /** Newcombe 1998, table II, method 10: 56/70 and 48/80; 9/10 and 3/10. */
  @Test
  void theIntervalOfADifferenceIsNewcombes() {
    var first = BiasAudit.newcombe(56, 70, 48, 80, 0.95);
    assertEquals(0.0524, first.low(), 5e-5);
    assertEquals(0.3339, first.high(), 5e-5);
    var second = BiasAudit.newcombe(9, 10, 3, 10, 0.95);
    assertEquals(0.1705, second.low(), 5e-5);
    assertEquals(0.8090, second.high(), 5e-5);
  }

  @Test
  void unlabelledTextsHaveSharesAlone() {
    var subjects = List.of(subject(-1, "F"), subject(-1, "M"));
    var groups = BiasAudit.groups(subjects, new double[][] {YES, NO}, List.of("sex"));
    assertEquals(0, groups.getFirst().labelled());
    assertNull(groups.getFirst().accuracy());
    assertTrue(Double.isNaN(groups.getFirst().macroF1()));
    String html = ReportWriter.html(AuditReport.of(groups, List.of(), List.of("a", "b"), 2));
    assertTrue(html.contains("not known"));
  }

  @Test
  void swapsAreGivenToTheModelAgain() {
    var classifier = new TextClassifier(TinyExplained.gpt2(), TinyExplained.tokenizer());
    var subjects =
        List.of(
            new Subject("a", "He has fever.", 0, Map.of()),
            new Subject("b", "A 60-year-old white woman.", 1, Map.of()),
            new Subject("c", "The heart pumps blood.", 2, Map.of()));
    double[][] before = classifier.probabilities(subjects.stream().map(Subject::text).toList());
    var swaps = BiasAudit.swaps(classifier, subjects, before, 1);
    assertEquals(
        List.of(
            "gender", "age", "ethnicity to Black", "ethnicity to Asian", "ethnicity to Hispanic"),
        swaps.stream().map(BiasAudit.SwapFigures::kind).toList());
    var gender = swaps.getFirst();
    assertEquals(2, gender.texts());
    assertEquals(1, gender.largest().size());
    var largest = gender.largest().getFirst();
    double[] after = classifier.probabilities(List.of(largest.swap().text()))[0];
    assertEquals(after[largest.before()], largest.probabilityAfter(), 1e-6);
    assertEquals(
        gender.shift().second() - gender.shift().first(), gender.shift().difference(), 1e-12);
    assertTrue(gender.accuracy().interval().low() <= gender.accuracy().difference());
    String html = ReportWriter.html(AuditReport.of(List.of(), swaps, TinyExplained.CLASSES, 3));
    assertTrue(html.contains("<span class=\"for\""));
  }
}
