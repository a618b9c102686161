package dev.galen.train.run;

import dev.galen.train.data.Example;
import dev.galen.train.data.Examples;
import dev.galen.train.data.Folds;
import dev.galen.train.data.Splits;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Where the examples of both parts stand, ascending.
 *
 * @param train to learn
 * @param held to measure
 */
@SuppressWarnings("ArrayRecordComponent") // Carried, never compared.
record HeldOutPlaces(int[] train, int[] held) {

  /** Those that a split at random gives. */
  static HeldOutPlaces of(HeldOut wanted, Examples examples, long seed) throws IOException {
    List<Integer> places = IntStream.range(0, Math.toIntExact(examples.count())).boxed().toList();
    List<String> classes = wanted.by() == HeldOut.By.CLASS ? classes(examples) : List.of();
    if (wanted.isFold()) {
      Folds.Fold<Integer> fold =
          (classes.isEmpty()
                  ? Folds.random(places, wanted.folds(), seed)
                  : Folds.stratified(places, classes::get, wanted.folds(), seed))
              .get(wanted.fold() - 1);
      return new HeldOutPlaces(ints(fold.train()), ints(fold.test()));
    }
    double[] shares = {1 - wanted.share(), wanted.share()};
    List<List<Integer>> parts =
        classes.isEmpty()
            ? Splits.random(places, seed, shares)
            : Splits.stratified(places, classes::get, seed, shares);
    return new HeldOutPlaces(ints(parts.get(0)), ints(parts.get(1)));
  }

  private static List<String> classes(Examples examples) throws IOException {
    var classes = new ArrayList<String>();
    examples.forEach(example -> classes.add(requireClass(example)));
    return classes;
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
