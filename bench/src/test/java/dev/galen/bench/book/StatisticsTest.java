package dev.galen.bench.book;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class StatisticsTest {
  @Test
  void medianIsTheMiddleOfTheSorted() {
    assertEquals(3, Statistics.median(9, 1, 3));
    assertEquals(2.5, Statistics.median(4, 1, 3, 2));
    assertThrows(IllegalArgumentException.class, Statistics::median);
  }

  /** numpy.percentile([1, 2, 4, 8, 16], [25, 75]) is 2 and 8. */
  @Test
  void spreadIsTheQuartilesDistanceOverTheMedian() {
    assertEquals(6.0 / 4, Statistics.spread(16, 1, 2, 8, 4));
    assertEquals(0, Statistics.spread(7));
  }

  @Test
  void geometricMeanIsTheRootOfTheProduct() {
    assertEquals(4, Statistics.geometricMean(2, 8), 1e-12);
  }

  @Test
  void ratioIsAboveOneWhereOursIsBetter() {
    assertEquals(2, Unit.TOKENS_PER_SECOND.ratio(100, 50));
    assertEquals(2, Unit.MILLISECONDS.ratio(50, 100));
    assertEquals(250, Unit.MILLISECONDS.value(1, 0.25));
    assertEquals(3, Unit.GFLOP_PER_SECOND.value(6e9, 2));
  }

  @Test
  void stealIsThePartOfAllTicks() {
    Steal before = Steal.of("cpu  10 0 0 80 0 0 0 10 5 0");
    Steal after = Steal.of("cpu  20 0 0 140 0 0 0 40 9 0");
    assertEquals(0.3, after.since(before), 1e-12);
    assertEquals(0, after.since(after));
  }
}
