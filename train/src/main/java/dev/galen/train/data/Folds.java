package dev.galen.train.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * Cross-validation: k folds, each of which tests on its part and trains on the others. Every item
 * is in one test part; both keep the list's order, as views of it.
 */
public final class Folds {
  private Folds() {}

  /**
   * One fold.
   *
   * @param train what the other folds test on
   * @param test this fold's part
   */
  public record Fold<T>(List<T> train, List<T> test) {}

  /**
   * Folds at random, whose sizes differ by one at most.
   *
   * @param k how many, from 2 to the number of items
   */
  public static <T> List<Fold<T>> random(List<? extends T> items, int k, long seed) {
    requireFolds(k, items.size(), "items");
    return folds(items, dealt(Permutation.of(items.size(), seed), k));
  }

  /**
   * Folds that have as many of each class as of each other, or one more or less, and sizes that
   * differ by one at most.
   *
   * @param classOf an item's class; a class of fewer than k items is missing in some folds
   */
  public static <T> List<Fold<T>> stratified(
      List<? extends T> items, Function<? super T, ?> classOf, int k, long seed) {
    requireFolds(k, items.size(), "items");
    int[] order = Groups.shuffledWithin(Groups.of(items, classOf), seed);
    return folds(items, dealt(order, k));
  }

  /**
   * Folds that divide no group: large groups first, each to the fold with the fewest items so far.
   *
   * @param groupOf what must stay together; there must be k groups at least
   */
  public static <T> List<Fold<T>> grouped(
      List<? extends T> items, Function<? super T, ?> groupOf, int k, long seed) {
    int[][] groups = Groups.largestFirst(Groups.of(items, groupOf), seed);
    requireFolds(k, groups.length, "groups");
    var places = new IntStream.Builder[k];
    Arrays.setAll(places, fold -> IntStream.builder());
    var sizes = new int[k];
    for (int[] group : groups) {
      int smallest = 0;
      for (int fold = 1; fold < k; fold++) {
        smallest = sizes[fold] < sizes[smallest] ? fold : smallest;
      }
      sizes[smallest] += group.length;
      for (int place : group) {
        places[smallest].add(place);
      }
    }
    return folds(items, Arrays.stream(places).map(b -> b.build().toArray()).toArray(int[][]::new));
  }

  private static void requireFolds(int k, int count, String of) {
    if (k < 2 || k > count) {
      throw new IllegalArgumentException(
          "%d folds of %d %s; expected from 2 to as many as there are".formatted(k, count, of));
    }
  }

  /** One to each fold in turn. */
  private static int[][] dealt(int[] order, int k) {
    var parts = new int[k][];
    for (int fold = 0; fold < k; fold++) {
      parts[fold] = new int[Math.ceilDiv(order.length - fold, k)];
    }
    for (int i = 0; i < order.length; i++) {
      parts[i % k][i / k] = order[i];
    }
    return parts;
  }

  private static <T> List<Fold<T>> folds(List<? extends T> items, int[][] tests) {
    var folds = new ArrayList<Fold<T>>();
    for (int[] test : tests) {
      var tested = new boolean[items.size()];
      for (int place : test) {
        tested[place] = true;
      }
      int[] train = IntStream.range(0, tested.length).filter(i -> !tested[i]).toArray();
      Arrays.sort(test);
      folds.add(new Fold<>(Selected.of(items, train), Selected.of(items, test)));
    }
    return List.copyOf(folds);
  }
}
