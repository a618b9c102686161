package dev.galen.train.chart;

import static dev.galen.train.chart.Pictures.lines;
import static dev.galen.train.chart.Pictures.texts;
import static dev.galen.train.chart.Pictures.valid;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.galen.train.chart.ParallelChart.Line;
import dev.galen.train.chart.ParallelChart.Quantity;
import dev.galen.train.chart.ParallelChart.Tick;
import java.util.List;
import org.junit.jupiter.api.Test;

class ParallelChartTest {
  private static Quantity axis(String name) {
    return new Quantity(name, List.of(new Tick(0, "low <" + name), new Tick(1, "high " + name)));
  }

  @Test
  void aLineGoesThroughItsPlaces() {
    var axes = List.of(axis("a"), axis("b"), axis("c"));
    var all = List.of(new Line(new double[] {0, 0.5, 1}, 0.5, false));
    String svg = valid(new ParallelChart("title", "caption", axes, all).svg());
    double[][] line = lines(svg).getFirst();
    assertEquals(3, line.length);
    assertEquals(line[1][0] - line[0][0], line[2][0] - line[1][0], 0.2);
    assertEquals(line[0][1] - line[1][1], line[1][1] - line[2][1], 0.2);
    assertTrue(line[0][1] > line[2][1], "high values stand above");
    assertTrue(
        texts(svg).containsAll(List.of("title", "caption", "a", "low &lt;a", "high c")), svg);
  }

  @Test
  void aLineHasAGapWhereItHasNoPlace() {
    var axes = List.of(axis("a"), axis("b"), axis("c"), axis("d"));
    var all = List.of(new Line(new double[] {0, Double.NaN, 1, 0.2}, 1, true));
    String svg = valid(new ParallelChart("title", "", axes, all).svg());
    assertEquals(1, lines(svg).size());
    assertEquals(2, lines(svg).getFirst().length);
    assertTrue(svg.contains("<circle"), svg);
  }

  @Test
  void everyLineHasAPlaceForEachAxis() {
    var axes = List.of(axis("a"));
    var all = List.of(new Line(new double[2], 1, false));
    var thrown =
        assertThrows(IllegalArgumentException.class, () -> new ParallelChart("t", "", axes, all));
    assertEquals("a line has 2 places for 1 axes", thrown.getMessage());
    assertThrows(
        IllegalArgumentException.class, () -> new ParallelChart("t", "", List.of(), List.of()));
  }
}
