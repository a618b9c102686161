package dev.galen.train.metrics;

import static dev.galen.train.metrics.Fixtures.assertClose;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class BleuTest {

  private static final double[] BLEU_4 = Bleu.uniformWeights(4);

  @Test
  void everySmoothingEqualsNltk() throws IOException {
    int scored = 0;
    int refused = 0;
    for (var corpus : Fixtures.own("bleu")) {
      var references =
          Fixtures.list(
              corpus.required("references"),
              texts -> Fixtures.list(texts, text -> Fixtures.words(text.asText())));
      var hypotheses =
          Fixtures.list(corpus.required("hypotheses"), text -> Fixtures.words(text.asText()));
      var weights = Fixtures.doubles(corpus.required("weights"));
      for (var smoothing : Smoothing.values()) {
        var expected = corpus.required("scores").get(smoothing.ordinal());
        if (expected.isNull()) {
          assertThrows(
              IllegalArgumentException.class,
              () -> Bleu.corpus(references, hypotheses, weights, smoothing),
              corpus::toString);
          refused++;
        } else {
          double actual = Bleu.corpus(references, hypotheses, weights, smoothing);
          assertClose(expected.asDouble(), actual, smoothing + " of " + corpus);
          scored++;
        }
      }
    }
    assertTrue(scored > 400 && refused > 10, scored + " scored, " + refused + " refused");
  }

  @Test
  void sentenceIsACorpusOfOne() {
    var references = List.of(Fixtures.words("a b c d e f"), Fixtures.words("a b c x"));
    var hypothesis = Fixtures.words("a b c d");
    assertEquals(
        Bleu.corpus(List.of(references), List.of(hypothesis), BLEU_4, Smoothing.METHOD_1),
        Bleu.sentence(references, hypothesis, BLEU_4, Smoothing.METHOD_1));
  }

  @Test
  void matchesAreClippedByTheReference() {
    var reference = List.of(Fixtures.words("the cat is on the mat"));
    var hypothesis = Fixtures.words("the the the the the the the");
    double score = Bleu.sentence(reference, hypothesis, new double[] {1}, Smoothing.METHOD_0);
    assertClose(2.0 / 7, score, "the example of the paper");
  }

  @Test
  void refusesWhatHasNoScore() {
    var words = List.of("a");
    assertMessage(
        "at least one, but got 0 lists of references and 0 hypotheses",
        () -> Bleu.corpus(List.of(), List.of(), BLEU_4, Smoothing.METHOD_0));
    assertMessage(
        "got 1 lists of references and 2 hypotheses",
        () ->
            Bleu.corpus(
                List.of(List.of(words)), List.of(words, words), BLEU_4, Smoothing.METHOD_0));
    assertMessage(
        "hypothesis 0 has no reference",
        () -> Bleu.sentence(List.of(), words, BLEU_4, Smoothing.METHOD_0));
    assertMessage(
        "at least one weight",
        () -> Bleu.sentence(List.of(words), words, new double[0], Smoothing.METHOD_0));
    assertMessage("got 0", () -> Bleu.uniformWeights(0));
  }

  private static void assertMessage(String part, Executable call) {
    var error = assertThrows(IllegalArgumentException.class, call);
    assertTrue(error.getMessage().contains(part), error.getMessage());
  }
}
