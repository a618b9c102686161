package dev.galen.train.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SplitsTest {
  private static List<Integer> upTo(int count) {
    return IntStream.range(0, count).boxed().toList();
  }

  /** Every item is in one part, and parts keep the list's order. */
  private static void assertParts(List<Integer> items, List<List<Integer>> parts) {
    var all = new ArrayList<Integer>();
    for (List<Integer> part : parts) {
      assertEquals(part.stream().sorted().toList(), part);
      all.addAll(part);
    }
    assertEquals(items, all.stream().sorted().toList());
  }

  static Map<Integer, Integer> counts(List<Integer> items, Function<Integer, Integer> classOf) {
    var counts = new HashMap<Integer, Integer>();
    items.forEach(item -> counts.merge(classOf.apply(item), 1, Integer::sum));
    return counts;
  }

  @Test
  void sizesAreThoseOfTheLargestRemainders() {
    assertArrayEquals(new int[] {8, 1, 1}, Splits.sizes(10, 0.8, 0.1, 0.1));
    assertArrayEquals(new int[] {9, 1, 1}, Splits.sizes(11, 8, 1, 1));
    assertArrayEquals(new int[] {5, 1}, Splits.sizes(6, 0.9, 0.1)); // 5.4 and 0.6
    assertArrayEquals(new int[] {2, 3, 5}, Splits.sizes(10, 0.15, 0.35, 0.5)); // equal remainders
    assertArrayEquals(new int[] {29, 71}, Splits.sizes(100, 0.29, 0.71));
    assertArrayEquals(new int[] {1, 0, 0}, Splits.sizes(1, 1, 1, 1));
    assertArrayEquals(new int[] {0, 0}, Splits.sizes(0, 0.5, 0.5));
    assertArrayEquals(new int[] {4, 0}, Splits.sizes(4, 1, 0));
    for (double[] shares : new double[][] {{}, {0, 0}, {-1, 2}, {Double.NaN}}) {
      assertThrows(IllegalArgumentException.class, () -> Splits.sizes(10, shares));
    }
  }

  @Test
  void partsAtRandomHaveExactSizesAndFollowTheSeed() {
    List<Integer> items = upTo(103);
    List<List<Integer>> parts = Splits.random(items, 7, 0.7, 0.2, 0.1);
    assertParts(items, parts);
    assertEquals(List.of(72, 21, 10), parts.stream().map(List::size).toList());
    assertEquals(parts, Splits.random(items, 7, 0.7, 0.2, 0.1));
    assertNotEquals(parts, Splits.random(items, 8, 0.7, 0.2, 0.1));
  }

  @Test
  void stratifiedPartsHaveEachClassInItsShare() {
    var random = new SplittableRandom(1);
    for (int run = 0; run < 300; run++) {
      int classes = 1 + random.nextInt(9);
      List<Integer> items = upTo(random.nextInt(120));
      var classOf = new int[items.size()];
      for (int i = 0; i < classOf.length; i++) {
        classOf[i] = random.nextInt(classes);
      }
      double[] shares = new double[1 + random.nextInt(4)];
      double sum = 0;
      for (int part = 0; part < shares.length; part++) {
        shares[part] = 1 + random.nextInt(10);
        sum += shares[part];
      }
      List<List<Integer>> parts = Splits.stratified(items, i -> classOf[i], run, shares);
      if (items.isEmpty()) {
        continue;
      }
      assertParts(items, parts);
      int[] sizes = Splits.sizes(items.size(), shares);
      Map<Integer, Integer> all = counts(items, i -> classOf[i]);
      for (int part = 0; part < shares.length; part++) {
        assertEquals(sizes[part], parts.get(part).size());
        Map<Integer, Integer> own = counts(parts.get(part), i -> classOf[i]);
        for (var entry : all.entrySet()) {
          double wanted = entry.getValue() * shares[part] / sum;
          double difference = own.getOrDefault(entry.getKey(), 0) - wanted;
          assertTrue(Math.abs(difference) <= 1, run + ": " + difference);
        }
      }
    }
  }

  @Test
  void groupsAreNeverDivided() {
    List<Integer> items = upTo(200);
    List<List<Integer>> parts = Splits.grouped(items, i -> i * 7 % 31, 3, 0.8, 0.1, 0.1);
    assertParts(items, parts);
    var seen = new HashSet<Integer>();
    for (List<Integer> part : parts) {
      Set<Integer> groups = counts(part, i -> i * 7 % 31).keySet();
      groups.forEach(group -> assertTrue(seen.add(group)));
    }
    assertTrue(Math.abs(parts.get(0).size() - 160) <= 7, parts.get(0).size() + "");
    assertNotEquals(parts, Splits.grouped(items, i -> i * 7 % 31, 4, 0.8, 0.1, 0.1));
    var fault =
        assertThrows(
            IllegalArgumentException.class,
            () -> Splits.grouped(items, i -> i == 3 ? null : i, 3, 1, 1));
    assertEquals("item 3 has no group; expected one of each item", fault.getMessage());
  }

  @Test
  void foldsTestEveryItemOnce() {
    List<Integer> items = upTo(47);
    for (int k : new int[] {2, 5, 47}) {
      List<Folds.Fold<Integer>> folds = Folds.random(items, k, 9);
      assertFolds(items, folds, k);
      int least = folds.stream().mapToInt(fold -> fold.test().size()).min().orElseThrow();
      folds.forEach(fold -> assertTrue(fold.test().size() <= least + 1));
    }
    assertEquals(Folds.random(items, 5, 9), Folds.random(items, 5, 9));
    assertNotEquals(Folds.random(items, 5, 9), Folds.random(items, 5, 10));
    assertThrows(IllegalArgumentException.class, () -> Folds.random(items, 1, 9));
    assertThrows(IllegalArgumentException.class, () -> Folds.random(items, 48, 9));
  }

  private static void assertFolds(List<Integer> items, List<Folds.Fold<Integer>> folds, int k) {
    assertEquals(k, folds.size());
    assertParts(items, folds.stream().map(Folds.Fold::test).toList());
    folds.forEach(fold -> assertParts(items, List.of(fold.train(), fold.test())));
  }

  @Test
  void stratifiedFoldsDifferByOneInEachClass() {
    var random = new SplittableRandom(2);
    for (int run = 0; run < 200; run++) {
      int k = 2 + random.nextInt(6);
      List<Integer> items = upTo(k + random.nextInt(80));
      int classes = 1 + random.nextInt(7);
      Function<Integer, Integer> classOf = i -> i * i % classes;
      List<Folds.Fold<Integer>> folds = Folds.stratified(items, classOf, k, run);
      assertFolds(items, folds, k);
      assertWithinOne(folds.stream().map(fold -> fold.test().size()).toList());
      for (int c : counts(items, classOf).keySet()) {
        assertWithinOne(
            folds.stream().map(f -> counts(f.test(), classOf).getOrDefault(c, 0)).toList());
      }
    }
  }

  private static void assertWithinOne(List<Integer> sizes) {
    int least = sizes.stream().mapToInt(i -> i).min().orElseThrow();
    assertTrue(sizes.stream().allMatch(size -> size <= least + 1), sizes.toString());
  }

  @Test
  void groupedFoldsDivideNoGroup() {
    List<Integer> items = upTo(100);
    Function<Integer, Integer> groupOf = i -> (int) Math.sqrt(i); // of 1, 3, 5, ... 19 items
    List<Folds.Fold<Integer>> folds = Folds.grouped(items, groupOf, 4, 5);
    assertFolds(items, folds, 4);
    for (Folds.Fold<Integer> fold : folds) {
      Set<Integer> tested = counts(fold.test(), groupOf).keySet();
      assertTrue(counts(fold.train(), groupOf).keySet().stream().noneMatch(tested::contains));
      assertEquals(25, fold.test().size(), 4);
    }
    assertThrows(IllegalArgumentException.class, () -> Folds.grouped(items, groupOf, 11, 5));
  }
}
