package dev.galen.train.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ResamplingTest {
  private static final List<Integer> ITEMS = IntStream.range(0, 20).boxed().toList();

  /** Of 0 there are 14, of 1 four, of 2 two. */
  private static final Function<Integer, Integer> CLASS = i -> i < 14 ? 0 : i < 18 ? 1 : 2;

  @Test
  void oversampledClassesAreAsLargeAsTheLargest() {
    List<Integer> all = Resampling.oversampled(ITEMS, CLASS, 1);
    assertEquals(Map.of(0, 14, 1, 14, 2, 14), SplitsTest.counts(all, CLASS));
    assertEquals(ITEMS, all.subList(0, 20));
    Map<Integer, Integer> times = SplitsTest.counts(all, i -> i);
    for (int i : ITEMS) {
      int least = i < 14 ? 1 : i < 18 ? 3 : 7;
      assertTrue(times.get(i) >= least && times.get(i) <= least + (i < 14 ? 0 : 1), times + "");
    }
    assertEquals(all, Resampling.oversampled(ITEMS, CLASS, 1));
    assertNotEquals(all, Resampling.oversampled(ITEMS, CLASS, 2));
  }

  @Test
  void undersampledClassesAreAsSmallAsTheSmallest() {
    List<Integer> some = Resampling.undersampled(ITEMS, CLASS, 1);
    assertEquals(Map.of(0, 2, 1, 2, 2, 2), SplitsTest.counts(some, CLASS));
    assertEquals(some.stream().sorted().distinct().toList(), some);
    assertNotEquals(some, Resampling.undersampled(ITEMS, CLASS, 3));
  }

  @Test
  void weightsAreProbabilities() {
    List<Integer> drawn = Resampling.weighted(ITEMS, i -> i < 4 ? i : 0, 60_000, 5);
    Map<Integer, Integer> times = SplitsTest.counts(drawn, i -> i);
    assertEquals(3, times.size());
    for (int i = 1; i < 4; i++) {
      assertEquals(i * 10_000, times.get(i), 500); // over 4 standard deviations
    }
    assertEquals(drawn, Resampling.weighted(ITEMS, i -> i < 4 ? i : 0, 60_000, 5));
    assertTrue(Resampling.weighted(ITEMS, i -> 1, 0, 5).isEmpty());
    for (double weight : new double[] {-1, Double.NaN, Double.POSITIVE_INFINITY, 0}) {
      assertThrows(
          IllegalArgumentException.class, () -> Resampling.weighted(ITEMS, i -> weight, 3, 5));
    }
  }

  @Test
  void balancedDrawsEachClassAsOften() {
    List<Integer> many = IntStream.range(0, 9000).boxed().toList();
    Function<Integer, Integer> classOf = i -> i % 90 == 0 ? 1 : 0;
    List<Integer> drawn = Resampling.balanced(many, classOf, 4);
    assertEquals(9000, drawn.size());
    assertEquals(4500, SplitsTest.counts(drawn, classOf).get(1), 250);
  }

  @Test
  void encodedSequencesAreSelectedWithoutCopies() {
    var builder = TokenSequences.builder(100);
    for (int i = 0; i < 6; i++) {
      builder.add(TokenSequence.classified(new int[i + 1], i % 3 == 0 ? 0 : 1, 0));
    }
    TokenSequences sequences = builder.build().byLength();
    List<TokenSequence> more = Resampling.oversampled(sequences, s -> s.labels()[0], 2);
    assertTrue(more instanceof TokenSequences);
    assertEquals(8, more.size());
    assertEquals(4, more.stream().filter(s -> s.labels()[0] == 0).count());
    assertEquals(5, sequences.select(4, 0, 4).getFirst().length());
    assertThrows(IndexOutOfBoundsException.class, () -> sequences.select(6));
  }
}
