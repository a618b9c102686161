package dev.galen.train.data;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * Parts a list by shares, such as 0.8, 0.1 and 0.1, or 8, 1 and 1. Every item is in one part, and
 * parts keep the list's order, as views of it. The same list, shares and seed make the same parts.
 * {@link Split#byHash} is for data that grow: there a record keeps its side.
 *
 * <pre>{@code
 * List<List<Example>> parts = Splits.stratified(examples, Example::key, 42, 0.8, 0.1, 0.1);
 * }</pre>
 */
public final class Splits {
  private Splits() {}

  /**
   * How many of {@code count} items each part gets: its share rounded down, and one more for those
   * with the largest remainders (the earlier part where they are equal) until all are given out, as
   * Hamilton's method has it. Shares count as the decimals that they are written as.
   *
   * @param shares of the parts, in any unit; at least one above 0
   */
  public static int[] sizes(int count, double... shares) {
    BigDecimal[] exact = exact(shares);
    BigDecimal sum = Arrays.stream(exact).reduce(BigDecimal.ZERO, BigDecimal::add);
    if (count < 0 || sum.signum() == 0) {
      throw new IllegalArgumentException(
          "%d items in shares of %s; expected at least one share above 0"
              .formatted(count, Arrays.toString(shares)));
    }
    var sizes = new int[exact.length];
    var remainders = new BigDecimal[exact.length];
    int given = 0;
    for (int part = 0; part < exact.length; part++) {
      BigDecimal[] both = exact[part].multiply(BigDecimal.valueOf(count)).divideAndRemainder(sum);
      sizes[part] = both[0].intValueExact();
      remainders[part] = both[1];
      given += sizes[part];
    }
    for (int part : descending(remainders)) {
      if (given < count) {
        sizes[part]++;
        given++;
      }
    }
    return sizes;
  }

  private static BigDecimal[] exact(double[] shares) {
    var exact = new BigDecimal[shares.length];
    for (int part = 0; part < shares.length; part++) {
      if (!(shares[part] >= 0 && shares[part] < Double.POSITIVE_INFINITY)) {
        throw new IllegalArgumentException(
            "share %d is %s, must be a number of at least 0".formatted(part, shares[part]));
      }
      exact[part] = BigDecimal.valueOf(shares[part]);
    }
    return exact;
  }

  private static <C extends Comparable<C>> List<Integer> descending(C[] values) {
    return IntStream.range(0, values.length)
        .boxed()
        .sorted((a, b) -> values[b].compareTo(values[a])) // stable
        .toList();
  }

  /** Parts at random, of exactly the {@link #sizes}. */
  public static <T> List<List<T>> random(List<? extends T> items, long seed, double... shares) {
    int[] order = Permutation.of(items.size(), seed);
    int[] sizes = sizes(items.size(), shares);
    var parts = new int[sizes.length][];
    for (int part = 0, from = 0; part < sizes.length; from += sizes[part++]) {
      parts[part] = Arrays.copyOfRange(order, from, from + sizes[part]);
    }
    return views(items, parts);
  }

  /**
   * Parts that have each class in the shares, too: parts have exactly the {@link #sizes}, and of
   * each class the nearest whole number below or above its share.
   *
   * @param classOf an item's class
   */
  public static <T> List<List<T>> stratified(
      List<? extends T> items, Function<? super T, ?> classOf, long seed, double... shares) {
    int[][] classes = Groups.of(items, classOf);
    int[] room = sizes(items.size(), shares);
    var counts = new int[classes.length][];
    var left = new int[classes.length];
    for (int c = 0; c < classes.length; c++) {
      counts[c] = floors(classes[c].length, shares);
      left[c] = classes[c].length - Arrays.stream(counts[c]).sum();
      for (int part = 0; part < room.length; part++) {
        room[part] -= counts[c][part];
      }
    }
    // Those with most to give first, each to the parts with the most room: if the rest can be given
    // out with one of a class to a part at most, this does it (Gale and Ryser).
    Integer[] most = IntStream.range(0, left.length).boxed().toArray(Integer[]::new);
    Arrays.sort(most, (a, b) -> Integer.compare(left[b], left[a]));
    for (int c : most) {
      while (left[c] > 0) {
        for (int part : descending(Arrays.stream(room).boxed().toArray(Integer[]::new))) {
          if (left[c] > 0 && room[part] > 0) {
            counts[c][part]++;
            room[part]--;
            left[c]--;
          }
        }
      }
    }
    int[] order = Groups.shuffledWithin(classes, seed);
    return views(items, dealt(order, counts));
  }

  private static int[] floors(int count, double[] shares) {
    BigDecimal[] exact = exact(shares);
    BigDecimal sum = Arrays.stream(exact).reduce(BigDecimal.ZERO, BigDecimal::add);
    return Arrays.stream(exact)
        .mapToInt(
            share ->
                share.multiply(BigDecimal.valueOf(count)).divideToIntegralValue(sum).intValue())
        .toArray();
  }

  /** Gives each part its number of each class from the row of all classes. */
  private static int[][] dealt(int[] order, int[][] counts) {
    int parts = counts.length == 0 ? 0 : counts[0].length;
    var places = new IntStream.Builder[parts];
    Arrays.setAll(places, part -> IntStream.builder());
    int next = 0;
    for (int[] ofClass : counts) {
      for (int part = 0; part < parts; part++) {
        for (int i = 0; i < ofClass[part]; i++) {
          places[part].add(order[next++]);
        }
      }
    }
    return Arrays.stream(places).map(b -> b.build().toArray()).toArray(int[][]::new);
  }

  /**
   * Parts that divide no group, such as the notes of one patient: large groups first, each to the
   * part that lacks most of its size. Sizes are as near to {@link #sizes} as that comes.
   *
   * @param groupOf what must stay together
   */
  public static <T> List<List<T>> grouped(
      List<? extends T> items, Function<? super T, ?> groupOf, long seed, double... shares) {
    int[] room = sizes(items.size(), shares);
    var places = new IntStream.Builder[room.length];
    Arrays.setAll(places, part -> IntStream.builder());
    for (int[] group : Groups.largestFirst(Groups.of(items, groupOf), seed)) {
      int emptiest = 0;
      for (int part = 1; part < room.length; part++) {
        emptiest = room[part] > room[emptiest] ? part : emptiest;
      }
      room[emptiest] -= group.length;
      for (int place : group) {
        places[emptiest].add(place);
      }
    }
    return views(items, Arrays.stream(places).map(b -> b.build().toArray()).toArray(int[][]::new));
  }

  /** The parts with their items in the list's order. */
  static <T> List<List<T>> views(List<? extends T> items, int[][] parts) {
    var views = new ArrayList<List<T>>();
    for (int[] part : parts) {
      Arrays.sort(part);
      views.add(Selected.of(items, part));
    }
    return List.copyOf(views);
  }
}
