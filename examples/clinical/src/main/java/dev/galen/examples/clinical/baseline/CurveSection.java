package dev.galen.examples.clinical.baseline;

import dev.galen.examples.clinical.report.Figure;
import dev.galen.examples.clinical.report.Section;
import dev.galen.examples.clinical.report.Table;
import dev.galen.train.chart.Chart;
import dev.galen.train.chart.Colour;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** What more training texts are worth: the same test texts after shares of the training. */
public final class CurveSection {
  private CurveSection() {}

  /**
   * One training.
   *
   * @param share of the training texts, in (0, 1]
   * @param size how many these are
   * @param bagOfWords that learned them
   * @param model that learned them
   */
  public record Point(
      double share, int size, Baselines.Measured bagOfWords, Baselines.Measured model) {}

  /** Table and picture, the shares rising. */
  public static Section of(List<Point> points) {
    var table =
        Table.of(
            "Learning curve",
            "share",
            "training texts",
            "bag of words, accuracy",
            "macro-F1",
            "the model, accuracy",
            "macro-F1");
    for (Point point : points) {
      table.row(
          point.share(),
          point.size(),
          point.bagOfWords().accuracy(),
          point.bagOfWords().macroF1(),
          point.model().accuracy(),
          point.model().macroF1());
    }
    var chart = Chart.of("Learning curve", "training texts", "accuracy").counted();
    double[] sizes = values(points, Point::size);
    chart.add(
        Chart.Mark.DOTTED_LINE,
        Colour.VERMILION,
        "bag of words",
        sizes,
        values(points, one -> one.bagOfWords().accuracy()));
    chart.add(
        Chart.Mark.LINE,
        Colour.BLUE,
        "the model",
        sizes,
        values(points, one -> one.model().accuracy()));
    return new Section(
        "Learning curve",
        new Figure("Accuracy on the same test texts.", chart.svg(), table.build()));
  }

  private static double[] values(List<Point> points, ToDoubleFunction<Point> value) {
    return points.stream().mapToDouble(value).toArray();
  }
}
