package dev.galen.train.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.galen.train.data.QuestionExample;
import dev.galen.train.data.SharedData;
import dev.galen.train.data.TextExample;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The real data sets, where they are present. */
class SharedDataFilesTest {

  private static List<QuestionExample> questions(String name) throws IOException {
    return DataFiles.read(SharedData.file(name)).stream().map(QuestionExample.class::cast).toList();
  }

  @Test
  void pubMedQa() throws IOException {
    var questions = questions("pubmedqa/pqal_shared.json");
    assertEquals(790, questions.size());
    Map<String, Long> decisions =
        questions.stream()
            .collect(Collectors.groupingBy(QuestionExample::decision, Collectors.counting()));
    assertEquals(Map.of("yes", 431L, "no", 267L, "maybe", 92L), decisions);
    assertEquals("21645374", questions.getFirst().id());
    assertEquals(2, questions.getFirst().origin().line());
    for (QuestionExample question : questions) {
      assertFalse(question.context().isBlank());
    }
  }

  @Test
  void medQuad() throws IOException {
    var questions = questions("medquad/medquad_nih_subset.jsonl");
    assertEquals(2800, questions.size());
    assertEquals("NIDDK-0000001-1", questions.getFirst().id());
  }

  @Test
  void mtsDialog() throws IOException {
    var questions = questions("mts-dialog/MTS-Dialog-TrainingSet.csv");
    assertEquals(1201, questions.size());
    assertTrue(questions.getFirst().context().contains("Doctor:"));
    assertEquals(100, questions("mts-dialog/MTS-Dialog-ValidationSet.csv").size());
  }

  @Test
  void aciBench() throws IOException {
    assertEquals(67, questions("aci-bench/train.csv").size());
  }

  @Test
  void medQaKeepsItsOptions() throws IOException {
    var questions = questions("medqa-usmle/medqa_us_test_4options_part.jsonl");
    assertEquals(913, questions.size());
    assertTrue(questions.getFirst().context().startsWith("A. "));
    assertTrue(questions.getFirst().context().contains("\nD. "));
  }

  @Test
  void tinyShakespeare() throws IOException {
    var examples = DataFiles.read(SharedData.file("tinyshakespeare/input.txt"));
    assertEquals(1, examples.size());
    assertEquals(1_115_394, ((TextExample) examples.getFirst()).text().length());
  }
}
