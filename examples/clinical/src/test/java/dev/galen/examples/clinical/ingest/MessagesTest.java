package dev.galen.examples.clinical.ingest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.galen.examples.clinical.document.Document;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** HL7 v2 and FHIR. */
class MessagesTest {
  private static final String HEADER =
      "MSH|^~\\&|LAB|HOSP|EHR|HOSP|202401021530||ORU^R01^ORU_R01|M1|P|2.5.1\r";

  @TempDir private Path folder;

  private Collected read(String name, String content) throws IOException {
    return Collected.of(Files.writeString(folder.resolve(name), content));
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  // ---- HL7 v2

  private static final String RADIOLOGY =
      HEADER
          + "PID|1||4711^^^HOSP^MR~99^^^X||OAK^JOHN||19500102|M\r"
          + "PV1|1|I|||||||||||||||||V77\r"
          + "OBR|1|P1|F1|71020^CHEST 2 VIEWS^CPT|||202401021200||||||||||||||||||F\r"
          + "OBX|1|TX|IMP^IMPRESSION||Lungs clear.||||||F\r"
          + "OBX|2|TX|IMP^IMPRESSION||||||||F\r"
          + "OBX|3|TX|IMP^IMPRESSION||No effusion \\T\\ no edema.~Heart normal.||||||F\r"
          + "OBX|4|TX|OLD^OLD||Wrong.||||||W\r"
          + "NTE|1||Read by phone\\.br\\at noon.\r"
          + "OBR|2|P2|F2|CBC^Blood count\r"
          + "OBX|1|NM|718-7^Hemoglobin^LN||13.2|g/dL|12-16|N|||F\r"
          + "OBX|2|SN|X^Titer||>^1^:^80|||||F\r"
          + "OBX|3|CE|B^Type||A^A positive^L|||||F\r";

  @ParameterizedTest
  @ValueSource(strings = {"\r", "\n", "\r\n"})
  void reportsAreReadWhateverEndsTheirSegments(String end) throws IOException {
    Collected all = read("m.hl7", RADIOLOGY.replace("\r", end));
    assertEquals(List.of(), all.rejects);
    assertEquals(List.of("F1", "F2"), all.ids());
    Document chest = all.documents.getFirst();
    assertEquals(
        "Lungs clear.\n\nNo effusion & no edema.\nHeart normal.\nRead by phone\nat noon.",
        chest.text());
    assertEquals(
        Map.of(
            "message",
            "M1",
            "date",
            "2024-01-02T12:00",
            "patient",
            "4711",
            "sex",
            "M",
            "encounter",
            "V77",
            "type",
            "CHEST 2 VIEWS",
            "status",
            "F"),
        chest.fields());
    assertEquals(
        Map.of("code", "IMP", "name", "IMPRESSION"), chest.annotations().getFirst().attributes());
    assertEquals(
        "Lungs clear.\n\nNo effusion & no edema.\nHeart normal.",
        chest.annotations().getFirst().in(chest.text()));
    Document blood = all.documents.getLast();
    assertEquals("Hemoglobin: 13.2 g/dL (12-16) N\nTiter: >1:80\nType: A positive", blood.text());
    assertEquals(3, blood.annotations().size());
    assertEquals(Map.of("an observation that was withdrawn", 1L), all.source.leftOut());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '!',
      value = {
        "a\\F\\b\\S\\c\\T\\d\\R\\e\\E\\f ! a|b^c&d~e\\f",
        "one\\.br\\two\\.sp2\\three ! one$two$$three",
        "\\H\\bold\\N\\ and\\.sk 3\\far\\.ce\\mid ! bold and   far$mid",
        "\\X48692E\\ \\X0D0A\\x \\XC3A9\\ ! Hi. $x é",
        "path C:\\temp and 5\\6 ! path C:\\temp and 5\\6",
        "\\.in+4\\a\\Zabc\\b\\C2842\\c ! abc",
        "\\ ! \\"
      })
  void escapesAreUndone(String value, String meant) {
    var escapes = new Hl7Escapes('|', "^~\\&", StandardCharsets.UTF_8);
    String expected = meant.replace('$', '\n');
    assertEquals(expected, escapes.undo(value));
  }

  @Test
  void otherDelimitersAndBatchesAndFramesAreRead() throws IOException {
    Collected all =
        read(
            "b.hl7",
            "FHS|^~\\&|\rBHS|^~\\&|\r\u000b"
                + "MSH#*@!%#A#B#C#D#2024##ORU*R01#M9\rOBR#1##F9#X*Y\rOBX#1#TX#T##One!S!two@three\r\u001c\r"
                + "MSH|^~\\&|A|B|C|D|2024||ADT^A01|M2\rPID|1\r"
                + "MSH|^~\\&|A|B|C|D|2024||ORU^R01|M3\rOBX|1|FT|T||Alone.\r"
                + "MSH|^~\\&|A|B|C|D|2024||ORU^R01|M4\rOBR|1\rBTS|1\rFTS|1\r");
    assertEquals(List.of("F9", "M3-1"), all.ids());
    assertEquals(List.of("One*two\nthree", "Alone."), all.texts());
    assertEquals(Map.of("a message ADT", 1L), all.source.leftOut());
    assertEquals(List.of("11: a message without OBX that has text"), all.rejects);
  }

  @Test
  void encapsulatedDocumentsAreReadOrRefusedByName() throws IOException {
    var document = new PDDocument();
    Pdfs.page(document, new Pdfs.Canvas().text("From the PDF.", 72, 700));
    byte[] pdf = Files.readAllBytes(Pdfs.save(document, folder.resolve("a.pdf")));
    String obx = HEADER + "OBR|1||F%d\rOBX|1|ED|D^Doc||^%s^Base64^%s\r";
    Collected all =
        read(
            "e.hl7",
            obx.formatted(1, "application^pdf", Base64.getEncoder().encodeToString(pdf))
                + obx.formatted(2, "text^html", base64("<p>From &lt;HTML&gt;</p>"))
                + obx.formatted(3, "application^rtf", base64("{\\rtf1}"))
                + "OBR|2||F3b\rOBX|1|TX|T||Still read.\rOBX|2|RP|L||http://x\r"
                + obx.formatted(4, "TEXT^PLAIN", "??"));
    assertEquals(List.of("From the PDF.", "From <HTML>", "Still read."), all.texts());
    assertEquals(
        List.of(
            "7: an attachment of type application/rtf is not read (rich text); expected text/plain,"
                + " text/html, application/pdf",
            "7: an observation is a link (RP); expected its text",
            "13: the data of an attachment are no Base64"),
        all.rejects);
  }

  @Test
  void theHeaderNamesTheCharset() throws IOException {
    Path file = folder.resolve("l.hl7");
    Files.write(
        file,
        (HEADER.strip() + "||||||8859/1\rOBR|1||F1\rOBX|1|TX|T||Fièvre\r")
            .getBytes(StandardCharsets.ISO_8859_1));
    assertEquals("Fièvre", Collected.of(file).only().text());
  }

  // ---- FHIR

  private static String reference(String id, String contentType, String more) {
    return "{\"resourceType\": \"DocumentReference\", \"id\": \""
        + id
        + "\", \"status\": \"current\", \"subject\": {\"reference\": \"Patient/7\"}, \"date\":"
        + " \"2024-01-02\", \"type\": {\"coding\": [{\"code\": \"34117-2\", \"display\": \"H&P\"}]},"
        + " \"content\": [{\"attachment\": {\"contentType\": \""
        + contentType
        + "\""
        + more
        + "}}]}";
  }

  private static String data(String text) {
    return ", \"data\": \"" + base64(text) + "\"";
  }

  @Test
  void attachmentsOfABundleAreRead() throws IOException {
    String report =
        "{\"resourceType\": \"DiagnosticReport\", \"id\": \"r1\", \"status\": \"final\", \"code\":"
            + " {\"text\": \"Chest X-ray\"}, \"subject\": {\"reference\": \"urn:uuid/8\"},"
            + " \"effectiveDateTime\": \"2024-03-04\", \"conclusion\": \"No effusion.\"";
    Collected all =
        read(
            "b.json",
            "{\"resourceType\": \"Bundle\", \"type\": \"searchset\", \"entry\": [\n{\"resource\": "
                + String.join(
                    "},\n{\"resource\": ",
                    "{\"resourceType\": \"Patient\", \"id\": \"7\"}",
                    reference("d1", "text/plain; charset=utf-8", data("Fièvre.\n")),
                    reference(
                        "d2",
                        "text/html",
                        data(
                            "<html><body><p>One<br>two</p><table><tr><td>a"
                                + "</td><td>b</td></tr></table><script>x</script>&plusmn;</body></html>")),
                    reference("d3", "application/rtf", data("{\\\\rtf1}")),
                    reference("d4", "text/plain", ", \"url\": \"Binary/b4\""),
                    reference("d5", "text/plain", ", \"url\": \"Binary/elsewhere\""),
                    reference("d6", "text/plain", ", \"data\": \"*\""),
                    reference("d7", "text/plain", data("x")).replace("current", "entered-in-error"),
                    report + "}",
                    report.replace("r1", "r2")
                        + ", \"presentedForm\": [{\"contentType\": \"application/pdf\", \"data\": \"AA==\"},"
                        + " {\"contentType\": \"text/plain\""
                        + data("Full report.")
                        + "}]}",
                    "{\"resourceType\": \"Binary\", \"id\": \"b4\", \"contentType\": \"text/plain\""
                        + data("From the binary.")
                        + "}")
                + "}]}");
    assertEquals(List.of("d1", "d2", "r1", "r2", "d4"), all.ids());
    assertEquals(
        List.of(
            "Fièvre.\n", "One\ntwo\na b\n±", "No effusion.", "Full report.", "From the binary."),
        all.texts());
    assertEquals(
        Map.of(
            "resource",
            "DocumentReference",
            "patient",
            "7",
            "date",
            "2024-01-02",
            "type",
            "H&P",
            "status",
            "current"),
        all.documents.getFirst().fields());
    assertEquals("Chest X-ray", all.documents.get(2).field("type"));
    assertEquals("No effusion.", all.documents.get(3).field("conclusion"));
    assertEquals(
        Map.of("a resource Patient", 1L, "a resource Binary", 1L, "entered in error", 1L),
        all.source.leftOut());
    assertEquals(3, all.rejects.size());
    assertTrue(all.rejects.getFirst().contains("type application/rtf is not read (rich text)"));
    assertTrue(all.rejects.get(1).contains("no Base64"), all.rejects::toString);
    assertTrue(all.rejects.get(2).contains("a link to what is not in the file"));
  }

  @Test
  void resourcesAreReadLineByLine() throws IOException {
    Collected all =
        read(
            "d.ndjson",
            reference("d1", "text/plain", data("One."))
                + "\n{\"resourceType\": \"Docu\n"
                + reference("d2", "text/plain", data("Two."))
                + "\n{\"resourceType\": \"DiagnosticReport\", \"id\": \"r\", \"text\": {\"status\":"
                + " \"generated\", \"div\": \"<div xmlns='http://www.w3.org/1999/xhtml'>Seen.</div>\"}}\n"
                + "{\"resourceType\": \"DiagnosticReport\", \"id\": \"e\"}\n");
    assertEquals(List.of("d1", "d2", "r"), all.ids());
    assertEquals(List.of("One.", "Two.", "Seen."), all.texts());
    assertTrue(all.rejects.getFirst().startsWith("2: malformed JSON, column "));
    assertEquals(
        "5: a DiagnosticReport without text: no attachment, no conclusion", all.rejects.getLast());
    assertEquals(
        "One.", read("one.json", reference("d1", "text/plain", data("One."))).only().text());
  }
}
