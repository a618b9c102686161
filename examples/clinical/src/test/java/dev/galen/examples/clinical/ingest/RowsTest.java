package dev.galen.examples.clinical.ingest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.galen.examples.clinical.document.Annotation;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RowsTest {
  @TempDir private Path folder;

  private Path write(String name, String content) throws IOException {
    return Files.writeString(folder.resolve(name), content);
  }

  private static IngestOptions options(String text, String id, String charset) {
    return new IngestOptions(null, text, id, Charset.forName(charset), "eng");
  }

  @Test
  void aTableGivesDocumentsAndTellsBadRecordsByLine() throws IOException {
    Path file =
        write(
            "notes.csv",
            "note_id,patient_id,Report\n"
                + "a1,7,\"Seen by, \"\"me\"\".\nStable.\"\n"
                + "a2,8\n"
                + "a3,9,\n"
                + "a4,9,BP 140/90\n");
    Collected all = Collected.of(file);
    assertEquals(List.of("a1", "a4"), all.ids());
    assertEquals("Seen by, \"me\".\nStable.", all.texts().getFirst());
    assertEquals(Map.of("patient_id", "7", "patient", "7"), all.documents.getFirst().fields());
    assertEquals(5, all.documents.getLast().origin().line() - 1);
    assertEquals(
        List.of(
            "4: the record has 2 fields and the header has 3",
            "5: its text is empty (the field report)"),
        all.rejects);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a.csv|;", "b.csv|,", "c.tsv|\t", "d.tab|\t", "e.csv|\t"})
  void separatorsAreToldByTheHeader(String nameAndSeparator) throws IOException {
    String separator = nameAndSeparator.substring(nameAndSeparator.indexOf('|') + 1);
    Path file =
        write(
            nameAndSeparator.substring(0, nameAndSeparator.indexOf('|')),
            "id;text\n1;one\n2;two\n".replace(";", separator));
    assertEquals(List.of("one", "two"), Collected.of(file).texts());
  }

  @Test
  void aQuoteLeftOpenIsToldAndDoesNotLoseWhatIsBeforeIt() throws IOException {
    Path file = write("open.csv", "id,text\n1,one\n2,\"two\n3,three\n");
    Collected all = Collected.of(file);
    assertEquals(List.of("1"), all.ids());
    assertEquals(List.of("3: a quoted field is not closed in or after this record"), all.rejects);
  }

  @Test
  void theFieldsOfTextAndIdCanBeNamed() throws IOException {
    Path file = write("a.csv", "key,befund,text\nx,Normal.,other\n");
    var all = Collected.of(options("befund", "key", "UTF-8"), file).only();
    assertEquals("x", all.id());
    assertEquals("Normal.", all.text());
    Path untold = write("b.csv", "key,befund\nx,Normal.\n");
    assertEquals(
        untold
            + ":1: none of 2 fields is the text (called text, note, report, ...); name it by --text",
        assertThrows(IOException.class, () -> Collected.of(untold)).getMessage());
    IngestOptions nothing = options("nothing", null, "UTF-8");
    assertEquals(
        file + ":1: no column nothing, which --text names",
        assertThrows(IOException.class, () -> Collected.of(nothing, file)).getMessage());
    Path lines = write("c.jsonl", "{\"text\": \"one\"}\n{\"Oak\": \"two\"}\n{\"text\": null}\n");
    assertEquals(
        List.of(
            "2: none of 1 fields is the text (called text, note, report, ...); name it by --text",
            "3: its text is empty (the field text)"),
        Collected.of(lines).rejects);
  }

  @Test
  void eachMalformedLineOfJsonIsToldAlone() throws IOException {
    Path file =
        write(
            "a.jsonl",
            """
            {"id": 1, "text": "one", "tags": ["a", "b"], "meta": {"site": "x", "n": null}}

            {"id": 2, "text"
            {"id": 3, "text": "three", "score": NaN}
            [4]
            {"id": 5, "text": "five"} {"id": 6}
            {"id": 7, "text": "a", "text": "b"}
            """);
    Collected all = Collected.of(file);
    assertEquals(List.of("1", "3"), all.ids());
    assertEquals(Map.of("tags", "a; b", "meta.site", "x"), all.documents.getFirst().fields());
    assertEquals(
        List.of(
            "3: malformed JSON, column 17: it ends too early",
            "5: the record is no object with named fields",
            "6: more than one value; expected one JSON object on each line",
            "7: malformed JSON, column 32: a field is given twice"),
        all.rejects);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[{\"id\": 1, \"text\": \"one\"}, {\"id\": 2, \"text\": \"two\"}]",
        "{\"id\": 1, \"text\": \"one\"}\n{\"id\": 2, \"text\": \"two\"}\n",
        "{\n \"id\": 1,\n \"text\": \"one\"\n}\n{\"id\": 2, \"text\": \"two\"}",
        "{\"1\": {\"text\": \"one\"}, \"2\": {\"text\": \"two\"}}",
        "{\"id\": [1, 2], \"text\": [\"one\", \"two\"]}",
        "{\"id\": {\"0\": 1, \"1\": 2}, \"text\": {\"0\": \"one\", \"1\": \"two\"}}",
        "{\"version\": 3, \"data\": [{\"id\": 1, \"text\": \"one\"}, {\"id\": 2, \"text\": \"two\"}]}",
        "{\"features\": [], \"rows\": [{\"row_idx\": 0, \"row\": {\"id\": 1, \"text\": \"one\"}},"
            + " {\"row_idx\": 1, \"row\": {\"id\": 2, \"text\": \"two\"}}]}"
      })
  void allFormsOfJsonAreRead(String json) throws IOException {
    Collected all = Collected.of(write("a.json", json));
    assertEquals(List.of(), all.rejects);
    assertEquals(List.of("1", "2"), all.ids());
    assertEquals(List.of("one", "two"), all.texts());
  }

  @Test
  void whatStandsBesideRowsIsNone() throws IOException {
    Collected held =
        Collected.of(
            write(
                "h.json",
                "{\"data\": [{\"text\": \"one\"}], \"meta\": {\"text\": \"x\"}, \"n\": 1}"));
    assertEquals(List.of("one"), held.texts());
    assertEquals(List.of(), held.rejects);
    Collected keyed = Collected.of(write("k.json", "{\"1\": {\"text\": \"one\"},\n\"2\": null}"));
    assertEquals(List.of("1"), keyed.ids());
    assertEquals(List.of("2: the record is no object with named fields"), keyed.rejects);
  }

  @Test
  void aJsonDocumentThatIsCutGivesWhatIsBefore() throws IOException {
    Collected all = Collected.of(write("a.json", "[{\"text\": \"one\"},\n{\"text\": \"tw"));
    assertEquals(List.of("one"), all.texts());
    assertEquals(1, all.rejects.size());
    assertTrue(
        all.rejects.getFirst().startsWith("2: malformed JSON, column")
            && all.rejects
                .getFirst()
                .endsWith("it ends too early; the rest of the file is not read"),
        all.rejects::toString);
  }

  @Test
  void textFilesAreDocumentsAndFoldersAreWalked() throws IOException {
    Files.createDirectories(folder.resolve("ward/b"));
    write("ward/2.txt", "Second note.\r\n");
    write("ward/b/1.txt", "First note.");
    write("ward/LICENSE", "not a note");
    write("ward/empty.txt", "");
    Files.write(folder.resolve("ward/x.bin"), new byte[] {0, 1, 2, 3});
    write("ward/t.csv", "id,text\n2,In a table.\n");
    Collected all = Collected.of(folder.resolve("ward"));
    assertEquals(List.of("2", "b/1", "2#2"), all.ids());
    assertEquals("Second note.\r\n", all.texts().getFirst());
    assertEquals("In a table.", all.texts().getLast());
    assertEquals(1, all.source.repeated());
    assertEquals("0: is empty", all.rejects.getFirst());
    assertTrue(all.rejects.getLast().startsWith("0: is none of what is read: "));
    assertEquals(2, all.rejects.size());
  }

  @Test
  void encodingsAreNamedOrMarked() throws IOException {
    Path latin = folder.resolve("latin.txt");
    Files.write(latin, "one\nFièvre 38,5 °C".getBytes(StandardCharsets.ISO_8859_1));
    assertEquals(
        List.of("2: not valid UTF-8; name its encoding by --encoding, such as windows-1252"),
        Collected.of(latin).rejects);
    assertEquals(
        "one\nFièvre 38,5 °C",
        Collected.of(options(null, null, "windows-1252"), latin).only().text());
    Path marked = folder.resolve("utf16.txt");
    Files.write(marked, "\uFEFFFièvre 🙂".getBytes(StandardCharsets.UTF_16LE));
    assertEquals("Fièvre 🙂", Collected.of(marked).only().text());
    Path csv = folder.resolve("a.csv");
    Files.write(csv, "\uFEFFtext,id\nnaïve,1\n".getBytes(StandardCharsets.UTF_8));
    assertEquals("1", Collected.of(csv).only().id());
  }

  @Test
  void aByteThatIsNoTextSpoilsItsRecordAlone() throws IOException {
    byte[] bytes = "id,text\n1,one\n2,two\n3,three\n".getBytes(StandardCharsets.UTF_8);
    bytes[16] = (byte) 0xE9;
    Path csv = Files.write(folder.resolve("a.csv"), bytes);
    Collected all = Collected.of(csv);
    assertEquals(List.of("1", "3"), all.ids());
    assertEquals(List.of("3: not valid UTF-8; name the encoding by --encoding"), all.rejects);
  }

  @Test
  void compressedFilesAreReadAndCutOnesTold() throws IOException {
    Path file = folder.resolve("notes.csv.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
      out.write("id,text\n1,one\n".getBytes(StandardCharsets.UTF_8));
    }
    assertEquals("one", Collected.of(file).only().text());
    byte[] bytes = Files.readAllBytes(file);
    Path cut = Files.write(folder.resolve("cut.csv.gz"), java.util.Arrays.copyOf(bytes, 20));
    assertTrue(
        assertThrows(IOException.class, () -> Collected.of(cut))
            .getMessage()
            .startsWith(cut + ": "));
  }

  @Test
  void documentsOfGalenComeBack() throws IOException {
    Path file =
        write(
            "d.jsonl",
            "{\"id\":\"x\",\"text\":\"🙂 pain\",\"fields\":{\"a\":\"b\"},\"spans\":[{\"start\":2,"
                + "\"end\":6,\"category\":\"S\"}],\"file\":\"o.csv\",\"line\":9}");
    var document = Collected.of(file).only();
    assertEquals(List.of(new Annotation(3, 7, "S")), document.annotations());
    assertEquals("o.csv:9", document.origin().toString());
  }

  @Test
  void whatIsMissingOrUnknownIsRefusedByName() {
    Path missing = folder.resolve("missing.csv");
    assertEquals(
        missing + ": no such file",
        assertThrows(IOException.class, () -> Collected.of(missing)).getMessage());
    var odd = new IngestOptions("odd", null, null, StandardCharsets.UTF_8, "eng");
    assertTrue(
        assertThrows(IllegalArgumentException.class, () -> Collected.of(odd, missing))
            .getMessage()
            .startsWith("format is odd; expected one of pdf, scan, brat, "));
  }
}
