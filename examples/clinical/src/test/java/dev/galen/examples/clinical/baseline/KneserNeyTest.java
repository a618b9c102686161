package dev.galen.examples.clinical.baseline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.galen.train.metrics.Perplexity;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class KneserNeyTest {
  private static final double ROUNDING = 1e-12;

  /** Texts 0 1 2 0 and 0 1 3 0 over five tokens, worked out by hand. */
  @Test
  void hasTheProbabilitiesOfTheFormula() {
    var model = KneserNey.of(List.of(new int[] {0, 1, 2, 0}, new int[] {0, 1, 3, 0}), 5);
    // Trigrams: (start 0 1) twice; (0 1 2), (0 1 3), (1 2 0), (1 3 0) once: D3 = 4 / (4 + 2) = 2/3.
    // Pairs with how many different tokens before: 01, 12, 13, 20, 30 one each: D2 = 1.
    // Words with how many different words before: 1, 2, 3 one, 0 two: D1 = 3 / (3 + 2) = 3/5.
    double zero = (2 - 0.6 + 0.6 * 4 / 5) / 5;
    double two = (1 - 0.6 + 0.6 * 4 / 5) / 5;
    double four = 0.6 * 4 / 5 / 5;
    assertEquals(four, model.probability(4, 4, 4), ROUNDING, "neither context was seen");
    double afterOne = (0 + 1 * 2 * two) / 2;
    assertEquals(afterOne, model.probability(4, 1, 2), ROUNDING, "the pair alone was seen");
    double known = (1 - 2.0 / 3 + 2.0 / 3 * 2 * afterOne) / 2;
    assertEquals(known, model.probability(0, 1, 2), ROUNDING);
    double back = (2.0 / 3) * (0 + 1 * 1 * zero) + (1 - 2.0 / 3);
    assertEquals(back, model.probability(1, 2, 0), ROUNDING);
    Perplexity measured = model.score(List.of(new int[] {4, 4, 4}, new int[] {3}));
    assertEquals(2, measured.tokens());
    assertEquals(-Math.log(four), measured.loss(), ROUNDING);
  }

  @Test
  void sumsToOneInEveryContext() {
    var random = new Random(5);
    var texts = new int[30][];
    for (int i = 0; i < texts.length; i++) {
      texts[i] = random.ints(40, 0, 12).map(x -> x * x / 12).toArray();
    }
    var model = KneserNey.of(List.of(texts), 15);
    for (int first = -1; first < 15; first++) {
      for (int second = 0; second < 15; second++) {
        double sum = 0;
        for (int third = 0; third < 15; third++) {
          double p = model.probability(first, second, third);
          assertTrue(p > 0, "every token can follow");
          sum += p;
        }
        assertEquals(1, sum, 1e-9);
      }
    }
  }

  @Test
  void sumsToOneInEveryOrder() {
    var random = new Random(6);
    var texts = new int[20][];
    for (int i = 0; i < texts.length; i++) {
      texts[i] = random.ints(60, 0, 4).toArray();
    }
    for (int order = 1; order <= 5; order++) {
      var model = KneserNey.of(List.of(texts), 6, order);
      for (int at = 1; at < 8; at++) {
        int[] text = texts[3].clone();
        double sum = 0;
        for (int token = 0; token < 6; token++) {
          text[at] = token;
          sum += model.probability(text, at);
        }
        assertEquals(1, sum, 1e-9, "order " + order + " at " + at);
      }
    }
    assertThrows(IllegalArgumentException.class, () -> KneserNey.of(List.of(texts), 6, 9));
  }

  /** A text repeated: the longer the run, the surer what follows. */
  @Test
  void longerRunsKnowMore() {
    var random = new Random(7);
    int[] text = random.ints(200, 0, 5).toArray();
    var texts = List.of(text, text, text);
    double before = Double.POSITIVE_INFINITY;
    for (int order = 1; order <= 4; order++) {
      double loss = KneserNey.of(texts, 5, order).score(texts).loss();
      assertTrue(loss < before, "order " + order + ": " + loss);
      before = loss;
    }
  }

  @Test
  void refusesTextsOfOneToken() {
    assertThrows(IllegalArgumentException.class, () -> KneserNey.of(List.of(new int[] {1}), 5));
  }
}
