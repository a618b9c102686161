package dev.galen.examples.clinical.augment;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Function;

/**
 * Subsets of training items for a learning curve: each holds all smaller ones, and has each class
 * in its share, as nearly as whole items allow. The same items, classes and seed give the same
 * subsets.
 */
public final class LearningCurve {
  /** A tenth, a quarter, a half and all. */
  public static final List<Double> SHARES = List.of(0.1, 0.25, 0.5, 1.0);

  /** The same without all. */
  public static final List<Double> PARTS = SHARES.subList(0, SHARES.size() - 1);

  private LearningCurve() {}

  /**
   * The places of items in the order in which subsets take them: the first n are the subset of n.
   *
   * @param classOf an item's class; equal for all where there are none
   */
  public static <T> int[] order(
      List<? extends T> items, Function<? super T, ?> classOf, long seed) {
    Map<Object, List<Integer>> classes = new LinkedHashMap<>();
    for (int i = 0; i < items.size(); i++) {
      classes.computeIfAbsent(classOf.apply(items.get(i)), c -> new ArrayList<>()).add(i);
    }
    var random = new SplittableRandom(seed);
    var ranks = new double[items.size()];
    for (List<Integer> places : classes.values()) {
      int[] shuffled = places.stream().mapToInt(Integer::intValue).toArray();
      for (int i = shuffled.length - 1; i > 0; i--) {
        int other = random.nextInt(i + 1);
        int kept = shuffled[i];
        shuffled[i] = shuffled[other];
        shuffled[other] = kept;
      }
      // The k-th of a class of n comes when the share (k + 1/2) / n of all has been taken.
      for (int k = 0; k < shuffled.length; k++) {
        ranks[shuffled[k]] = (k + 0.5) / shuffled.length;
      }
    }
    Integer[] order = new Integer[items.size()];
    Arrays.setAll(order, i -> i);
    Arrays.sort(order, Comparator.comparingDouble(i -> ranks[i]));
    return Arrays.stream(order).mapToInt(Integer::intValue).toArray();
  }

  /** How many items a share of them is, at least one of any. */
  public static int size(int count, double share) {
    if (!(share > 0 && share <= 1)) {
      throw new IllegalArgumentException("share is " + share + ", must be in (0, 1]");
    }
    return count == 0 ? 0 : Math.max(1, (int) Math.round(share * count));
  }

  /**
   * A subset for each share, in the items' order.
   *
   * @param shares in (0, 1], such as {@link #SHARES}
   */
  public static <T> List<List<T>> subsets(
      List<? extends T> items, Function<? super T, ?> classOf, long seed, List<Double> shares) {
    int[] order = order(items, classOf, seed);
    List<List<T>> subsets = new ArrayList<>();
    for (double share : shares) {
      int[] places = Arrays.copyOf(order, size(items.size(), share));
      Arrays.sort(places);
      List<T> subset = new ArrayList<>(places.length);
      for (int place : places) {
        subset.add(items.get(place));
      }
      subsets.add(List.copyOf(subset));
    }
    return subsets;
  }
}
