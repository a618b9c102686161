package dev.galen.train.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PerplexityTest {

  @Test
  void everyTokenWeighsTheSame() {
    var result =
        new Perplexity.Accumulator().add(6, 3).addMean(1, 1).add(0, 0).addMean(9, 0).result();
    assertEquals(new Perplexity(1.75, 4), result);
    assertEquals(Math.exp(1.75), result.perplexity());
  }

  @Test
  void aUniformModelIsAsPerplexedAsItHasChoices() {
    assertEquals(50_257, new Perplexity(Math.log(50_257), 10).perplexity(), 1e-6);
  }

  @Test
  void overflowsToInfinity() {
    assertTrue(new Perplexity(709.78, 1).perplexity() < Double.POSITIVE_INFINITY);
    assertEquals(Double.POSITIVE_INFINITY, new Perplexity(709.79, 1).perplexity());
    var impossible = new Perplexity.Accumulator().add(Double.POSITIVE_INFINITY, 2).result();
    assertEquals(Double.POSITIVE_INFINITY, impossible.loss());
  }

  @Test
  void refusesNoTokensAndNaN() {
    var none = new Perplexity.Accumulator();
    var error = assertThrows(IllegalArgumentException.class, none::result);
    assertTrue(error.getMessage().contains("0 tokens were scored"), error.getMessage());
    assertThrows(IllegalArgumentException.class, () -> none.add(Double.NaN, 1));
    assertThrows(IllegalArgumentException.class, () -> none.addMean(Double.NaN, 1));
    assertThrows(IllegalArgumentException.class, () -> none.add(1, 0));
    assertThrows(IllegalArgumentException.class, () -> none.add(1, -1));
    assertThrows(IllegalArgumentException.class, () -> new Perplexity(Double.NaN, 1));
  }

  @ParameterizedTest
  @CsvSource({
    "50, 16, 8",
    "50, 16, 16",
    "50, 16, 1",
    "16, 16, 4",
    "17, 16, 16",
    "1, 4, 2",
    "2, 4, 4"
  })
  void windowsScoreWhatTheyCanOnce(int length, int context, int stride) {
    int next = 0;
    for (var window : StridedWindow.plan(length, context, stride)) {
      assertTrue(window.end() - window.begin() <= context, window.toString());
      boolean overlaps = window.begin() < next;
      assertEquals(overlaps ? next : next + 1, window.firstScored(), window.toString());
      next = window.end();
    }
    assertEquals(length, next);
  }

  @Test
  void windowsHaveLimits() {
    assertEquals(0, StridedWindow.plan(0, 16, 8).size());
    assertEquals(1, StridedWindow.plan(5, Integer.MAX_VALUE, Integer.MAX_VALUE).size());
    assertThrows(IllegalArgumentException.class, () -> StridedWindow.plan(5, 1, 1));
    assertThrows(IllegalArgumentException.class, () -> StridedWindow.plan(5, 4, 5));
    assertThrows(IllegalArgumentException.class, () -> StridedWindow.plan(5, 4, 0));
    assertThrows(IllegalArgumentException.class, () -> StridedWindow.plan(-1, 4, 4));
  }
}
