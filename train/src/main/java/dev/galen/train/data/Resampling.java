package dev.galen.train.data;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * Takes items more or less often than once, so that rare classes are learned, too. For training
 * alone: part the data first, or copies of one item stand on both sides. Results are views.
 */
public final class Resampling {
  private Resampling() {}

  /**
   * As many of each class as the largest has: all of its items as often as that goes into it, and a
   * random choice without repetition for the rest. The items stand in the list's order, the copies
   * behind them.
   *
   * @param classOf an item's class
   */
  public static <T> List<T> oversampled(
      List<? extends T> items, Function<? super T, ?> classOf, long seed) {
    int[][] classes = Groups.of(items, classOf);
    int most = Arrays.stream(classes).mapToInt(c -> c.length).max().orElse(0);
    var random = new SplittableRandom(seed);
    var copies = IntStream.builder();
    for (int[] ofClass : classes) {
      for (int missing = most - ofClass.length; missing > 0; missing -= ofClass.length) {
        int[] once = ofClass.clone();
        Permutation.shuffle(once, random);
        Arrays.stream(once, 0, Math.min(missing, once.length)).forEach(copies::add);
      }
    }
    return Selected.of(
        items, IntStream.concat(IntStream.range(0, items.size()), copies.build()).toArray());
  }

  /**
   * As many of each class as the smallest has, chosen at random, in the list's order.
   *
   * @param classOf an item's class
   */
  public static <T> List<T> undersampled(
      List<? extends T> items, Function<? super T, ?> classOf, long seed) {
    int[][] classes = Groups.of(items, classOf);
    int least = Arrays.stream(classes).mapToInt(c -> c.length).min().orElse(0);
    var random = new SplittableRandom(seed);
    var kept = IntStream.builder();
    for (int[] ofClass : classes) {
      Permutation.shuffle(ofClass, random);
      Arrays.stream(ofClass, 0, least).forEach(kept::add);
    }
    return Selected.of(items, kept.build().sorted().toArray());
  }

  /**
   * Items that are drawn independently, each with the probability of its weight's share of all, and
   * put back: PyTorch's {@code WeightedRandomSampler} with replacement.
   *
   * @param weightOf 0 for one that is never drawn
   * @param count how many are drawn
   */
  public static <T> List<T> weighted(
      List<? extends T> items, ToDoubleFunction<? super T> weightOf, int count, long seed) {
    var sums = new double[items.size()];
    double sum = 0;
    int last = -1;
    for (int i = 0; i < sums.length; i++) {
      double weight = weightOf.applyAsDouble(items.get(i));
      if (!(weight >= 0 && weight < Double.POSITIVE_INFINITY)) {
        throw new IllegalArgumentException(
            "the weight of item %d is %s, must be a number of at least 0".formatted(i, weight));
      }
      last = weight > 0 ? i : last;
      sum += weight;
      sums[i] = sum;
    }
    if (last < 0 || count < 0) {
      throw new IllegalArgumentException(
          "%d draws of %d items; expected at least 0 draws, and a weight above 0"
              .formatted(count, sums.length));
    }
    var random = new SplittableRandom(seed);
    var drawn = new int[count];
    for (int i = 0; i < count; i++) {
      drawn[i] = Math.min(last, behind(sums, random.nextDouble() * sum));
    }
    return Selected.of(items, drawn);
  }

  /** The first place whose sum is greater than {@code value}. */
  private static int behind(double[] sums, double value) {
    int from = 0;
    int to = sums.length;
    while (from < to) {
      int middle = (from + to) >>> 1;
      if (sums[middle] > value) {
        to = middle;
      } else {
        from = middle + 1;
      }
    }
    return from;
  }

  /**
   * Items drawn so that every class is as likely as each other, as many as there are.
   *
   * @param classOf an item's class
   */
  public static <T> List<T> balanced(
      List<? extends T> items, Function<? super T, ?> classOf, long seed) {
    var weights = new double[items.size()];
    for (int[] ofClass : Groups.of(items, classOf)) {
      for (int place : ofClass) {
        weights[place] = 1.0 / ofClass.length;
      }
    }
    List<Integer> places = IntStream.range(0, weights.length).boxed().toList();
    List<Integer> drawn = weighted(places, place -> weights[place], weights.length, seed);
    return Selected.of(items, drawn.stream().mapToInt(Integer::intValue).toArray());
  }
}
