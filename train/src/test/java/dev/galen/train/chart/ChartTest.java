package dev.galen.train.chart;

import static dev.galen.train.chart.Pictures.count;
import static dev.galen.train.chart.Pictures.lines;
import static dev.galen.train.chart.Pictures.texts;
import static dev.galen.train.chart.Pictures.valid;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.galen.train.metrics.MovingAverage;
import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Axes, marks, and values that no axis has a place for. */
class ChartTest {

  /** In the table a range and the labels of its ticks. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "5.02 | 6.51 | 5.0 5.5 6.0 6.5 7.0",
        "0 | 1 | 0 0.2 0.4 0.6 0.8 1.0",
        "1.19 | 10.97 | 0 2 4 6 8 10 12",
        "-3 | 3 | -3 -2 -1 0 1 2 3",
        "0.0312 | 0.0349 | 0.031 0.032 0.033 0.034 0.035",
        "0 | 53000 | 0 10,000 20,000 30,000 40,000 50,000 60,000",
        "1e-7 | 5e-7 | 1e-7 2e-7 3e-7 4e-7 5e-7",
        "1.2e30 | 1.6e30 | 1.2e30 1.3e30 1.4e30 1.5e30 1.6e30",
        "5 | 5 | 4.4 4.6 4.8 5.0 5.2 5.4 5.6",
        "0 | 0 | -1.0 -0.5 0 0.5 1.0",
        "1e-300 | 1e-300 | -1.0 -0.5 0 0.5 1.0",
        "-1e300 | 1e300 | -1e300 -5e299 0 5e299 1e300",
      })
  void ticksAreRound(double low, double high, String labels) {
    Axis axis = Axis.around(DoubleStream.of(low, high));
    assertTrue(axis.low() <= low && axis.high() >= high, axis.toString());
    List<String> shown = Arrays.stream(axis.ticks()).mapToObj(axis::label).toList();
    assertEquals(List.of(labels.split(" ")), shown);
  }

  @Test
  void whatHasNoPlaceIsLeftOut() {
    double[] x = {0, 1, 2, 3, 4, 5, Double.NaN};
    double[] y = {1, 2, Double.NaN, Double.POSITIVE_INFINITY, 3, Double.MAX_VALUE, 2};
    for (Chart.Mark mark : Chart.Mark.values()) {
      String svg = valid(Chart.of("t", "x", "y").add(mark, Colour.BLUE, null, x, y).svg());
      List<String> texts = texts(svg);
      assertTrue(texts.contains("1.0") || texts.contains("1"), texts.toString());
      assertFalse(texts.stream().anyMatch(text -> text.contains("e3")), texts.toString());
    }
    String line = Chart.of("t", "x", "y").add(Chart.Mark.LINE, Colour.BLUE, null, x, y).svg();
    assertEquals(1, lines(line).size()); // from 0 to 1
    assertEquals(1, count(line, "<circle")); // 4, alone between two gaps
  }

  @Test
  void anyNumberOfValuesMakesAPicture() {
    double[] none = {};
    double[] one = {7};
    double[] same = {3, 3, 3};
    for (Chart.Mark mark : Chart.Mark.values()) {
      valid(Chart.of("t", "x", "y").svg());
      valid(Chart.of("t", "x", "y").add(mark, Colour.BLUE, "none", none, none).svg());
      valid(Chart.of("t", "x", "y").add(mark, Colour.BLUE, "one", one, one).svg());
      valid(Chart.of("t", "x", "y").add(mark, Colour.BLUE, "same", same, same).svg());
      valid(Chart.of("t", "x", "y").rates().add(mark, Colour.BLUE, "out", one, one).svg());
      valid(Chart.of("t", "x", "y").counted().add(mark, Colour.BLUE, "one", one, one).svg());
    }
    assertThrows(
        IllegalArgumentException.class,
        () -> Chart.of("t", "x", "y").add(Chart.Mark.LINE, Colour.BLUE, null, one, none));
  }

  @Test
  void aMillionValuesMakeASmallPicture() {
    double[] x = IntStream.range(0, 1_000_000).asDoubleStream().toArray();
    double[] y = Arrays.stream(x).map(v -> Math.sin(v / 1e5)).toArray();
    y[123_456] = 9; // a peak of one value stays
    String svg = valid(Chart.of("t", "x", "y").add(Chart.Mark.LINE, Colour.BLUE, null, x, y).svg());
    assertTrue(svg.length() < 100_000, svg.length() + " characters");
    double highest = Arrays.stream(lines(svg).getLast()).mapToDouble(p -> p[1]).min().orElseThrow();
    assertTrue(highest < 100, "the peak is at " + highest);
  }

  @Test
  void textCannotLeaveItsPlace() {
    String name = "a<b> & \"c\" '\u0000\uFFFF\n</text>";
    double[] one = {1};
    String svg =
        Chart.of(name, name, name).add(Chart.Mark.BARS, Colour.of(7), name, one, one).svg();
    valid(svg);
    assertTrue(svg.contains("a&lt;b&gt; &amp; \"c\" '\uFFFD\uFFFD &lt;/text&gt;"), svg);
  }

  @Test
  void aLongLegendTakesSeveralLines() {
    var chart = Chart.of("t", "x", "y");
    for (int i = 0; i < 12; i++) {
      double[] value = {i};
      chart.add(Chart.Mark.LINE, Colour.of(i), "a series with quite a name " + i, value, value);
    }
    valid(chart.svg());
  }

  @Test
  void barsBeginAtZeroAndDoNotTouch() {
    double[] x = {0.25, 0.75};
    double[] y = {0.5, 1};
    String svg =
        valid(Chart.of("t", "x", "y").rates().add(Chart.Mark.BARS, Colour.BLUE, "b", x, y).svg());
    assertTrue(svg.contains("height='220' fill='currentColor'"), svg);
    assertTrue(svg.contains("height='440' fill='currentColor'"), svg);
  }

  @Test
  void theAverageIsCorrectedAsAdamsMomentsAre() {
    var average = new MovingAverage(0.9);
    assertTrue(Double.isNaN(average.value()));
    double m = 0;
    double[] values = {10, 8, 7, 1};
    for (int t = 1; t <= values.length; t++) {
      m = 0.9 * m + 0.1 * values[t - 1];
      assertEquals(m / (1 - Math.pow(0.9, t)), average.add(values[t - 1]), 1e-12);
    }
    double before = average.value();
    assertEquals(before, average.add(Double.NaN));
    assertEquals(before, average.add(Double.POSITIVE_INFINITY));
    assertThrows(IllegalArgumentException.class, () -> new MovingAverage(1));
  }

  @Test
  void theLossCurveNeitherStartsHighNorLags() {
    var curve = new LossCurve();
    int updates = 400;
    for (int i = 1; i <= updates; i++) {
      curve.trained(i, 10 - i * 0.02 + (i % 2) * 0.4); // falls by 8, and jumps
    }
    for (int i = 0; i <= 10; i++) {
      curve.measured(i * 40L, 10 - i * 0.8);
    }
    String svg = valid(curve.svg());
    assertTrue(texts(svg).containsAll(List.of("moving average", "validation", "update")), svg);
    assertEquals(12, count(svg, "<circle")); // eleven, and the legend's
    List<double[][]> lines = lines(svg);
    double[][] average = lines.get(lines.size() - 2);
    double[][] validation = lines.getLast(); // lies where the training loss does, 0.2 below
    double nat = (validation[10][1] - validation[0][1]) / 8;
    for (int i = 1; i < 10; i++) {
      double x = validation[i][0];
      double nearest =
          Arrays.stream(average)
              .min((a, b) -> Double.compare(Math.abs(a[0] - x), Math.abs(b[0] - x)))
              .orElseThrow()[1];
      assertEquals(validation[i][1] - 0.2 * nat, nearest, 0.1 * nat, "update " + i * 40);
    }
    assertTrue(average[0][1] >= validation[0][1] - 0.4 * nat, "it starts high");
  }

  @Test
  void aShortRunIsNotSmoothed() {
    var curve = new LossCurve();
    curve.trained(1, 3);
    curve.trained(2, 2);
    List<String> texts = texts(valid(curve.svg()));
    assertTrue(texts.contains("training") && !texts.contains("moving average"), texts.toString());
    valid(new LossCurve().svg());
  }

  @Test
  void seriesAreCopied() {
    double[] y = {1, 2};
    var chart = Chart.of("t", "x", "y").add(Chart.Mark.LINE, Colour.BLUE, null, y, y);
    String before = chart.svg();
    y[1] = 100;
    assertEquals(before, chart.svg());
    assertArrayEquals(new double[] {1, 100}, y);
  }
}
