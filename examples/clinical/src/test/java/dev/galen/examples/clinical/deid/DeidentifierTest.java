package dev.galen.examples.clinical.deid;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.galen.examples.clinical.document.Annotation;
import dev.galen.examples.clinical.document.Document;
import dev.galen.examples.clinical.pipeline.DocumentRun;
import dev.galen.examples.clinical.pipeline.JsonLinesSource;
import dev.galen.examples.clinical.pipeline.RunProgress;
import dev.galen.train.data.Origin;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeidentifierTest {
  private static final Secret SECRET =
      new Secret("a key of the tests".getBytes(StandardCharsets.UTF_8));
  private static final String NOTE =
      "Patient: Okafor, Mary\nMr. Okafor is her husband. Mary Okafor, MRN 4481902, was seen on 12/03/2021 and"
          + " 12/13/2021 by Dr. Lund. Lives in Boston, MA 02139. Call 555-214-3345.";

  @TempDir private Path folder;

  private static Document note(String text, String patient) {
    return new Document(
        "n1",
        text,
        Map.of("patient", patient),
        List.of(new Annotation(text.length() - 3, text.length(), "mark")),
        new Origin("notes.jsonl", 1));
  }

  private static Document done(Replacing by, String text, String patient) {
    var out = new Document[1];
    new Deidentifier(by, SECRET).apply(note(text, patient), one -> out[0] = one);
    return out[0];
  }

  @Test
  void tagsKeepTitlesAndThreeDigitsOfThePostalCode() {
    Document tagged = done(Replacing.TAGS, NOTE, "7");
    assertEquals(
        "Patient: [NAME]\nMr. [NAME] is her husband. [NAME], MRN [MRN], was seen on [DATE] and [DATE] by"
            + " Dr. [NAME]. Lives in [LOCATION] [ZIP 021]. Call [PHONE].",
        tagged.text());
    assertTrue(tagged.field("patient").matches("P[0-9a-f]{16}"));
    Annotation mark = tagged.annotations().getFirst();
    assertEquals(tagged.text().length(), mark.end());
  }

  @Test
  void restrictedAreasHaveNoDigits() {
    assertEquals("000", Surrogates.zip3("03601"));
    assertEquals("000", Surrogates.zip3("89311-2222"));
    assertEquals("021", Surrogates.zip3("02139"));
  }

  @Test
  void aNameHasOneSurrogateWithAPatientAndAnotherWithTheNext() {
    Matcher names =
        Pattern.compile("Patient: (\\w+), (\\w+)\nMr. (\\w+) is her husband. (\\w+) (\\w+),")
            .matcher(done(Replacing.SURROGATES, NOTE, "7").text());
    assertTrue(names.find());
    assertEquals(names.group(1), names.group(3));
    assertEquals(names.group(1), names.group(5));
    assertEquals(names.group(2), names.group(4));
    assertNotEquals("Okafor", names.group(1));
    assertTrue((Lexicon.get().of(names.group(2).toLowerCase(Locale.ROOT)) & Lexicon.FEMALE) != 0);
    assertEquals(
        done(Replacing.SURROGATES, NOTE, "7").text(), done(Replacing.SURROGATES, NOTE, "7").text());
    assertNotEquals(
        done(Replacing.SURROGATES, NOTE, "7").text(), done(Replacing.SURROGATES, NOTE, "8").text());
  }

  @Test
  void surrogatesKeepTheForm() {
    String text =
        done(Replacing.SURROGATES, "MRN AB-44819, SSN 123-45-6789, GRANT, J. called.", "7").text();
    assertTrue(
        text.matches("MRN [A-Z]{2}-\\d{5}, SSN 9\\d\\d-\\d\\d-\\d{4}, [A-Z]+, [A-Z]\\. called\\."),
        text);
  }

  @Test
  void aShiftMovesAllDatesOfAPatientAlike() {
    String text = done(Replacing.SHIFT, NOTE, "7").text();
    Matcher dates =
        Pattern.compile("(\\d\\d)/(\\d\\d)/(\\d{4}) and (\\d\\d)/(\\d\\d)/(\\d{4})").matcher(text);
    assertTrue(dates.find(), text);
    var first =
        LocalDate.of(
            Integer.parseInt(dates.group(3)),
            Integer.parseInt(dates.group(1)),
            Integer.parseInt(dates.group(2)));
    var second =
        LocalDate.of(
            Integer.parseInt(dates.group(6)),
            Integer.parseInt(dates.group(4)),
            Integer.parseInt(dates.group(5)));
    assertEquals(first.plusDays(10), second);
    assertFalse(text.contains("12/03/2021"));
    assertTrue(text.contains("Mr. [NAME]"));
  }

  @Test
  void fieldsAreReplacedByTheirNames() {
    var document =
        new Document(
            "n",
            "Well.",
            Map.of("mrn", "77881", "date", "2021-12-03", "type", "Discharge summary"),
            new Origin("f", 1));
    var out = new Document[1];
    new Deidentifier(Replacing.TAGS, SECRET).apply(document, one -> out[0] = one);
    assertEquals("[MRN]", out[0].field("mrn"));
    assertEquals("[DATE]", out[0].field("date"));
    assertEquals("Discharge summary", out[0].field("type"));
  }

  @Test
  void aFieldsNameIsReadHoweverItIsSpelled() {
    for (String name :
        List.of(
            "patientName",
            "Patient Name",
            "PATIENT-NAME",
            "record.patient_name",
            "SSN",
            "emailAddress",
            "Home Phone",
            "hadm_id",
            "providerId",
            "insurance_number",
            "dateOfBirth")) {
      var document = new Document("n", "Well.", Map.of(name, "Q7 x1"), new Origin("f", 1));
      var out = new Document[1];
      new Deidentifier(Replacing.TAGS, SECRET).apply(document, one -> out[0] = one);
      assertTrue(out[0].field(name).matches("\\[[A-Z_]+]"), name + " " + out[0].field(name));
    }
    for (String name : List.of("Patient ID", "subjectId", "person")) {
      var document = new Document("Q7", "Well.", Map.of(name, "Q7"), new Origin("f", 1));
      var out = new Document[1];
      new Deidentifier(Replacing.TAGS, SECRET).apply(document, one -> out[0] = one);
      assertTrue(out[0].field(name).matches("P[0-9a-f]{16}"), name);
      assertEquals(out[0].field(name), out[0].id());
    }
    for (String name : List.of("ward", "label", "section", "length")) {
      assertNull(FieldNames.category(name), name);
    }
  }

  @Test
  void aShortSecretIsRefused() {
    var e = assertThrows(IllegalArgumentException.class, () -> new Secret(new byte[8]));
    assertEquals("the secret has 8 bytes; expected at least 16", e.getMessage());
  }

  @Test
  void nothingIdentifiedStaysInAnyFileOfARun() throws IOException {
    Path in = folder.resolve("in.jsonl");
    var lines = new StringBuilder();
    for (int i = 0; i < 300; i++) {
      lines
          .append("{\"text\":\"Mrs. Zubrowska, SSN 521-44-")
          .append(1000 + i)
          .append(", came on 12/03/2021.\",\"fields\":{\"patient\":\"secret-")
          .append(i)
          .append("\"}}\n");
    }
    lines.append("{\"text\": Mrs. Zubrowska broken}\n{\"note\":\"SSN 521-44-9999 Zubrowska\"}\n");
    Files.writeString(in, lines);
    Path work = Files.createDirectory(folder.resolve("work"));
    Path out = work.resolve("out.jsonl");
    var step = new Deidentifier(Replacing.SURROGATES, SECRET);
    new DocumentRun(new JsonLinesSource(List.of(in)), step, step.settings(), 2, RunProgress.NONE)
        .run(out);
    ReviewFile.write(new JsonLinesSource(List.of(in)), work.resolve("review.jsonl"));
    try (var files = Files.walk(work)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String text = Files.readString(file);
        assertFalse(
            text.contains("Zubrowska")
                || text.contains("521-44")
                || text.contains("12/03/2021")
                || text.contains("secret-"),
            file + " has an identifier");
      }
    }
    List<String> review = Files.readAllLines(work.resolve("review.jsonl"));
    assertEquals(900, review.size());
    assertTrue(
        review
            .getFirst()
            .contains(
                "\"start\":0,\"end\":14,\"category\":\"NAME\",\"rule\":\"name:title\",\"confidence\":0.95"),
        review.getFirst());
    assertTrue(Files.exists(work.resolve("out.jsonl.rejects.jsonl")));
  }

  @Test
  void daysFirstInOneDateAreFirstInAll() {
    String text = "Seen on 25/03/2020, again on 04/05/2020.";
    Matcher dates =
        Pattern.compile("\\d\\d/\\d\\d/\\d{4}").matcher(done(Replacing.SHIFT, text, "7").text());
    var days = new LocalDate[2];
    for (int k = 0; k < 2; k++) {
      assertTrue(dates.find());
      String[] parts = dates.group().split("/");
      days[k] =
          LocalDate.of(
              Integer.parseInt(parts[2]), Integer.parseInt(parts[1]), Integer.parseInt(parts[0]));
    }
    assertEquals(40, ChronoUnit.DAYS.between(days[0], days[1]));
  }
}
