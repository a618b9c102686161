package dev.galen.train.metrics;

import static dev.galen.train.metrics.Fixtures.assertClose;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class RougeTest {

  @Test
  void equalsAnIndependentImplementation() throws IOException {
    for (var expected : Fixtures.own("rouge")) {
      var target = expected.required("target").asText();
      var prediction = expected.required("prediction").asText();
      boolean stem = expected.required("stem").asBoolean();
      var scores = Rouge.score(target, prediction, stem);
      assertScore(expected, "rouge1", scores.rouge1());
      assertScore(expected, "rouge2", scores.rouge2());
      assertScore(expected, "rouge3", Rouge.rougeN(target, prediction, 3, stem));
      assertScore(expected, "rougeL", scores.rougeL());
      assertScore(expected, "rougeLsum", Rouge.rougeLsum(target, prediction, stem));
      assertEquals(scores.rouge1(), Rouge.rougeN(target, prediction, 1, stem));
      assertEquals(scores.rougeL(), Rouge.rougeL(target, prediction, stem));
    }
  }

  @Test
  void tokenizerKeepsPlainLettersAndDigits() {
    assertEquals(
        List.of("m", "ni", "re", "s", "140", "90", "studies", "the"),
        Rouge.tokenize("  Ménière's 140/90\tSTUDIES: the ", false));
    assertEquals(List.of("studi", "tie"), Rouge.tokenize("studies Ties", true), "stemmed");
    assertEquals(List.of("was", "ill"), Rouge.tokenize("was ill", true), "too short to stem");
  }

  @Test
  void refusesNGramsOfNoWord() {
    var error =
        assertThrows(IllegalArgumentException.class, () -> Rouge.rougeN("a", "a", 0, false));
    assertEquals("ROUGE-N needs n-grams of at least 1 word, got n = 0", error.getMessage());
  }

  private static void assertScore(JsonNode expected, String type, Rouge.Score actual) {
    var values = Fixtures.doubles(expected.required(type));
    var message = type + " of " + expected;
    assertClose(values[0], actual.precision(), message);
    assertClose(values[1], actual.recall(), message);
    assertClose(values[2], actual.fmeasure(), message);
  }
}
