package dev.galen.examples.clinical.task;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.galen.examples.clinical.report.RunReport;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AnswerTaskTest {
  @TempDir Path folder;

  @Test
  void theNearestQuestionSharesRareWords() {
    var nearest =
        NearestQuestion.of(
            List.of(
                "What are the symptoms of gout ?",
                "What are the treatments for asthma ?",
                "What are the symptoms of asthma ?"));
    assertEquals(2, nearest.to("symptoms of asthma"));
    assertEquals(1, nearest.to("treatments of asthma"));
    assertEquals(0, nearest.to("gout"));
    assertEquals(0, nearest.to("zzz"));
  }

  @Test
  void wordsInCommonCountAsInSquad() {
    assertEquals(1, TokenF1.of("The Cat, sat.", "cat sat"));
    assertEquals(2.0 * 2 / 5, TokenF1.of("a cat sat", "sat on cat"), 1e-12);
    assertEquals(0.5, TokenF1.of("cat cat cat", "cat"), 1e-12);
    assertEquals(0, TokenF1.of("cat", ""));
    assertEquals(1, TokenF1.of("the", "."));
  }

  @Test
  void aSubjectIsOnOneSide() {
    TaskParts parts = AnswerTask.held(Cases.questions(200), 42);
    List<String> learned = parts.train().field("focus");
    assertEquals(200, learned.size() + parts.test().documents().size());
    assertTrue(parts.test().documents().size() > 4, "" + parts.test().documents().size());
    assertFalse(parts.test().field("focus").stream().anyMatch(learned::contains));
    assertThrows(IllegalArgumentException.class, () -> AnswerTask.held(Cases.questions(1), 42));
  }

  @Test
  void aTaskGoesFromQuestionsToItsReport() throws IOException {
    TaskDocuments all = Cases.questions(24);
    TaskDocuments test = Cases.of(all.documents().subList(20, 24));
    RunReport report =
        AnswerTask.run(
            Cases.of(all.documents().subList(0, 20)),
            test,
            Cases.settings(folder.resolve("out"), null, new ArrayList<>()));
    assertTrue(report.measures().containsKey("rougeL"), "" + report.measures());
    // "drug0 lowers value 0" for "drug10 lowers value 20" has two words of four.
    assertEquals(0.5, report.measures().get("the nearest question's answer tokenF1"), 1e-9);
    assertTrue(report.showsTexts());
  }
}
