package dev.galen.train.data;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Function;

/** Which items of a list are of one kind: a class, a patient, a source. */
final class Groups {
  private Groups() {}

  /** The places of the items of each kind, ascending; kinds as they first occur. */
  static <T> int[][] of(List<? extends T> items, Function<? super T, ?> kindOf) {
    Map<Object, Integer> kinds = new LinkedHashMap<>();
    var kind = new int[items.size()];
    for (int i = 0; i < kind.length; i++) {
      Object value = kindOf.apply(items.get(i));
      if (value == null) {
        throw new IllegalArgumentException(
            "item " + i + " has no group; expected one of each item");
      }
      Integer known = kinds.putIfAbsent(value, kinds.size());
      kind[i] = known == null ? kinds.size() - 1 : known;
    }
    var counts = new int[kinds.size()];
    for (int one : kind) {
      counts[one]++;
    }
    var places = new int[counts.length][];
    Arrays.setAll(places, k -> new int[counts[k]]);
    Arrays.fill(counts, 0);
    for (int i = 0; i < kind.length; i++) {
      places[kind[i]][counts[kind[i]]++] = i;
    }
    return places;
  }

  /** Large groups first, those of one size in an order of the seed's. */
  static int[][] largestFirst(int[][] groups, long seed) {
    int[] order = Permutation.of(groups.length, seed);
    var sorted = new Integer[order.length];
    Arrays.setAll(sorted, i -> order[i]);
    Arrays.sort(sorted, (a, b) -> Integer.compare(groups[b].length, groups[a].length)); // stable
    var result = new int[groups.length][];
    Arrays.setAll(result, i -> groups[sorted[i]]);
    return result;
  }

  /** Each group's items in an order of their own, one group behind the other. */
  static int[] shuffledWithin(int[][] groups, long seed) {
    var random = new SplittableRandom(seed);
    int size = 0;
    for (int[] group : groups) {
      Permutation.shuffle(group, random);
      size += group.length;
    }
    var all = new int[size];
    int next = 0;
    for (int[] group : groups) {
      System.arraycopy(group, 0, all, next, group.length);
      next += group.length;
    }
    return all;
  }
}
