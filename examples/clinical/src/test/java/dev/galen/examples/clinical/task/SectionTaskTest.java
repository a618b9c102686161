package dev.galen.examples.clinical.task;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.galen.examples.clinical.document.Document;
import dev.galen.examples.clinical.report.Disclaimer;
import dev.galen.examples.clinical.report.RunReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SectionTaskTest {
  @TempDir Path folder;

  @Test
  void aTaskGoesFromTextsToItsReport() throws IOException {
    TaskDocuments train = Cases.sections(48, 0);
    var tested = new ArrayList<>(Cases.sections(9, 100).documents());
    tested.add(Cases.document("Never seen before.", "label", "LABS"));
    TaskDocuments test = Cases.of(tested);
    var said = new ArrayList<String>();
    Path out = folder.resolve("out");
    RunReport report = SectionTask.run(train, test, Cases.settings(out, null, said));
    for (String figure : List.of("accuracy", "macroF1", "majorityAccuracy", "bagOfWordsAccuracy")) {
      double value = report.measures().get(figure);
      assertTrue(value >= 0 && value <= 0.9, figure + " " + value); // LABS cannot be right
    }
    assertEquals(0.3, report.measures().get("majorityAccuracy"), 1e-12);
    assertEquals(0.9, report.measures().get("bagOfWordsAccuracy"), 1e-12);
    assertTrue(report.summary().getFirst().contains("bag of words, tuned"), "" + report.summary());
    String html = Files.readString(out.resolve("report.html"));
    for (String part : List.of(Disclaimer.TEXT, "Confusion matrix", "ROC", "Calibration")) {
      assertTrue(html.contains(part), part);
    }
    // The same again trains nothing, and says the same; other data are refused.
    byte[] weights = Files.readAllBytes(out.resolve("model/model.safetensors"));
    said.clear();
    RunReport again = SectionTask.run(train, test, Cases.settings(out, null, said));
    assertEquals(report.measures(), again.measures());
    assertArrayEquals(weights, Files.readAllBytes(out.resolve("model/model.safetensors")));
    assertTrue(said.stream().anyMatch(line -> line.startsWith("trained    before")), "" + said);
    var fault =
        assertThrows(
            IOException.class,
            () -> SectionTask.run(Cases.sections(51, 0), test, Cases.settings(out, null, said)));
    assertEquals(
        out.resolve("model/run.json")
            + ": is of a run with other data or settings; choose another --out",
        fault.getMessage());
  }

  @Test
  void aLearningCurveHasATrainingForEachShare() throws IOException {
    TaskDocuments train = Cases.sections(48, 0);
    TaskDocuments test = Cases.sections(9, 100);
    Path out = folder.resolve("curve");
    var settings = Cases.settings(out, null, new ArrayList<>());
    SectionTask.run(train, test, List.of(0.25, 0.5), settings);
    for (String share : List.of("share-25", "share-50")) {
      assertTrue(Files.exists(out.resolve(share).resolve("model/model.safetensors")), share);
    }
    var json = new JsonMapper().readTree(out.resolve("report.json").toFile()).toString();
    assertTrue(json.contains("Learning curve"), json);
    // Each share's row has its size: 12, 24 and all 48 of the texts.
    for (String row : List.of("[0.25,12,", "[0.5,24,", "[1,48,")) {
      assertTrue(json.replace("1.0,48", "1,48").contains(row), row + json);
    }
    assertTrue(Files.readString(out.resolve("report.html")).contains("training texts"));
  }

  @Test
  void oneSectionIsNoClassification() {
    TaskDocuments one = Cases.of(List.of(Cases.document("a b", "label", "X")));
    var fault =
        assertThrows(
            IllegalArgumentException.class,
            () -> SectionTask.run(one, one, Cases.settings(folder, null, new ArrayList<>())));
    assertEquals(
        "all training texts have the label \"X\"; a classifier needs two or more",
        fault.getMessage());
  }

  /** As in a file with back-translations, whose rows have one text twice. */
  @Test
  void whatIsHeldOutIsNotLearned() {
    var twice = new ArrayList<Document>(Cases.sections(30, 0).documents());
    twice.addAll(Cases.sections(30, 0).documents());
    TaskParts parts = SectionTask.held(Cases.of(twice), 42);
    assertEquals(12, parts.test().documents().size());
    assertEquals(48, parts.train().documents().size());
    assertFalse(parts.test().texts().stream().anyMatch(parts.train().texts()::contains));
  }
}
