package dev.galen.examples.clinical.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.galen.examples.clinical.report.Disclaimer;
import dev.galen.examples.clinical.structure.tag.FindingTags;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class StructureCommandsTest {
  private static final JsonMapper MAPPER = new JsonMapper();
  private static final String NOTE =
      "EXAM\\n\\nNo fever, marsh ague. Glucose 100 mg/dL. \uD83D\uDE00 HR 72.";

  @TempDir private Path folder;
  private Path docs;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @BeforeEach
  void write() throws IOException {
    docs = folder.resolve("docs.jsonl");
    Files.writeString(docs, "{\"id\": \"a\", \"text\": \"" + NOTE + "\"}\n{broken\n");
    Files.writeString(
        folder.resolve("terms.tsv"),
        "doid\tpreferred_name\tscope\tterm\tflag\nD:1\tgorm fever\tEXACT\tmarsh ague\t\n");
  }

  private int galen(Object... words) {
    List<String> args = new ArrayList<>();
    for (Object word : words) {
      args.add(word.toString());
    }
    return new CommandLine(new ClinicalCommand())
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(args.toArray(String[]::new));
  }

  private static JsonNode first(Path file) throws IOException {
    return MAPPER.readTree(Files.readAllLines(file).getFirst());
  }

  private static List<String> categories(JsonNode document) {
    List<String> categories = new ArrayList<>();
    document.path("spans").forEach(span -> categories.add(span.path("category").asText()));
    return categories;
  }

  @Test
  void whatIsFoundIsAddedAsSpans() throws IOException {
    Path structured = folder.resolve("s.jsonl");
    assertEquals(
        0,
        galen(
            "structure",
            "--in",
            docs,
            "--out",
            structured,
            "--ontology",
            folder.resolve("terms.tsv"),
            "--tag",
            "--units",
            "si"));
    JsonNode document = first(structured);
    assertEquals(List.of("section", "value", "value", "finding", "finding"), categories(document));
    JsonNode glucose = document.path("spans").get(1);
    assertEquals("glucose", glucose.path("name").asText());
    assertEquals("5.551", glucose.path("converted").asText());
    assertEquals("mmol/L", glucose.path("converted_unit").asText());
    // Behind a character of two chars, places are code points.
    JsonNode rate = document.path("spans").get(2);
    String text = document.path("text").asText();
    assertEquals(
        "72",
        text.substring(
            text.offsetByCodePoints(0, rate.path("start").asInt()),
            text.offsetByCodePoints(0, rate.path("end").asInt())));
    assertEquals("absent", document.path("spans").get(4).path("assertion").asText());
    assertEquals("D:1", document.path("spans").get(4).path("doid").asText());
    String tagged = document.path("fields").path("tagged").asText();
    assertTrue(tagged.contains("<finding>marsh ague</finding>"), tagged);
    assertEquals(text, FindingTags.strip(tagged));
    assertTrue(Files.exists(folder.resolve("s.jsonl.rejects.jsonl")));
  }

  @Test
  void onlySomePartsAreFound() throws IOException {
    Path structured = folder.resolve("s.jsonl");
    assertEquals(0, galen("structure", "--in", docs, "--out", structured, "--only", "sections"));
    assertEquals(List.of("section"), categories(first(structured)));
    assertEquals(2, galen("structure", "--in", docs, "--only", "sections,moods"));
    assertTrue(err.toString().contains("no part \"moods\"; expected some of sections, values"));
  }

  @Test
  void normalisedTextsComeBack() throws IOException {
    Path changed = folder.resolve("n.jsonl");
    Path back = folder.resolve("b.jsonl");
    Object terms = folder.resolve("terms.tsv");
    assertEquals(
        0, galen("structure", "--in", docs, "--out", changed, "--ontology", terms, "--normalise"));
    assertTrue(first(changed).path("text").asText().contains("No fever, gorm fever."));
    assertEquals(0, galen("structure", "--in", changed, "--out", back, "--restore"));
    assertEquals(first(docs).path("text"), first(back).path("text"));
    assertEquals(2, galen("structure", "--in", changed, "--restore", "--tag"));
  }

  @Test
  void pairsAreCompared() throws IOException {
    Path pairs = folder.resolve("pairs.jsonl");
    Files.writeString(
        pairs,
        "{\"id\": \"p\", \"left\": \"\uD83D\uDE00 HR 72.\", \"right\": \"HR 90.\"}\n"
            + "{\"left\": \"x\"}\n"
            + "{\"id\": \"q\", \"left\": \"HR 72.\", \"right\": \"Pulse 72.\"}\n");
    Path differences = folder.resolve("d.jsonl");
    assertEquals(0, galen("compare", "--pairs", pairs, "--out", differences));
    List<String> lines = Files.readAllLines(differences);
    assertEquals(
        "{\"id\":\"p\",\"differences\":[{\"kind\":\"value_changed\",\"what\":\"heart_rate\","
            + "\"left\":\"72\",\"right\":\"90\",\"left_start\":5,\"left_end\":7,"
            + "\"right_start\":3,\"right_end\":5}]}",
        lines.get(0));
    assertEquals("{\"id\":\"q\",\"differences\":[]}", lines.get(1));
  }

  @Test
  void twoFilesAreComparedForPeople() throws IOException {
    Path left = folder.resolve("left.txt");
    Path right = folder.resolve("right.txt");
    Files.writeString(left, "No fever.");
    Files.writeString(right, "Fever.");
    assertEquals(0, galen("compare", left, right));
    assertTrue(
        out.toString().contains("assertion changed  fever: absent -> present"), out::toString);
    assertTrue(out.toString().contains(Disclaimer.TEXT));
    assertEquals(2, galen("compare", left));
  }

  @Test
  void oneValueIsConverted() {
    assertEquals(0, galen("convert", "glucose", "100", "mg/dL", "mmol/L"));
    assertEquals("5.551 mmol/L", out.toString().strip());
    assertEquals(1, galen("convert", "glucose", "100", "mg/dL", "bushels"));
    assertTrue(err.toString().contains("not converted: unknown unit bushels"));
  }

  @Test
  void whereEveryRecordIsRejectedTheRunFails() throws IOException {
    Path bad =
        Files.writeString(folder.resolve("bad.jsonl"), "{\"note\": \"a\"}\n{\"note\": \"b\"}\n");
    Path cleaned = folder.resolve("c.jsonl");
    assertTrue(galen("clean", "--in", bad, "--out", cleaned) != 0);
    assertTrue(err.toString().contains("all 2 records were rejected"), err.toString());
    assertEquals(2, Files.readAllLines(folder.resolve("c.jsonl.rejects.jsonl")).size());
  }

  @Test
  void whatIsReadOrAFolderIsNotReplaced() throws IOException {
    String before = Files.readString(docs);
    assertNotEquals(0, galen("structure", "--in", docs, "--out", docs));
    assertEquals(before, Files.readString(docs));
    Path bad = Files.writeString(folder.resolve("bad.jsonl"), "{\"note\": \"a\"}\n");
    Path good = folder.resolve("good.jsonl");
    assertEquals(0, galen("structure", "--in", docs, "--out", good));
    String done = Files.readString(good);
    assertNotEquals(0, galen("structure", "--in", bad, "--out", good));
    assertEquals(done, Files.readString(good));
    assertTrue(Files.exists(folder.resolve("good.jsonl.rejects.jsonl")));
    Path taken = Files.createDirectory(folder.resolve("taken"));
    assertNotEquals(0, galen("structure", "--in", docs, "--out", taken));
    assertTrue(err.toString().contains(taken + ": is a folder"), err::toString);
    assertNotEquals(0, galen("structure", "--in", taken, "--out", good));
  }

  @Test
  void pairsThatAreNoneAreTold() throws IOException {
    Path pairs = folder.resolve("pairs.jsonl");
    Path differences = folder.resolve("d.jsonl");
    Files.writeString(pairs, "{\"left\": \"secret\"}\n{\"left\": \"a\", \"right\": \"b\"} x\n");
    assertNotEquals(0, galen("compare", "--pairs", pairs, "--out", differences));
    String rejects = Files.readString(folder.resolve("d.jsonl.rejects.jsonl"));
    assertEquals(2, rejects.lines().count());
    assertTrue(rejects.contains("\"line\":1") && !rejects.contains("secret"), rejects);
    assertNotEquals(0, galen("compare", "--pairs", pairs, "--out", pairs));
  }

  @Test
  void aListThatIsNoUtf8IsNamed() throws IOException {
    Path list = Files.write(folder.resolve("list.txt"), new byte[] {'a', '\t', (byte) 0xE9, '\n'});
    for (List<Object> command :
        List.<List<Object>>of(
            List.of("structure", "--in", docs, "--abbreviations", list),
            List.of("structure", "--in", docs, "--ontology", list),
            List.of("augment", "--in", docs, "--method", "NOISE", "--keep", list),
            List.of("compare", list, list))) {
      err.getBuffer().setLength(0);
      assertNotEquals(0, galen(command.toArray()));
      assertTrue(err.toString().contains(list + ": is not valid UTF-8"), err.toString());
    }
  }

  @Test
  void whatNoDocumentHasIsRefused() {
    assertNotEquals(0, galen("duplicates", "--in", docs, "--group-by", "patient"));
    assertTrue(err.toString().contains("none of the documents has a field patient"));
    assertNotEquals(0, galen("deid-corpus", "--documents", "0", "--out", folder.resolve("c")));
    assertTrue(err.toString().contains("--documents is 0, must be at least 1"));
  }
}
