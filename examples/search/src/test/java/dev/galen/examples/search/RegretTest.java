package dev.galen.examples.search;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** How near the search comes to the best value, beside Optuna with as many trials. */
class RegretTest {
  private static final int SEEDS = 30;

  /** Of the medians of {@value #SEEDS} seeds, ours to Optuna's. */
  private static final double LARGEST_RATIO = 1.1;

  private static final JsonNode OPTUNA = Fixtures.read("regret/regrets.json").get("regrets");

  static List<String> functions() {
    return List.copyOf(RegretFunctions.ALL.keySet());
  }

  @Test
  void optunaSearchedTheSameFunctions() {
    var names = new ArrayList<String>();
    OPTUNA.fieldNames().forEachRemaining(names::add);
    assertEquals(names, functions());
  }

  @ParameterizedTest
  @MethodSource("functions")
  void theMedianIsNearOptunas(String name) {
    RegretFunctions function = RegretFunctions.ALL.get(name);
    double[] ours =
        LongStream.range(0, SEEDS)
            .mapToDouble(seed -> function.regret(Study.create().seed(seed), seed))
            .sorted()
            .toArray();
    double[] theirs =
        StreamSupport.stream(OPTUNA.get(name).spliterator(), false)
            .mapToDouble(JsonNode::asDouble)
            .sorted()
            .toArray();
    assertEquals(SEEDS, theirs.length);
    System.out.printf(
        "%-12s regret, median of %d seeds: %.3g, Optuna's %.3g, ratio %.2f%n",
        name, SEEDS, median(ours), median(theirs), median(ours) / median(theirs));
    assertTrue(
        median(ours) <= LARGEST_RATIO * median(theirs),
        median(ours) + ", Optuna's is " + median(theirs));
  }

  private static double median(double[] sorted) {
    int half = sorted.length / 2;
    return (sorted[half - 1] + sorted[half]) / 2;
  }
}
