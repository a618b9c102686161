package dev.galen.examples.clinical.trust;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.galen.examples.clinical.report.ReportWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AnnotationReviewTest {
  @TempDir Path folder;

  private static Kappa table(int[][] cells) {
    var first = new ArrayList<String>();
    var second = new ArrayList<String>();
    for (int i = 0; i < cells.length; i++) {
      for (int j = 0; j < cells.length; j++) {
        for (int n = 0; n < cells[i][j]; n++) {
          first.add("c" + i);
          second.add("c" + j);
        }
      }
    }
    return Kappa.of(first, second);
  }

  /** cohen_kappa_score of scikit-learn 1.9.1; the errors are those of 4000 bootstraps in 1%. */
  @Test
  void kappaIsThatOfTheReferences() {
    Kappa two = table(new int[][] {{20, 5}, {10, 15}});
    assertEquals(0.4, two.kappa(), 1e-12);
    assertEquals(KAPPA_ERROR_TWO, two.error(), 1e-9);
    assertEquals("fair", two.word());
    Kappa three = table(new int[][] {{44, 5, 1}, {7, 20, 3}, {9, 5, 6}});
    assertEquals(KAPPA_THREE, three.kappa(), 1e-12);
    assertEquals(KAPPA_ERROR_THREE, three.error(), 1e-9);
    assertEquals("moderate", three.word());
    assertEquals(100, three.items());
    assertEquals(70, three.agreed());
    assertEquals(2 * 44.0 / 110, three.agreementOn(0), 1e-12);
  }

  private static final double KAPPA_ERROR_TWO = 0.12699606293110033;
  private static final double KAPPA_THREE = 0.49152542372881347;
  private static final double KAPPA_ERROR_THREE = 0.07212745929334068;

  @Test
  void wordsAreThoseOfLandisAndKoch() {
    assertEquals("poor", table(new int[][] {{1, 9}, {9, 1}}).word());
    assertEquals("almost perfect", table(new int[][] {{50, 1}, {1, 50}}).word());
    assertEquals("substantial", table(new int[][] {{43, 7}, {6, 44}}).word());
    assertEquals("slight", table(new int[][] {{30, 25}, {20, 25}}).word());
    Kappa one = table(new int[][] {{5}});
    assertTrue(Double.isNaN(one.kappa()));
    assertEquals("not defined", one.word());
    assertEquals(1, table(new int[][] {{5, 0}, {0, 5}}).interval().high());
  }

  private Path file(String name, String... lines) throws IOException {
    return Files.writeString(folder.resolve(name), String.join("\n", lines) + "\n");
  }

  @Test
  void labelsAreComparedById() throws IOException {
    Path first = file("a.csv", "id,label,text", "1,yes,fever", "2,no,cough", "3,maybe,rash");
    Path second =
        file(
            "b.jsonl",
            "{\"id\": 3, \"label\": \"no\"}",
            "{\"id\": \"1\", \"label\": \"yes\"}",
            "{\"id\": 4, \"fields\": {\"label\": \"no\"}}",
            "{\"id\": 2, \"fields\": {\"label\": \"no\"}}");
    var review = AnnotationReview.of(first, second, "label");
    assertEquals(3, review.both());
    assertEquals(List.of("4"), review.secondOnly());
    assertEquals(1, review.disagreements().size());
    var only = review.disagreements().getFirst();
    assertEquals("3", only.id());
    assertEquals("rash", only.text());
    assertEquals("maybe / no", review.confusions().firstEntry().getKey());
    String html = ReportWriter.html(ReviewReport.of(review));
    assertFalse(html.contains("rash"), "a report of agreement needs no text");
  }

  @Test
  void aThirdPersonDecides() throws IOException {
    Path first = file("a.csv", "id,label,text", "1,yes,fever", "2,no,cough", "3,maybe,rash");
    Path second = file("b.csv", "id,label", "1,yes", "2,yes", "3,no");
    var review = AnnotationReview.of(first, second, "label");
    Path open = folder.resolve("open.jsonl");
    Adjudication.write(review.disagreements(), open);
    String written = Files.readString(open);
    assertEquals(2, written.lines().count());

    var undecided =
        assertThrows(IOException.class, () -> Adjudication.decided(review, open, "label"));
    assertTrue(undecided.getMessage().contains("2 of 2 disagreements are not decided"));

    Files.writeString(
        open, written.replaceFirst("\"adjudicated\":\"\"", "\"adjudicated\":\"yess\""));
    var unknown =
        assertThrows(IOException.class, () -> Adjudication.decided(review, open, "label"));
    assertTrue(
        unknown.getMessage().endsWith(":1: adjudicated is \"yess\", must be one of maybe, no, yes"),
        unknown::getMessage);

    Files.writeString(open, written.replace("\"adjudicated\":\"\"", "\"adjudicated\":\"no\""));
    List<String> gold = Adjudication.decided(review, open, "label").lines().toList();
    var lost =
        assertThrows(IOException.class, () -> Adjudication.write(review.disagreements(), open));
    assertTrue(lost.getMessage().contains("holds decisions, which would be lost"));
    var mapper = new JsonMapper();
    assertEquals("yes", mapper.readTree(gold.get(0)).path("label").asText());
    assertEquals("no", mapper.readTree(gold.get(1)).path("label").asText());
    assertEquals("no", mapper.readTree(gold.get(2)).path("label").asText());
    assertEquals("rash", mapper.readTree(gold.get(2)).path("text").asText());

    Files.writeString(open, written.replace("\"id\":\"2\"", "\"id\":\"9\""));
    assertThrows(IOException.class, () -> Adjudication.decided(review, open, "label"));
  }

  @Test
  void spansAreComparedByPlaceAndByWord() throws IOException {
    String text = "\\uD83D\\uDE00 Mary Grant took aspirin.";
    Path first =
        file(
            "a.jsonl",
            "{\"id\":\"n\",\"text\":\"%s\",\"spans\":[{\"start\":2,\"end\":12,\"category\":\"NAME\"},"
                    .formatted(text)
                + "{\"start\":18,\"end\":25,\"category\":\"DRUG\"}]}");
    Path second =
        file(
            "b.jsonl",
            "{\"id\":\"n\",\"text\":\"%s\",\"spans\":[{\"start\":2,\"end\":6,\"category\":\"NAME\"},"
                    .formatted(text)
                + "{\"start\":18,\"end\":25,\"category\":\"DRUG\"}]}");
    var review = AnnotationReview.of(first, second, null);
    // Words: the emoji, Mary, Grant, took, aspirin, the full stop; Grant alone differs.
    assertEquals(6, review.kappa().items());
    assertEquals(5, review.kappa().agreed());
    assertEquals(2, review.disagreements().size());
    assertEquals(1.0, review.categories().getFirst().f1());
    assertEquals(0.0, review.categories().getLast().f1());

    Path open = folder.resolve("open.jsonl");
    Adjudication.write(review.disagreements(), open);
    String written = Files.readString(open);
    assertTrue(written.contains("\"quote\":\"Mary Grant\""), written);
    var decided = new ArrayList<String>();
    for (String line : written.lines().toList()) {
      String answer = line.contains("Mary Grant\",\"context") ? "NAME" : "none";
      decided.add(line.replace("\"adjudicated\":\"\"", "\"adjudicated\":\"" + answer + "\""));
    }
    Files.write(open, decided);
    var gold = new JsonMapper().readTree(Adjudication.decided(review, open, "label"));
    assertEquals(2, gold.path("spans").size());
    assertEquals(2, gold.path("spans").path(0).path("start").asInt());
    assertEquals(12, gold.path("spans").path(0).path("end").asInt());
  }

  @Test
  void refusesFilesThatDoNotFit() throws IOException {
    Path first = file("a.csv", "id,label", "1,yes");
    Path other = file("b.csv", "id,label", "2,yes");
    var nothing = assertThrows(IOException.class, () -> AnnotationReview.of(first, other, "label"));
    assertTrue(nothing.getMessage().contains("no id in common"));
    Path twice = file("c.csv", "id,label", "1,yes", "1,no");
    var doubled = assertThrows(IOException.class, () -> AnnotationReview.of(first, twice, "label"));
    assertTrue(doubled.getMessage().contains("c.csv:3: the id stands there twice"));
    Path missing = file("d.csv", "id,label", "1,yes", "2,");
    var blank = assertThrows(IOException.class, () -> AnnotationReview.of(missing, first, "label"));
    assertTrue(blank.getMessage().contains("d.csv:3: no field label"), blank::getMessage);
    Path a = file("s.jsonl", "{\"id\":\"1\",\"text\":\"one\",\"spans\":[]}");
    Path b = file("t.jsonl", "{\"id\":\"1\",\"text\":\"two\",\"spans\":[]}");
    var texts = assertThrows(IOException.class, () -> AnnotationReview.of(a, b, null));
    assertTrue(texts.getMessage().contains("differs in both files"));
    Path nameless = file("u.jsonl", "{\"text\":\"one\",\"spans\":[]}");
    assertThrows(IOException.class, () -> AnnotationReview.of(nameless, b, null));
  }

  @Test
  void pagesAroundAllOthersDoNotHideThem() throws IOException {
    String page = "{\"start\":0,\"end\":9,\"category\":\"page\"}";
    String name = "{\"start\":0,\"end\":4,\"category\":\"NAME\"}";
    String line = "{\"id\":\"1\",\"text\":\"Mary came\",\"spans\":[%s]}";
    Path first = file("p.jsonl", line.formatted(page + "," + name));
    Path second = file("q.jsonl", line.formatted(page));
    var review = AnnotationReview.of(first, second, null);
    assertEquals(2, review.kappa().items());
    assertEquals(1, review.kappa().agreed());
    Path twice = file("r.jsonl", line.formatted(name + "," + name));
    var refused = assertThrows(IOException.class, () -> AnnotationReview.of(twice, second, null));
    assertTrue(refused.getMessage().contains("r.jsonl:1: two spans have the same bounds"));
  }
}
