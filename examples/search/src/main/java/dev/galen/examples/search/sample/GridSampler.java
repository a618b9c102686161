package dev.galen.examples.search.sample;

import dev.galen.examples.search.space.Range;
import dev.galen.examples.search.trial.History;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.SequencedMap;

/**
 * Every point of a grid once, in order: trial n has the n-th.
 *
 * @param points values by name
 */
public record GridSampler(List<Map<String, Double>> points) implements Sampler {
  /** More points than anybody waits for. */
  private static final int MOST = 100_000;

  /** Keeps its own copy. */
  public GridSampler {
    points = points.stream().map(point -> Map.copyOf(point)).toList();
    if (points.isEmpty()) {
      throw new IllegalArgumentException("a grid needs a point or more");
    }
  }

  /**
   * All combinations; the last parameter changes fastest.
   *
   * @throws IllegalArgumentException for a range without steps, naming it
   */
  public static GridSampler of(SequencedMap<String, Range> ranges) {
    List<Map<String, Double>> points = List.of(Map.of());
    for (var entry : ranges.entrySet()) {
      points = extended(points, entry.getKey(), entry.getValue());
    }
    return new GridSampler(points);
  }

  /** Each of {@code points} with each value of {@code range}. */
  public static List<Map<String, Double>> extended(
      List<Map<String, Double>> points, String name, Range range) {
    long values = requireSteps(name, range).size();
    if (values * points.size() > MOST) {
      throw new IllegalArgumentException(
          "%s: a grid of %,d points is too large, at most %,d"
              .formatted(name, values * points.size(), MOST));
    }
    var longer = new ArrayList<Map<String, Double>>();
    for (Map<String, Double> point : points) {
      for (long i = 0; i < values; i++) {
        var more = new LinkedHashMap<>(point);
        more.put(name, range.at(i));
        longer.add(more);
      }
    }
    return longer;
  }

  private static Range requireSteps(String name, Range range) {
    if (range.size() > MOST) {
      throw new IllegalArgumentException(
          "%s is %s, which a grid cannot have: give it :step=S or choice:A,B,C"
              .formatted(name, range.text()));
    }
    return range;
  }

  @Override
  public Map<String, Double> together(History history, int number) {
    if (number >= points.size()) {
      throw new IllegalArgumentException(
          "there is no trial %d of a grid of %d points".formatted(number, points.size()));
    }
    return points.get(number);
  }

  @Override
  public double sample(History history, int number, String name, Range range) {
    throw new IllegalArgumentException(
        "the grid has no %s; its points are of %s".formatted(name, points.getFirst().keySet()));
  }

  @Override
  public OptionalInt limit() {
    return OptionalInt.of(points.size());
  }

  @Override
  public String text() {
    return "grid of " + points.size();
  }
}
