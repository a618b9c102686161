package dev.galen.examples.clinical.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.galen.examples.clinical.manifest.SourceManifest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The commands of ingest, as a user types them. */
class IngestCommandsTest {
  @TempDir private Path folder;
  private Path notes;

  @BeforeEach
  void write() throws IOException {
    notes =
        Files.writeString(
            folder.resolve("notes.csv"),
            "id,text,mrn\n"
                + "1,\"SSN 123-45-6789, call (617) 555-0123. BP 140/90.\",0047\n"
                + "2,\"Stable.\",0048\n");
  }

  private static String galen(String... args) {
    PrintStream out = System.out;
    var printed = new ByteArrayOutputStream();
    System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
    try {
      assertEquals(0, new CommandLine(new ClinicalCommand()).execute(args));
    } finally {
      System.setOut(out);
    }
    return printed.toString(StandardCharsets.UTF_8);
  }

  private Set<String> files() throws IOException {
    try (var files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).collect(Collectors.toSet());
    }
  }

  @Test
  void whatIdentifiesDoesNotLeaveUnlessItIsAskedFor() throws IOException {
    Path out = folder.resolve("out.jsonl");
    galen(
        "ingest",
        notes.toString(),
        "--out",
        out.toString(),
        "--licence",
        "own",
        "--consent",
        "yes");
    String safe = Files.readString(out);
    assertFalse(safe.contains("6789") || safe.contains("0123") || safe.contains("0047"), safe);
    assertTrue(safe.contains("140/90") && safe.contains("\"mrn\":\"P1\""), safe);
    SourceManifest manifest = SourceManifest.require(out, false);
    assertEquals("own", manifest.licence());
    assertEquals("yes", manifest.consent());
    assertEquals(Set.of("notes.csv", "out.jsonl", "out.jsonl.manifest.json"), files());
    galen("ingest", "--in", notes.toString(), "--out", out.toString(), "--identified");
    assertTrue(Files.readString(out).contains("123-45-6789"));
    assertTrue(SourceManifest.of(out).identifiedOnRequest());
    assertFalse(SourceManifest.of(out).deidentified());
  }

  @Test
  void aSampleOfARawSourceIsSafeAndTheSameForASeed() throws IOException {
    Path out = folder.resolve("sample.jsonl");
    galen("sample", "-n", "2", "--seed", "7", notes.toString(), "--out", out.toString());
    String sample = Files.readString(out);
    assertEquals(sample, galen("sample", "-n", "2", "--seed", "7", notes.toString()));
    assertFalse(sample.contains("6789"), sample);
    assertFalse(Files.exists(SourceManifest.beside(out)));
    Path ingested = folder.resolve("out.jsonl");
    galen("ingest", notes.toString(), "--out", ingested.toString());
    galen("sample", "-n", "1", ingested.toString(), "--out", out.toString());
    assertEquals(1, Files.readAllLines(out).size());
    assertTrue(SourceManifest.require(out, false).steps().getLast().startsWith("sample of 1"));
  }

  @Test
  void documentsAreDescribedAndShown() {
    List<String> lines = galen("describe", notes.toString()).lines().toList();
    assertEquals("kinds        csv", lines.getFirst());
    assertTrue(lines.contains("documents    2 (0 rejected)"), lines::toString);
    String head = galen("head", "-n", "1", notes.toString());
    assertTrue(head.startsWith("1  (" + notes + ":2)\n  mrn: 0047\n"), head);
    assertFalse(head.contains("Stable."));
    assertTrue(galen("ingest", "--formats").contains("hl7: HL7 v2 messages (ORU, MDM)\n"));
  }

  @Test
  void whereNothingCanBeReadTheCommandsFail() throws IOException {
    Path bad = Files.writeString(folder.resolve("bad.jsonl"), "{\"a\": 1\nno\n");
    for (String command : List.of("head", "describe", "sample", "duplicates")) {
      String[] args =
          command.equals("duplicates")
              ? new String[] {command, "--in", bad.toString()}
              : new String[] {command, bad.toString()};
      assertNotEquals(0, new CommandLine(new ClinicalCommand()).execute(args), command);
    }
  }
}
