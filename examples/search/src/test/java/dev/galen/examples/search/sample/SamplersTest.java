package dev.galen.examples.search.sample;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.galen.examples.search.Fixtures;
import dev.galen.examples.search.space.Choices;
import dev.galen.examples.search.space.FloatRange;
import dev.galen.examples.search.space.IntRange;
import dev.galen.examples.search.space.Range;
import dev.galen.examples.search.space.RangeText;
import dev.galen.examples.search.trial.Direction;
import dev.galen.examples.search.trial.History;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What samplers draw from. */
class SamplersTest {
  private static final History NOTHING =
      new History(List.of(), Direction.MINIMIZE, Direction.MINIMIZE);

  /** How far Optuna's densities lie from the exact ones, at the worst of these points. */
  private static final double LOOSE = 0.02;

  private static double[] row(JsonNode values) {
    return IntStream.range(0, values.size()).mapToDouble(i -> values.get(i).asDouble()).toArray();
  }

  /** {@code sample/parzen.py} of the test resources asked Optuna. */
  @Test
  void densitiesAreOptunas() {
    int points = 0;
    for (JsonNode parzen : Fixtures.read("sample/parzen.json")) {
      var ranges = new ArrayList<Range>();
      parzen.get("ranges").forEach(text -> ranges.add(RangeText.parse(text.textValue())));
      var observed = new ArrayList<double[]>();
      parzen.get("observed").forEach(values -> observed.add(row(values)));
      var mixture = new Mixture(ranges, observed, Bandwidth.CLIPPED);
      for (int i = 0; i < parzen.get("points").size(); i++) {
        double got = mixture.logDensity(row(parzen.get("points").get(i)));
        double exact = parzen.get("exact").get(i).asDouble();
        assertEquals(exact, got, 1e-11 * (1 + Math.abs(exact)), parzen.get("ranges") + " " + i);
        assertEquals(parzen.get("optuna").get(i).asDouble(), got, LOOSE);
        points++;
      }
    }
    assertEquals(216, points);
  }

  /** What is drawn lies in shares as the density says, in 20 pieces of each range. */
  @ParameterizedTest
  @ValueSource(
      strings = {"float:-5:5", "float:1e-5:0.1:log", "int:1:512:log", "float:-1:2:step=0.25"})
  void whatIsDrawnFollowsTheDensity(String text) {
    Range range = RangeText.parse(text);
    var random = new SplittableRandom(8);
    var observed = new ArrayList<double[]>();
    for (int i = 0; i < 6; i++) {
      observed.add(new double[] {RandomSampler.draw(range, random)});
    }
    var mixture = new Mixture(List.of(range), observed, Bandwidth.CLIPPED);
    Scale scale = Scale.of(range);
    int draws = 20_000;
    int pieces = 20;
    var counts = new int[pieces];
    var expected = new double[pieces];
    for (int i = 0; i < draws; i++) {
      double value = mixture.sample(random)[0];
      assertTrue(range.contains(value) || scale.step() > 0, text + " " + value);
      counts[piece(scale, value, pieces)]++;
    }
    if (scale.step() == 0) {
      int fine = 20_000;
      for (int i = 0; i < fine; i++) {
        double share = (i + 0.5) / fine;
        double density = Math.exp(mixture.logDensity(new double[] {scale.value(share)}));
        expected[piece(scale, scale.value(share), pieces)] += density * scale.width() / fine;
      }
    } else {
      for (long i = 0; i < range.size(); i++) {
        double value = range.at(i);
        double probability = Math.exp(mixture.logDensity(new double[] {value}));
        expected[piece(scale, value, pieces)] += probability;
      }
    }
    for (int p = 0; p < pieces; p++) {
      double deviation = Math.sqrt(draws * expected[p] * (1 - expected[p])) + 1;
      assertEquals(draws * expected[p], counts[p], 5 * deviation, text + " piece " + p);
    }
  }

  private static int piece(Scale scale, double value, int pieces) {
    double share = (scale.place(value) - scale.from()) / scale.width();
    return Math.clamp((int) (share * pieces), 0, pieces - 1);
  }

  @Test
  void theOldestOfManyWeighLess() {
    assertArrayEquals(new double[] {1}, Mixture.weights(0));
    assertArrayEquals(new double[] {1 / 3.0, 1 / 3.0, 1 / 3.0}, Mixture.weights(2), 1e-15);
    double[] weights = Mixture.weights(28);
    assertEquals(29, weights.length);
    assertEquals(1.0 / 28, weights[0] / weights[28], 1e-12);
    assertEquals((1 + 1.0 / 28) / 2, weights[1] / weights[28], 1e-12);
    assertEquals(1, weights[2] / weights[28], 1e-12);
  }

  @Test
  void randomValuesFillTheirRange() {
    var sampler = new RandomSampler(3);
    Range log = FloatRange.log(1e-4, 1);
    Range whole = new IntRange(2, 5);
    Range words = Choices.of("a", "b");
    int low = 0;
    var counts = new int[6];
    var chosen = new int[2];
    for (int n = 0; n < 4000; n++) {
      low += sampler.sample(NOTHING, n, "log", log) < 1e-2 ? 1 : 0;
      counts[(int) sampler.sample(NOTHING, n, "whole", whole)]++;
      chosen[(int) sampler.sample(NOTHING, n, "words", words)]++;
    }
    assertEquals(2000, low, 160);
    assertEquals(0, counts[0] + counts[1]);
    for (int value = 2; value <= 5; value++) {
      assertEquals(1000, counts[value], 140);
    }
    assertEquals(2000, chosen[0], 160);
  }

  @Test
  void randomValuesFollowFromSeedNumberAndName() {
    Range range = new FloatRange(0, 1);
    double one = new RandomSampler(1).sample(NOTHING, 4, "x", range);
    assertEquals(one, new RandomSampler(1).sample(NOTHING, 4, "x", range));
    assertTrue(one != new RandomSampler(2).sample(NOTHING, 4, "x", range));
    assertTrue(one != new RandomSampler(1).sample(NOTHING, 5, "x", range));
    assertTrue(one != new RandomSampler(1).sample(NOTHING, 4, "y", range));
  }

  @Test
  void aGridNeedsSteps() {
    var ranges = new LinkedHashMap<String, Range>();
    ranges.put("rate", FloatRange.log(1e-5, 1e-3));
    var thrown = assertThrows(IllegalArgumentException.class, () -> GridSampler.of(ranges));
    assertEquals(
        "rate is float:1.0E-5:0.001:log, which a grid cannot have: give it :step=S or choice:A,B,C",
        thrown.getMessage());
  }

  @Test
  void atMostATenthIsTheBest() {
    assertEquals(0, TpeSampler.best(0));
    assertEquals(1, TpeSampler.best(10));
    assertEquals(2, TpeSampler.best(11));
    assertEquals(25, TpeSampler.best(400));
  }
}
