package dev.galen.train.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.galen.train.data.Example;
import dev.galen.train.data.Examples;
import dev.galen.train.format.RowSchemas;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A part that is held out by the groups of rows. */
class HeldOutTest {
  @TempDir private Path folder;

  /** Rows of patients 1 to 12, of whom patient n has n notes; blank ones are no examples. */
  private Path notes() throws IOException {
    List<String> lines = new ArrayList<>();
    for (int note = 0; note < 12; note++) {
      for (int patient = note + 1; patient <= 12; patient++) {
        lines.add(
            "{\"text\": \"note %d of %d\", \"patient\": %d}".formatted(note, patient, patient));
      }
      lines.add("{\"text\": \" \"}");
    }
    return Files.write(folder.resolve("notes.jsonl"), lines);
  }

  private static Set<String> patients(Examples examples) throws IOException {
    Set<String> patients = new HashSet<>();
    examples.forEach(example -> patients.add(patient(example)));
    return patients;
  }

  private static String patient(Example example) {
    return example.text().substring(example.text().lastIndexOf(' ') + 1);
  }

  private RunData read(HeldOut heldOut, long seed) throws IOException {
    return RunData.read(DataSource.of(notes()).withHeldOut(heldOut), RowSchemas.standard(), seed);
  }

  @Test
  void noPatientIsOnBothSides() throws IOException {
    for (long seed = 0; seed < 5; seed++) {
      RunData data = read(HeldOut.of(0.3, "group:patient"), seed);
      Set<String> held = patients(data.validation());
      assertEquals(78, data.train().count() + data.validation().count());
      assertEquals(0.3 * 78, data.validation().count(), 1);
      Set<String> both = patients(data.train());
      both.retainAll(held);
      assertTrue(both.isEmpty(), () -> both + " are on both sides");
    }
  }

  @Test
  void foldsMeasureEachPatientOnce() throws IOException {
    Set<String> seen = new HashSet<>();
    for (int fold = 1; fold <= 3; fold++) {
      RunData data = read(HeldOut.fold(fold + "/3", "group:patient"), 7);
      for (String patient : patients(data.validation())) {
        assertTrue(seen.add(patient), patient);
        assertTrue(!patients(data.train()).contains(patient), patient);
      }
    }
    assertEquals(12, seen.size());
  }

  @Test
  void moreFoldsThanPatientsAreRefused() {
    assertThrows(
        IllegalArgumentException.class, () -> read(HeldOut.fold("1/13", "group:patient"), 7));
  }

  @Test
  void wordsComeBack() {
    for (String word : List.of("hash", "random", "class", "group:patient", "group:a:b")) {
      assertEquals(word, HeldOut.of(0.2, word).word());
    }
    assertEquals(
        "valid-by is group:, must be group and the name of a field, or another without one",
        assertThrows(IllegalArgumentException.class, () -> HeldOut.of(0.2, "group: ".strip()))
            .getMessage());
  }
}
