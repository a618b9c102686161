package dev.galen.train.run;

import dev.galen.train.data.Example;
import dev.galen.train.data.Examples;
import dev.galen.train.data.Folds;
import dev.galen.train.data.Splits;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * Where the examples of both parts stand, ascending.
 *
 * @param train to learn
 * @param held to measure
 */
@SuppressWarnings("ArrayRecordComponent") // Carried, never compared.
record HeldOutPlaces(int[] train, int[] held) {

  /**
   * Those that a split at random gives.
   *
   * @param groups an example for each of {@code examples} whose key is its group; not looked at
   *     unless they are chosen by it
   */
  static HeldOutPlaces of(HeldOut wanted, Examples examples, Examples.Source groups, long seed)
      throws IOException {
    List<Integer> places = IntStream.range(0, Math.toIntExact(examples.count())).boxed().toList();
    List<String> kinds =
        switch (wanted.by()) {
          case CLASS -> kinds(examples::forEach, HeldOutPlaces::requireClass);
          case GROUP -> kinds(groups, Example::key);
          default -> List.of();
        };
    if (wanted.isFold()) {
      Folds.Fold<Integer> fold = folds(wanted, places, kinds, seed).get(wanted.fold() - 1);
      return new HeldOutPlaces(ints(fold.train()), ints(fold.test()));
    }
    double[] shares = {1 - wanted.share(), wanted.share()};
    List<List<Integer>> parts =
        switch (wanted.by()) {
          case CLASS -> Splits.stratified(places, kinds::get, seed, shares);
          case GROUP -> Splits.grouped(places, kinds::get, seed, shares);
          default -> Splits.random(places, seed, shares);
        };
    return new HeldOutPlaces(ints(parts.get(0)), ints(parts.get(1)));
  }

  private static List<Folds.Fold<Integer>> folds(
      HeldOut wanted, List<Integer> places, List<String> kinds, long seed) {
    return switch (wanted.by()) {
      case CLASS -> Folds.stratified(places, kinds::get, wanted.folds(), seed);
      case GROUP -> Folds.grouped(places, kinds::get, wanted.folds(), seed);
      default -> Folds.random(places, wanted.folds(), seed);
    };
  }

  private static List<String> kinds(Examples.Source examples, Function<Example, String> kindOf)
      throws IOException {
    var kinds = new ArrayList<String>();
    examples.forEach(example -> kinds.add(kindOf.apply(example)));
    return kinds;
  }

  private static String requireClass(Example example) {
    return example
        .category()
        .map(String::intern) // few of them, and an example each
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    example.origin()
                        + ": has no class; valid-by class is for texts of one class each"));
  }

  private static int[] ints(List<Integer> places) {
    return places.stream().mapToInt(Integer::intValue).toArray();
  }
}
