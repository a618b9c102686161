package dev.galen.examples.clinical.trust;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.galen.examples.clinical.manifest.SourceManifest;
import dev.galen.examples.clinical.manifest.SourceManifest.SourceHash;
import dev.galen.examples.clinical.pipeline.RunCounts;
import dev.galen.examples.clinical.report.Bullets;
import dev.galen.examples.clinical.report.ReportWriter;
import dev.galen.examples.clinical.report.RunReport;
import dev.galen.model.pretrained.Pretrained;
import dev.galen.train.TrainingConfig;
import dev.galen.train.run.DataSource;
import dev.galen.train.run.FineTuningSpec;
import dev.galen.train.run.ModelSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelCardTest {
  @TempDir Path folder;
  private Path run;
  private Path data;

  @BeforeEach
  void leaveARun() throws Exception {
    run = folder.resolve("notes-classifier");
    data = Files.writeString(folder.resolve("notes.jsonl"), "{\"text\":\"a\",\"label\":\"no\"}\n");
    Pretrained.save(TinyExplained.bert(), TinyExplained.tokenizer(), run);
    var spec =
        new FineTuningSpec(
            "classification",
            ModelSource.of("acme/clinical-bert"),
            DataSource.of(data),
            TrainingConfig.builder().output(run).seed(17).build(),
            null,
            null);
    Files.writeString(run.resolve("run.json"), spec.toJson());
    Files.writeString(
        run.resolve("log.jsonl"),
        """
        {"step":1,"loss":1.1,"learningRate":0.1}
        {"afterStep":1,"validationLoss":0.9,"validationPerplexity":2.4,"validationTokens":9}
        {"step":2,"loss":1.0,"learningRate":0.1}
        {"afterStep":2,"accuracy":0.5,"classified":9}
        {"afterStep":2,"accuracy":0.75,"classif""");
  }

  private void writeManifest(boolean deidentified) throws Exception {
    byte[] bytes = Files.readAllBytes(data);
    String hash = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    new SourceManifest(
            "Ward notes | 2024",
            "CC-BY-4.0",
            "",
            "waived",
            deidentified,
            deidentified ? "galen clinical deidentify" : "",
            false,
            hash,
            bytes.length,
            RunCounts.NONE,
            List.of("ingest"),
            List.of(new SourceHash("ward.csv", "00", 7)))
        .write(data);
  }

  @Test
  void saysWhatTheRunHasLeft() throws Exception {
    writeManifest(true);
    String card = ModelCard.of(run, List.of()).markdown();
    assertTrue(
        card.startsWith(
            """
            ---
            license: unknown
            library_name: galen
            pipeline_tag: text-classification
            tags:
            - galen
            - medical
            - "bert"
            base_model: "acme/clinical-bert"
            metrics:
            """),
        card);
    assertTrue(
        card.contains("    - type: \"accuracy\"\n      name: \"accuracy\"\n      value: 0.5\n"));
    assertTrue(card.contains("      name: \"Ward notes | 2024\"\n      type: unknown\n"));
    assertTrue(card.contains("| classes | no, yes, maybe |"));
    assertTrue(card.contains("The seed is 17."));
    assertTrue(card.contains("2 updates were made."));
    assertTrue(card.contains("Ward notes \\| 2024 | CC-BY-4.0 | waived | yes |"), card);
    assertTrue(card.contains("All training data are de-identified, say their manifests"));
    assertTrue(card.contains("| licence of the model | not known |"));
    assertTrue(card.contains("## Intended use\n\nUnknown: nobody has said."));
    assertTrue(card.contains("medical advice"));
    String sheet = ReportWriter.markdown(DataSheet.of(ModelCard.of(run, List.of())));
    assertTrue(sheet.contains("ward.csv"), sheet);
    assertTrue(sheet.contains("## Maintenance\n\nUnknown: no manifest says."));
  }

  @Test
  void warnsOfDataThatAreNotDeidentified() throws Exception {
    writeManifest(false);
    assertTrue(ModelCard.of(run, List.of()).markdown().contains("NOT all training data are de-id"));
  }

  @Test
  void inventsNothingWithoutManifest() throws Exception {
    String card = ModelCard.of(run, List.of()).markdown();
    assertTrue(card.contains("Whether the training data were de-identified is unknown"));
    assertTrue(card.contains("      name: \"unknown\"\n"));
    assertThrows(IOException.class, () -> ModelCard.of(run, List.of(data)));
  }

  @Test
  void readsTheReportsFiguresAndLimits() throws Exception {
    Path other = folder.resolve("report-only");
    ReportWriter.write(
        RunReport.builder("r")
            .measure("macro-F1", 0.41)
            .section("Limits", new Bullets("One test set of 500 abstracts."))
            .build(),
        other);
    String card = ModelCard.of(other, List.of()).markdown();
    assertTrue(card.contains("- One test set of 500 abstracts."));
    assertTrue(card.contains("| macro-F1 | 0.410 |"));
    assertTrue(card.contains("metrics:\n- \"f1\"\n"));
    assertFalse(card.contains("model-index"), "a task that nobody has named");
  }

  @Test
  void refusesAFolderWithoutARun() throws IOException {
    Path empty = Files.createDirectory(folder.resolve("empty"));
    var refused = assertThrows(IOException.class, () -> ModelCard.of(empty, List.of()));
    assertTrue(refused.getMessage().contains("holds no run"), refused::getMessage);
    assertEquals(
        folder.resolve("gone") + ": is no folder; name that of a run",
        assertThrows(IOException.class, () -> ModelCard.of(folder.resolve("gone"), List.of()))
            .getMessage());
  }
}
