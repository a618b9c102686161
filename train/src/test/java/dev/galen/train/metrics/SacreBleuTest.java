package dev.galen.train.metrics;

import static dev.galen.train.metrics.Fixtures.assertClose;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class SacreBleuTest {

  @Test
  void equalsSacrebleu() throws IOException {
    for (var expected : Fixtures.own("sacrebleu")) {
      var references = Fixtures.list(expected.required("references"), Fixtures::strings);
      var hypotheses = Fixtures.strings(expected.required("hypotheses"));
      var actual =
          hypotheses.size() == 1
              ? SacreBleu.sentence(references.getFirst(), hypotheses.getFirst())
              : SacreBleu.corpus(references, hypotheses);
      var message = expected.toString();
      assertClose(expected.required("score").asDouble(), actual.score(), message);
      assertClose(expected.required("bp").asDouble(), actual.brevityPenalty(), message);
      var precisions = Fixtures.doubles(expected.required("precisions"));
      for (int i = 0; i < precisions.length; i++) {
        assertClose(precisions[i], actual.precisions().get(i), message);
      }
      assertEquals(
          Fixtures.list(expected.required("lengths"), n -> n.asLong()),
          List.of(actual.hypothesisLength(), actual.referenceLength()),
          message);
      assertEquals(
          Fixtures.list(expected.required("counts"), n -> n.asLong()), actual.counts(), message);
      assertEquals(
          Fixtures.list(expected.required("totals"), n -> n.asLong()), actual.totals(), message);
    }
  }

  @Test
  void tokenizesLike13a() throws IOException {
    for (var pair : Fixtures.own("tokens13a")) {
      var text = pair.get(0).asText();
      assertEquals(pair.get(1).asText(), String.join(" ", SacreBleu.tokenize(text)), text);
    }
  }

  @Test
  void anOrderLongerThanTheHypothesisZeroesOnlyACorpus() {
    var references = List.of("chest pain");
    assertEquals(0, SacreBleu.corpus(List.of(references), List.of("chest pain")).score());
    assertClose(100, SacreBleu.sentence(references, "chest pain").score(), "effective order");
  }

  @Test
  void refusesAnEmptyCorpus() {
    assertThrows(IllegalArgumentException.class, () -> SacreBleu.corpus(List.of(), List.of()));
  }
}
