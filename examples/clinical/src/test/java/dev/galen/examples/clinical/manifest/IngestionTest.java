package dev.galen.examples.clinical.manifest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.galen.examples.clinical.document.Document;
import dev.galen.examples.clinical.ingest.IngestOptions;
import dev.galen.examples.clinical.ingest.IngestSource;
import dev.galen.examples.clinical.pipeline.RunCounts;
import dev.galen.examples.clinical.pipeline.RunProgress;
import dev.galen.train.data.Origin;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IngestionTest {
  private static final String PUBMEDQA =
      "{\"1\": {\"QUESTION\": \"Q?\", \"CONTEXTS\": [\"C.\"], \"LABELS\": [\"A\"],"
          + " \"final_decision\": \"yes\"}}";

  private static final Ingestion.Deidentification TAGS =
      new Ingestion.Deidentification(
          (document, out) ->
              out.accept(document.withText(document.text().replace("Oak", "[NAME]"), List.of())),
          "test rules 1");

  @TempDir private Path folder;

  private Path write(String name, String content) throws IOException {
    return Files.writeString(folder.resolve(name), content);
  }

  private Path ingest(Ingestion.Deidentification how, boolean identified, Path... paths)
      throws IOException {
    Path out = folder.resolve("out.jsonl");
    var source = new IngestSource(List.of(paths), IngestOptions.DEFAULT);
    new Ingestion(source, Ingestion.Facts.NONE, how, identified).run(out, 2, RunProgress.NONE);
    return out;
  }

  private static String refused(Path data, boolean identified) {
    return assertThrows(IOException.class, () -> SourceManifest.require(data, identified))
        .getMessage();
  }

  @Test
  void trainingNeedsAManifestAndDeidentification() throws IOException {
    Path notes = write("notes.csv", "id,text\n1,Mr. Oak came.\n");
    assertEquals(
        notes
            + ": has no manifest (notes.csv.manifest.json) and is no published set that is known by"
            + " its form; make one by `galen clinical ingest FILE --out OUT`",
        refused(notes, true));
    Path out = ingest(TAGS, true, notes);
    assertTrue(Files.readString(out).contains("Oak"));
    SourceManifest manifest = SourceManifest.of(out);
    assertFalse(manifest.deidentified());
    assertTrue(manifest.identifiedOnRequest());
    assertEquals("unknown", manifest.licence());
    assertTrue(refused(out, false).startsWith(out + ": is not de-identified"));
    var log = new ByteArrayOutputStream();
    SourceManifest.require(out, true, new PrintStream(log, true, StandardCharsets.UTF_8));
    assertEquals(
        "galen: " + out + " is not de-identified; it is used because of --identified\n",
        log.toString(StandardCharsets.UTF_8));
    Files.writeString(out, "{\"text\": \"other\"}\n");
    assertTrue(refused(out, true).contains("was changed since its manifest"));
  }

  @Test
  void fieldsAreMadeSafeToo() throws IOException {
    Path notes =
        write(
            "notes.csv",
            "id,text,mrn,patient_name,admission_date,ward,DOB,comment\n"
                + "1,Seen.,0047,John Oak,2151-08-04,A3,1950-01-02,with Oak\n"
                + "2,Seen.,0048,Ann Elm,04.08.2152,,,\n"
                + "3,Seen.,0047,John Oak,unknown,,,\n");
    List<String> lines = Files.readAllLines(ingest(TAGS, false, notes));
    assertTrue(
        lines
            .getFirst()
            .contains(
                "\"fields\":{\"mrn\":\"P1\",\"admission_date\":\"2151\",\"ward\":\"A3\","
                    + "\"comment\":\"with [NAME]\",\"patient\":\"P1\"}"),
        lines.getFirst());
    assertTrue(lines.get(1).contains("\"mrn\":\"P2\",\"admission_date\":\"2152\""), lines.get(1));
    assertTrue(
        lines.get(2).contains("\"fields\":{\"mrn\":\"P1\",\"patient\":\"P1\"}"), lines.get(2));
  }

  @Test
  void whatIsPublishedIsNotDeidentifiedAgain() throws IOException {
    Path set = write("set.json", PUBMEDQA.replace("C.", "Oak wilt."));
    Path notes = write("notes.csv", "id,text\n1,Mr. Oak came.\n");
    Path out = ingest(TAGS, false, set, notes);
    String text = Files.readString(out);
    assertTrue(text.contains("Oak wilt.") && text.contains("Mr. [NAME] came."), text);
    SourceManifest manifest = SourceManifest.require(out, false);
    assertEquals("PubMedQA; unknown", manifest.name());
    assertEquals("MIT; unknown", manifest.licence());
    assertTrue(manifest.deidentifiedBy().contains("test rules 1"));
    assertEquals(2, manifest.sources().size());
    assertEquals(new RunCounts(2, 2, 0, 0), manifest.counts());
  }

  @Test
  void aFileOfTheFolderThatGaveNothingMakesNothingUnknown() throws IOException {
    Files.createDirectories(folder.resolve("set"));
    write("set/set.json", PUBMEDQA);
    write("set/split.json", "{\"1\": \"test\"}");
    SourceManifest manifest = SourceManifest.of(ingest(TAGS, false, folder.resolve("set")));
    assertEquals("PubMedQA", manifest.name());
    assertEquals("MIT", manifest.licence());
    assertEquals(new RunCounts(2, 1, 1, 0), manifest.counts());
    assertEquals(2, manifest.sources().size());
  }

  @Test
  void aPublishedSetNeedsNoManifest() throws IOException {
    Path set = write("set.json", PUBMEDQA);
    SourceManifest manifest = SourceManifest.require(set, false);
    assertEquals("PubMedQA", manifest.name());
    assertEquals("MIT", manifest.licence());
    assertEquals("not needed", manifest.consent());
    assertTrue(manifest.deidentified());
    assertFalse(Files.exists(SourceManifest.beside(set)));
  }

  @Test
  void manifestsGoOnToWhatIsDerived() throws IOException {
    Path out = ingest(null, false, write("set.json", PUBMEDQA));
    Path cleaned = Files.copy(out, folder.resolve("cleaned.jsonl"));
    SourceManifest derived =
        SourceManifest.derived(List.of(out), cleaned, "clean", new RunCounts(1, 1, 0));
    assertEquals(List.of("ingest, identified", "clean"), derived.steps());
    assertTrue(derived.deidentified());
    derived.write(cleaned);
    assertEquals(derived, SourceManifest.require(cleaned, false));
    Path other = write("other.jsonl", "{\"text\": \"x\"}\n");
    assertNull(SourceManifest.derived(List.of(out, other), cleaned, "clean", RunCounts.NONE));
    assertEquals("rules 2", derived.deidentified("rules 2").deidentifiedBy());
  }

  @Test
  void whatDidNotSurviveIsQuarantinedWithoutItsText() throws IOException {
    Path notes = write("notes.csv", "id,text\n1,Good note.\n2,Oak \uFFFD\uFFFD\n3\n");
    Path out = ingest(null, false, notes);
    assertEquals(
        "{\"id\":\"2\",\"reason\":\"replacement characters: 40.0% of the characters\"}\n",
        Files.readString(folder.resolve("out.jsonl.quarantine.jsonl")));
    assertTrue(Files.readString(folder.resolve("out.jsonl.rejects.jsonl")).contains("\"line\":4"));
    assertEquals(new RunCounts(3, 1, 1, 1), SourceManifest.of(out).counts());
    assertEquals(1, Files.readAllLines(out).size());
  }

  @Test
  void nothingIsNoSuccess() throws IOException {
    Path notes = write("notes.csv", "id,text\n1\n");
    Path out = folder.resolve("out.jsonl");
    String message = assertThrows(IOException.class, () -> ingest(null, false, notes)).getMessage();
    assertEquals(notes + ":2: the record has 1 fields and the header has 2", message);
    Path more = write("more.csv", "id,text\n1\n2\n");
    assertEquals(
        more
            + ": no document came of 2 records (2 rejected, 0 quarantined); see out.jsonl.*.jsonl;"
            + " the first: "
            + more
            + ":2: the record has 1 fields and the header has 2",
        assertThrows(IOException.class, () -> ingest(null, false, more)).getMessage());
    assertFalse(Files.exists(out));
    assertFalse(Files.exists(SourceManifest.beside(out)));
  }

  @Test
  void aDescriptionCountsWhatThereIs() {
    var description = new Description();
    for (int i = 0; i < 10; i++) {
      description.accept(
          new Document(
              "d" + i,
              "one two " + "x".repeat(i),
              Map.of("label", i < 7 ? "yes" : "no", "serial", "n" + i),
              Origin.MEMORY));
    }
    description.reject(new Origin("f", 3), "bad");
    List<String> lines = description.lines();
    assertEquals("documents    10 (1 rejected)", lines.getFirst());
    assertEquals("             the first: f:3: bad", lines.get(1));
    assertEquals(
        "text         min 8, median 12, mean 12.5, 95% 17, max 17 characters", lines.get(2));
    assertTrue(
        lines.contains("script       Latin                          10  100.0%"), lines::toString);
    assertTrue(
        lines.contains("             yes                             7   70.0%"), lines::toString);
    assertFalse(lines.stream().anyMatch(line -> line.startsWith("balance      serial")));
    assertEquals("Cyrillic", Description.script("Боль, 5 мг"));
    assertEquals("mostly Latin", Description.script("pain боль in the chest"));
    assertEquals("none", Description.script("140/90"));
  }

  @Test
  void aSampleIsFairAndTheSameForASeed() {
    var hits = new int[20];
    for (int seed = 0; seed < 2_000; seed++) {
      for (Document document : sample(seed).documents()) {
        hits[Integer.parseInt(document.id())]++;
      }
    }
    for (int hit : hits) { // 500 expected, its standard deviation below 20
      assertTrue(Math.abs(hit - 500) < 100, () -> hit + " of 2000");
    }
    assertEquals(sample(7).documents(), sample(7).documents());
    var numbers = new ArrayList<Integer>();
    sample(7).documents().forEach(one -> numbers.add(Integer.parseInt(one.id())));
    assertEquals(numbers.stream().sorted().toList(), numbers);
  }

  private static Reservoir sample(long seed) {
    var reservoir = new Reservoir(5, seed);
    for (int i = 0; i < 20; i++) {
      reservoir.accept(new Document(Integer.toString(i), "x", Map.of(), Origin.MEMORY));
    }
    return reservoir;
  }
}
