package dev.galen.train.metrics;

import static dev.galen.train.metrics.Fixtures.assertClose;
import static dev.galen.train.metrics.Fixtures.strings;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import dev.galen.train.text.PythonText;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** White space, words and scores as Python has them, character by character. */
class PythonTextTest {

  private static JsonNode fixture() throws IOException {
    return Fixtures.read("python_text.json");
  }

  @Test
  void theSameCharactersAreSpaces() throws IOException {
    var spaces = Fixtures.list(fixture().required("spaces"), JsonNode::asInt);
    for (int c = 0; c <= Character.MAX_CODE_POINT; c++) {
      assertEquals(spaces.contains(c), PythonText.isSpace(c), Integer.toHexString(c));
    }
  }

  @Test
  void textIsCutAtTheSamePlaces() throws IOException {
    for (JsonNode expected : fixture().required("cases")) {
      String text = expected.required("text").asText();
      String message = expected.toString();
      assertEquals(strings(expected.required("split")), Bleu.words(text), message);
      assertEquals(expected.required("strip").asText(), PythonText.strip(text), message);
      assertEquals(expected.required("rstrip").asText(), PythonText.stripTrailing(text), message);
      assertEquals(expected.required("split").isEmpty(), PythonText.isBlank(text), message);
      assertEquals(strings(expected.required("tokens13a")), SacreBleu.tokenize(text), message);
      assertEquals(strings(expected.required("rouge")), Rouge.tokenize(text, false), message);
      assertEquals(strings(expected.required("rougeStemmed")), Rouge.tokenize(text, true), message);
    }
  }

  @Test
  void theScoresAreTheSame() throws IOException {
    for (JsonNode expected : fixture().required("cases")) {
      String text = expected.required("text").asText();
      String reference = expected.required("reference").asText();
      double bleu =
          Bleu.sentence(
              List.of(Bleu.words(reference)),
              Bleu.words(text),
              Bleu.uniformWeights(4),
              Smoothing.METHOD_1);
      assertClose(expected.required("bleu").asDouble(), bleu, expected.toString());
      double sacre = SacreBleu.sentence(List.of(reference), text).score();
      assertClose(expected.required("sacrebleu").asDouble(), sacre, expected.toString());
    }
  }
}
