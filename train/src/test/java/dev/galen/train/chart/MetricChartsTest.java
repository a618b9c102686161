package dev.galen.train.chart;

import static dev.galen.train.chart.Pictures.count;
import static dev.galen.train.chart.Pictures.lines;
import static dev.galen.train.chart.Pictures.texts;
import static dev.galen.train.chart.Pictures.valid;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.galen.train.metrics.ConfusionMatrix;
import dev.galen.train.metrics.RocCurve;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MetricChartsTest {
  private static final RocCurve ROC =
      RocCurve.of(new boolean[] {true, false, true, false}, new double[] {0.9, 0.8, 0.7, 0.1});

  @Test
  void rocGoesFromCornerToCorner() {
    String svg = valid(MetricCharts.roc(ROC));
    assertTrue(texts(svg).contains("classifier, area 0.750"), svg);
    double[][] diagonal = lines(svg).get(2); // behind the two of the legend
    double[][] curve = lines(svg).get(3);
    assertArrayEquals(diagonal[0], curve[0]);
    assertArrayEquals(diagonal[1], curve[curve.length - 1]);
    assertEquals(440, diagonal[1][0] - diagonal[0][0], 0.2);
    assertEquals(440, diagonal[0][1] - diagonal[1][1], 0.2);
    // Half of the positives before the first negative.
    assertArrayEquals(new double[] {diagonal[0][0], diagonal[0][1] - 220}, curve[1], 0.2);
  }

  @Test
  void severalCurvesShareAPicture() {
    var curves = new LinkedHashMap<String, RocCurve>();
    for (String name : List.of("yes", "no & <maybe>", "none")) {
      curves.put(name, ROC);
    }
    String svg = valid(MetricCharts.roc(curves));
    assertTrue(texts(svg).contains("no &amp; &lt;maybe&gt;, area 0.750"), svg);
    assertEquals(8, lines(svg).size());
    assertThrows(IllegalArgumentException.class, () -> MetricCharts.roc(new LinkedHashMap<>()));
  }

  @Test
  void confusionShowsCountsAndShares() {
    var labels = List.of("yes", "no");
    var matrix = ConfusionMatrix.of(new int[] {0, 0, 0, 1}, new int[] {0, 0, 1, 0}, 2);
    String svg = valid(MetricCharts.confusion(matrix, labels));
    assertEquals(
        List.of(
            "Confusion matrix, accuracy 0.500",
            "shade and per cent: share of the row",
            "predicted",
            "truth",
            "yes",
            "no",
            "yes",
            "2",
            "67%",
            "1",
            "33%",
            "no",
            "1",
            "100%",
            "0",
            "0%"),
        texts(svg));
    assertThrows(
        IllegalArgumentException.class, () -> MetricCharts.confusion(matrix, List.of("yes")));
  }

  @Test
  void confusionTakesAnyNumberOfClassesAndAnyNames() {
    for (int classes : new int[] {1, 2, 5, 12, 40, 200}) {
      int[] truth = IntStream.range(0, classes).toArray();
      List<String> labels =
          IntStream.range(0, classes).mapToObj(i -> "<" + "long ".repeat(i % 9) + i).toList();
      var matrix = ConfusionMatrix.of(truth, truth, classes);
      String svg = valid(MetricCharts.confusion(matrix, labels));
      assertEquals((long) classes * classes + 1, count(svg, "<rect"));
    }
    // A class that never occurs has no share.
    var never = ConfusionMatrix.of(new int[] {0}, new int[] {0}, 2);
    valid(MetricCharts.confusion(never, List.of("", "a\u0000b")));
  }

  @Test
  void cellsMustFillTheTable() {
    var cell = new CellChart.Cell("1", "", Double.NaN);
    valid(table(List.of(List.of(cell, cell))).svg());
    assertThrows(IllegalArgumentException.class, () -> table(List.of(List.of(cell))));
    assertThrows(IllegalArgumentException.class, () -> table(List.of()));
  }

  private static CellChart table(List<List<CellChart.Cell>> cells) {
    return new CellChart("t", "c", "rows", "columns", List.of("r"), List.of("a", "b"), cells);
  }
}
