package dev.galen.examples.clinical.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.galen.examples.clinical.report.Disclaimer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The tasks from files in the forms of published sets, whose texts are our own. */
class TaskCommandsTest {
  @TempDir Path folder;
  private Path visits;
  private Path test;

  @BeforeEach
  void writeVisits() throws IOException {
    visits = visits("train.csv", 24);
    test = visits("test.csv", 6);
  }

  private Path visits(String name, int count) throws IOException {
    var rows = new StringBuilder("ID,section_header,section_text,dialogue\n");
    for (int i = 0; i < count; i++) {
      rows.append(
          i % 2 == 0
              ? "%d,ALLERGY,Rash from pollen %d.,\"Doctor: Any rash?\nPatient: From pollen.\"\n"
                  .formatted(i, i)
              : "%d,PLAN,\"Return in %d weeks, fasting.\",\"Doctor: Come back in %d weeks.\"\n"
                  .formatted(i, i, i));
    }
    return Files.writeString(folder.resolve(name), rows.append("99,PLAN,,\n"));
  }

  /** Runs a command as {@code galen clinical} does, but for what is printed of a fault. */
  private static void clinical(String command, Object... words) throws Exception {
    var all = new ArrayList<>(List.of(command));
    for (Object word : words) {
      all.add(word.toString());
    }
    all.addAll(List.of("--epochs", "1", "--device", "cpu"));
    var line = new CommandLine(new ClinicalCommand());
    try {
      int code = new CommandLine.RunLast().execute(line.parseArgs(all.toArray(String[]::new)));
      assertEquals(0, code);
    } catch (CommandLine.ExecutionException e) {
      throw (Exception) e.getCause();
    }
  }

  private static JsonNode measures(Path out) throws IOException {
    return new JsonMapper().readTree(out.resolve("report.json").toFile()).path("measures");
  }

  @Test
  void sectionsOfPublishedRows() throws Exception {
    Path out = folder.resolve("sections");
    clinical("sections", "--train", visits, "--test", test, "--out", out);
    JsonNode measures = measures(out);
    assertEquals(0.5, measures.get("majorityAccuracy").doubleValue());
    assertEquals(1, measures.get("bagOfWordsAccuracy").doubleValue());
    String html = Files.readString(out.resolve("report.html"));
    for (String part :
        List.of(Disclaimer.TEXT, "MTS-Dialog", "CC BY 4.0", "./galen sections --train")) {
      assertTrue(html.contains(part), part);
    }
    assertTrue(Files.readString(out.resolve("train.rejects.jsonl")).contains("\"line\":"));
  }

  @Test
  void whatHasNoManifestIsNotLearned() throws Exception {
    Path own =
        Files.writeString(
            folder.resolve("own.jsonl"),
            "{\"id\": \"1\", \"text\": \"Rash.\", \"fields\": {\"label\": \"A\"}}\n");
    Path out = folder.resolve("out");
    var fault =
        assertThrows(IOException.class, () -> clinical("sections", "--train", own, "--out", out));
    assertTrue(fault.getMessage().startsWith(own + ": has no manifest"), fault.getMessage());
    assertFalse(Files.exists(out));
  }

  @Test
  void choicesOfPublishedRows() throws Exception {
    Path questions = folder.resolve("exam.jsonl");
    Files.writeString(
        questions,
        """
        {"question": "Which drug?", "answer": "B1", "options": {"A": "A1", "B": "B1", "C": "C1", "D": "D1"}, "meta_info": "step1", "answer_idx": "B"}
        {"question": "Which dose?", "answer": "10", "options": {"A": "5", "B": "10", "C": "15", "D": "20"}, "meta_info": "step1", "answer_idx": "B"}
        {"question": "Which?", "answer": "10", "options": {"A": "5", "B": "10"}, "meta_info": "step1", "answer_idx": "Z"}
        """);
    Path out = folder.resolve("choice");
    clinical("choice", "--train", visits, "--test", questions, "--out", out);
    assertEquals(2, measures(out).get("questions").doubleValue());
    assertEquals(0.25, measures(out).get("chance").doubleValue());
    assertEquals(1, measures(out).get("letterAccuracy").doubleValue());
    assertEquals(1, Files.readAllLines(out.resolve("test.rejects.jsonl")).size());
    // A model that is there is asked without training.
    Path asked = folder.resolve("asked");
    clinical("choice", "--model", out.resolve("model"), "--test", questions, "--out", asked);
    assertEquals(measures(out), measures(asked));
    assertFalse(Files.exists(asked.resolve("model")));
    // And one that has learned a language can learn sections, with a new head.
    Path head = folder.resolve("head");
    clinical(
        "sections",
        "--train",
        visits,
        "--test",
        test,
        "--out",
        head,
        "--model",
        out.resolve("model"));
    assertTrue(measures(head).get("accuracy").doubleValue() > 0);
    assertTrue(Files.readString(head.resolve("model/report.md")).contains("and a new head"));
  }

  @Test
  void notesAndAnswersOfPublishedRows() throws Exception {
    Path notes = folder.resolve("notes");
    clinical("summarise", "--train", visits, "--test", test, "--out", notes);
    assertTrue(measures(notes).has("rougeL"), "" + measures(notes));
    var rows = new StringBuilder();
    for (int i = 0; i < 60; i++) {
      rows.append(
          "{\"id\": \"Q-%d\", \"source\": \"X\", \"focus\": \"drug%d\", \"qtype\": \"information\", \"question\": \"What is drug%d ?\", \"answer\": \"Drug %d helps.\"}%n"
              .formatted(i, i, i, i));
    }
    Path questions = Files.writeString(folder.resolve("questions.jsonl"), rows);
    Path answers = folder.resolve("answers");
    clinical("answer", "--train", questions, "--out", answers);
    assertTrue(measures(answers).has("tokenF1"), "" + measures(answers));
  }
}
