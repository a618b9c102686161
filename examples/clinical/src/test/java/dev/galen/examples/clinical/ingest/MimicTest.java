package dev.galen.examples.clinical.ingest;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.galen.examples.clinical.document.Annotation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MimicTest {
  private static final String NOTES =
      "\"ROW_ID\",\"SUBJECT_ID\",\"HADM_ID\",\"CHARTDATE\",\"CHARTTIME\",\"STORETIME\","
          + "\"CATEGORY\",\"DESCRIPTION\",\"CGID\",\"ISERROR\",\"TEXT\"\n";

  @TempDir private Path folder;

  @Test
  void notesMarkedAsErrorsAreLeftOut() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("NOTEEVENTS.csv"),
            NOTES
                + "1,22,,2151-8-4,,,\"Nursing \",\"Report\",,,\"Admission [**2151-7-16**] by"
                + " Dr. [**Last Name (STitle) 55**]\n\"\n"
                + "2,22,33,2151-8-4,2151-8-4 10:00:00,,Physician,Note,17,1,\"wrong chart\"\n"
                + "3,22,33,2151-8-4,,,Physician,Note,,,\n");
    Collected all = Collected.of(file);
    assertEquals(List.of("1"), all.ids());
    assertEquals(Map.of("ISERROR is 1", 1L), all.source.leftOut());
    assertEquals(List.of("5: no field text"), all.rejects);
    assertEquals(Map.of(file.toString(), PublishedSet.MIMIC_III), all.source.published());
    assertEquals(
        Map.of("patient", "22", "date", "2151-8-4", "type", "Nursing", "description", "Report"),
        all.documents.getFirst().fields());
    String text = all.texts().getFirst();
    assertEquals(
        List.of("[**2151-7-16**] DATE", "[**Last Name (STitle) 55**] NAME"),
        all.documents.getFirst().annotations().stream()
            .map(one -> one.in(text) + " " + one.attributes().get("kind"))
            .toList());
  }

  @Test
  void aHospitalsOwnTableWithTheseColumnsIsNotTakenForSafe() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("NOTEEVENTS.csv"), NOTES + "1,2,,,,,A,B,,,\"Mr. Own Name came\"\n");
    assertEquals(Map.of(), Collected.of(file).source.published());
  }

  @Test
  void dischargeSummariesHaveUnderscores() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("discharge.csv"),
            "note_id,subject_id,hadm_id,note_type,note_seq,charttime,storetime,text\n"
                + "10-DS-21,10,22,DS,21,2180-05-07 00:00:00,,\"Name:  ___            Unit No:   ___\n"
                + "Admission Date:  ___\nMs. ___ is a ___ year old\nseen at ___ _____\n\"\n");
    var document = Collected.of(file).only();
    assertEquals("10-DS-21", document.id());
    assertEquals(
        List.of("NAME", "ID", "DATE", "NAME", "AGE", "OTHER"),
        document.annotations().stream().map(one -> one.attributes().get("kind")).toList());
    for (Annotation one : document.annotations()) {
      assertEquals("___", one.in(document.text()));
      assertEquals("PLACEHOLDER", one.category());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "2101-3-5, DATE",
    "5-7, DATE",
    "2153, DATE",
    "Month (only) 8, DATE",
    "Month/Day/Year 4, DATE",
    "Date range (1) 12, DATE",
    "January 5, DATE",
    "Holiday, DATE",
    "Known lastname 123, NAME",
    "Doctor First Name 9, NAME",
    "Initials (NamePattern4) , NAME",
    "Name (NI), NAME",
    "Hospital1 18, LOCATION",
    "Hospital Ward Name 5, LOCATION",
    "State/Zipcode 3, LOCATION",
    "University/College, LOCATION",
    "Telephone/Fax (1) 77, PHONE",
    "Pager number 8, PHONE",
    "Medical Record Number 4, ID",
    "Numeric Identifier 4, ID",
    "Clip Number (Radiology) 5, ID",
    "MD Number(1) 5, ID",
    "Age over 90 , AGE",
    "E-mail address 3, EMAIL",
    "'', OTHER"
  })
  void bracketsSayWhatTheyStandFor(String inside, String kind) {
    assertEquals(kind, Placeholders.kind(inside));
  }
}
