package dev.galen.model.generate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.galen.tensor.random.Philox;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class SamplerTest {
  private static final float OUT = Float.NEGATIVE_INFINITY;

  @Test
  void greedyTakesTheFirstOfEquals() {
    assertEquals(1, Sampler.greedy().pick(new float[] {-1, 4, 4, OUT, 3}));
    assertEquals(0, Sampler.greedy().pick(new float[] {-7}));
  }

  /**
   * Pearson's statistic of 200,000 draws stays below the quantile that one seed in 10,000 exceeds.
   */
  @Test
  void drawsFollowTheDistribution() {
    float[] logits = {0, 1, -2, 0.5f, OUT, -4, 2, -1, -1, OUT, 0.25f, -6};
    int draws = 200_000;
    var counts = new int[logits.length];
    var sampler = Sampler.from(new Philox(11));
    for (int i = 0; i < draws; i++) {
      counts[sampler.pick(logits)]++;
    }
    double[] probabilities = Logits.softmax(logits);
    double statistic = 0;
    int possible = 0;
    for (int id = 0; id < logits.length; id++) {
      double expected = draws * probabilities[id];
      if (expected == 0) {
        assertEquals(0, counts[id], "draws of the excluded token " + id);
      } else {
        statistic += Math.pow(counts[id] - expected, 2) / expected;
        possible++;
      }
    }
    double limit = chiSquareQuantile(possible - 1, 3.719);
    assertTrue(statistic < limit, "chi-square is " + statistic + ", limit " + limit);
  }

  /** Wilson and Hilferty's approximation, 1931. */
  private static double chiSquareQuantile(int degrees, double normalQuantile) {
    double variance = 2.0 / (9 * degrees);
    return degrees * Math.pow(1 - variance + normalQuantile * Math.sqrt(variance), 3);
  }

  @Test
  void aSeedDecidesTheDraws() {
    assertArrayEquals(draws(5), draws(5));
    assertTrue(IntStream.range(0, 50).anyMatch(i -> draws(5)[i] != draws(6)[i]));
  }

  private static int[] draws(long seed) {
    var sampler = Sampler.from(new Philox(seed));
    var logits = new float[100];
    return IntStream.range(0, 50).map(i -> sampler.pick(logits)).toArray();
  }

  @Test
  void oneDrawTakesOneCounter() {
    var random = new Philox(1);
    Sampler.from(random).pick(new float[1000]);
    assertEquals(1, random.offset());
  }

  @Test
  void damagedLogitsAreNamed() {
    float[] nan = {1, Float.NaN, 2};
    float[] infinite = {1, 2, Float.POSITIVE_INFINITY};
    for (Sampler sampler : new Sampler[] {Sampler.greedy(), Sampler.from(new Philox(1))}) {
      var first = assertThrows(IllegalArgumentException.class, () -> sampler.pick(nan));
      assertEquals(
          "the model's logit of token 1 is NaN; its weights are damaged", first.getMessage());
      var second = assertThrows(IllegalArgumentException.class, () -> sampler.pick(infinite));
      assertEquals(
          "the model's logit of token 2 is Infinity; its weights are damaged", second.getMessage());
    }
  }

  /** Where rules exclude every token there is none to pick, least of all the first. */
  @Test
  void aChoiceOfNothingIsRefused() {
    float[] none = {OUT, OUT, OUT};
    for (Sampler sampler : new Sampler[] {Sampler.greedy(), Sampler.from(new Philox(1))}) {
      var e = assertThrows(IllegalArgumentException.class, () -> sampler.pick(none));
      assertEquals(
          "no token is left to choose: the rules (suppressed tokens, bad words, n-grams, ends that"
              + " may not come yet) exclude all of them",
          e.getMessage());
    }
  }
}
