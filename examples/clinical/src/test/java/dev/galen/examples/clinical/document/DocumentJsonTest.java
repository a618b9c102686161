package dev.galen.examples.clinical.document;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.galen.train.data.Origin;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DocumentJsonTest {
  private static final Origin HERE = new Origin("notes.jsonl", 7);

  @Test
  void aDocumentComesBackWithOffsetsInCodePoints() throws RejectedException {
    var document =
        new Document(
            "a",
            "\uD83D\uDE37 Mr. May, 38 \u00B0C",
            Map.of("patient", "p1"),
            List.of(
                new Annotation(7, 10, "NAME", Map.of("subject", "patient")),
                new Annotation(0, 2, "emoji")),
            new Origin("in.txt", 1));
    String line = DocumentJson.write(document);
    assertEquals(
        "{\"id\":\"a\",\"text\":\"\uD83D\uDE37 Mr. May, 38 \u00B0C\",\"fields\":{\"patient\":\"p1\"},"
            + "\"spans\":[{\"start\":6,\"end\":9,\"category\":\"NAME\",\"subject\":\"patient\"},"
            + "{\"start\":0,\"end\":1,\"category\":\"emoji\"}],\"file\":\"in.txt\",\"line\":1}",
        line);
    assertEquals(document, DocumentJson.read(line, HERE));
  }

  @Test
  void textAloneIsEnough() throws RejectedException {
    Document document = DocumentJson.read("{\"text\": \"pain\"}", HERE);
    assertEquals(new Document("notes.jsonl:7", "pain", Map.of(), HERE), document);
  }

  @Test
  void whatElseStandsInALineBecomesFields() throws RejectedException {
    Document document =
        DocumentJson.read(
            "{\"text\": \"pain\", \"label\": \"yes\", \"year\": 2020, \"ward\": {\"floor\": 3,"
                + " \"nurse\": {\"name\": \"N\"}}, \"codes\": [\"a\", \"b\"], \"none\": null,"
                + " \"fields\": {\"type\": \"t\"}}",
            HERE);
    assertEquals(
        Map.of(
            "type",
            "t",
            "label",
            "yes",
            "year",
            "2020",
            "ward.floor",
            "3",
            "ward.nurse.name",
            "N",
            "codes",
            "a, b"),
        document.fields());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"text\": | not a JSON object on one line",
        "[1] | not a JSON object on one line",
        "{} | no field text; expected a string",
        "{\"text\": [\"secret\"]} | the field text is no string, number or truth value",
        "{\"text\": \"a\", \"spans\": [{\"start\": 0}]} | a span without start and end;",
        "{\"text\": \"a\", \"spans\": [{\"start\": 0, \"end\": 2, \"category\": \"X\"}]}"
            + " | a span from 0 to 2; expected offsets within the 1 code points of the text",
        "{\"text\": \"a\", \"spans\": [{\"start\": 0, \"end\": 1}]} | no field category;",
        "{\"text\": \"a\", \"x\": [{\"y\": 1}]} | the field x is no string, number or truth value",
        "{\"text\": \"a\", \"x\": 1, \"fields\": {\"x\": 1}}"
            + " | the field x stands in the record and in its fields",
      })
  void whatIsMalformedIsToldWithoutItsText(String line, String problem) {
    String message =
        assertThrows(RejectedException.class, () -> DocumentJson.read(line, HERE)).getMessage();
    assertEquals(problem, message.substring(0, Math.min(problem.length(), message.length())));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"text\": \"a\", \"fields\": \"secret\"}|fields is no object of named values",
        "{\"text\": \"a\", \"fields\": [1]}|fields is no object of named values",
        "{\"text\": \"a\", \"spans\": {}}|spans is no list",
        "{\"text\": \"cut \\ud83d\"}|the field text has half a surrogate pair, which UTF-8 cannot hold",
        "{\"text\": \"a\", \"b\": \"\\udc00\"}|the field b has half a surrogate pair, which UTF-8 cannot hold",
      })
  void whatWouldBeLostIsRefused(String line, String problem) {
    var refused = assertThrows(RejectedException.class, () -> DocumentJson.read(line, HERE));
    assertEquals(problem, refused.getMessage());
  }

  @Test
  void absentPartsMayBeNull() throws RejectedException {
    Document document =
        DocumentJson.read(
            "{\"text\": \"\\ud83d\\ude00\", \"fields\": null, \"spans\": null}", HERE);
    assertEquals("\uD83D\uDE00", document.text());
  }
}
