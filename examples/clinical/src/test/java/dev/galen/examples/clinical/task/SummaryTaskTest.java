package dev.galen.examples.clinical.task;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.galen.examples.clinical.report.RunReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SummaryTaskTest {
  @TempDir Path folder;

  @Test
  void speakersAreNoSentences() {
    assertEquals(
        List.of("Hi, Dr. Lee is in.", "Sit down.", "It hurts: here.", "okay ."),
        DialogueSentences.of(
            "Doctor: Hi, Dr. Lee is in. Sit down.\nGuest_family_1: It hurts: here.\n"
                + "[patient] okay ."));
  }

  @Test
  void summariesAreOfTheTextsOwnSentences() {
    var sentences =
        List.of("Good morning.", "The knee pain is worse.", "Knee pain at night.", "Bye.");
    var extractive = ExtractiveSummary.of(sentences);
    assertEquals("Good morning. The knee pain is worse.", ExtractiveSummary.lead(sentences, 2));
    assertEquals("The knee pain is worse. Knee pain at night.", extractive.centroid(sentences, 2));
    assertEquals(String.join(" ", sentences), extractive.centroid(sentences, 9));
    assertEquals("", ExtractiveSummary.lead(List.of(), 3));
  }

  @Test
  void thePromptEndsWithWhatIsAsked() {
    assertEquals(
        "Dialogue:\nDoctor: Hm.\nSection: CC\nNote:",
        SummaryTask.prompt(Cases.document("x", "dialogue", " Doctor: Hm.\n", "label", "CC")));
    assertEquals(
        "Dialogue:\nHm.\nNote:", SummaryTask.prompt(Cases.document("x", "dialogue", "Hm.")));
  }

  @Test
  void aTaskGoesFromDialoguesToItsReport() throws IOException {
    Path out = folder.resolve("out");
    RunReport report =
        SummaryTask.run(
            Cases.dialogues(24, 0),
            Cases.dialogues(4, 50),
            Cases.settings(out, null, new ArrayList<>()));
    for (String system : List.of("", "lead-3 ", "centroid-1 ")) {
      for (String figure : List.of("rouge1", "rouge2", "rougeL", "tokenF1")) {
        double value = report.measures().get(system + figure);
        assertTrue(value >= 0 && value <= 1, system + figure);
      }
    }
    // "i have had a cough for 50 days" has 4 of its 8 words in common with the note's 4.
    assertEquals(2 * 0.5 / 1.5, report.measures().get("centroid-1 rougeL"), 1e-9);
    assertEquals(4, Files.readAllLines(out.resolve("predictions.jsonl")).size());
    assertTrue(Files.readString(out.resolve("report.html")).contains("ROUGE-L"));
    assertEquals(4, report.summary().size());
  }
}
