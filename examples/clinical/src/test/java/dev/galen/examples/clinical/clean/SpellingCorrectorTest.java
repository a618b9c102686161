package dev.galen.examples.clinical.clean;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.galen.examples.clinical.document.Annotation;
import dev.galen.examples.clinical.document.Document;
import dev.galen.examples.clinical.text.ProtectedWords;
import dev.galen.train.data.Origin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SpellingCorrectorTest {
  private static final Lexicon LEXICON =
      new Lexicon(
          Map.of(
              "pneumonia",
              50L,
              "hypertension",
              90L,
              "hypotension",
              80L,
              "fever",
              40L,
              "pain",
              100L,
              "cough",
              20L,
              "patient",
              900L,
              "metformin",
              9L,
              "cells",
              1L,
              "calls",
              1L));

  private static final SpellingCorrector CORRECTOR =
      new SpellingCorrector(LEXICON, ProtectedWords.standard());

  private static Document document(String text, Annotation... annotations) {
    return new Document("a", text, Map.of(), List.of(annotations), Origin.MEMORY);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Pneumnia and feverr. | Pneumonia and fever.",
        "The pateint has hypertensin. | The patient has hypertension.",
        "pneumonias, fevers, coughed | pneumonias, fevers, coughed",
        "hyprotension 5mgg metfornin | hyprotension 5mgg metfornin", // two are as near
        "feverr 40 mg | feverr 40 mg", // before a dose
        "seen by Fevers and Couhg | seen by Fevers and Couhg", // a name
        "PNEUMNIA COPD pian. | PNEUMNIA COPD pain.",
        "cslls | cslls", // cells or calls
        "deny lisinoprl metoprolo | deny lisinoprl metoprolo",
      })
  void onlyWhatIsCertainIsCorrected(String text, String expected) {
    assertEquals(expected, CORRECTOR.apply(document(text)).text());
  }

  @Test
  void eachCorrectionCanBeTakenBack() {
    Document before = document("Pneumnia, no feverr now", new Annotation(10, 19, "finding"));
    Document after = CORRECTOR.apply(before);
    assertEquals("Pneumonia, no fever now", after.text());
    assertEquals(
        List.of("no fever", "Pneumonia", "fever"),
        after.annotations().stream().map(a -> a.in(after.text())).toList());
    assertEquals(Map.of("was", "feverr"), after.annotations().getLast().attributes());
    assertEquals(before, SpellingCorrector.undo(after));
    assertEquals(after, CORRECTOR.apply(after));
  }

  @Test
  void distancesAreThoseOfOptimalStringAlignment() {
    assertEquals(1, EditDistance.of("abcd", "acbd", 2));
    assertEquals(3, EditDistance.of("ca", "abc", 3));
    assertEquals(3, EditDistance.of("kitten", "sitting", 3));
    assertEquals(2, EditDistance.of("kitten", "sitting", 1));
  }

  @Test
  void aLexiconIsReadOrItsLineNamed(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("words.tsv");
    Files.writeString(file, "# words\nPain\t3\npain,2\n\nfever\n");
    Lexicon lexicon = Lexicon.read(file);
    assertEquals(5, lexicon.frequency("pain"));
    assertEquals(2, lexicon.size());
    Files.writeString(file, "pain\tmany\n");
    String message = assertThrows(IOException.class, () -> Lexicon.read(file)).getMessage();
    assertEquals(file + ":1: the frequency is many, must be a whole number of at least 1", message);
  }
}
