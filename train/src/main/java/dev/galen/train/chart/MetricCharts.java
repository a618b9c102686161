package dev.galen.train.chart;

import dev.galen.train.chart.CellChart.Cell;
import dev.galen.train.metrics.Calibration;
import dev.galen.train.metrics.ConfusionMatrix;
import dev.galen.train.metrics.PrecisionRecallCurve;
import dev.galen.train.metrics.RocCurve;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/** Pictures of what the metrics measure. */
public final class MetricCharts {
  private MetricCharts() {}

  /** A ROC curve with its area, above the diagonal that guesses reach. */
  public static String roc(RocCurve curve) {
    var one = new TreeMap<String, RocCurve>();
    one.put("classifier", curve);
    return roc(one);
  }

  /** ROC curves in one picture, such as one for each class against the rest, by name. */
  public static String roc(SequencedMap<String, RocCurve> curves) {
    if (curves.isEmpty()) {
      throw new IllegalArgumentException("there is no ROC curve to draw");
    }
    var chart = Chart.of("ROC curve", "false positive rate", "true positive rate").rates();
    double[] ends = {0, 1};
    chart.add(Chart.Mark.DASHED, Colour.GREY, "guessing, area 0.5", ends, ends);
    int i = 0;
    for (var entry : curves.entrySet()) {
      RocCurve curve = entry.getValue();
      chart.add(
          Chart.Mark.LINE,
          Colour.of(i++),
          String.format(Locale.ROOT, "%s, area %.3f", entry.getKey(), curve.area()),
          rates(curve, RocCurve.Point::falsePositiveRate),
          rates(curve, RocCurve.Point::truePositiveRate));
    }
    return chart.svg();
  }

  /** Precision over recall, with the average precision. */
  public static String precisionRecall(PrecisionRecallCurve curve) {
    var chart = Chart.of("Precision and recall", "recall", "precision").rates();
    chart.add(
        Chart.Mark.LINE,
        Colour.of(0),
        String.format(Locale.ROOT, "average precision %.3f", curve.averagePrecision()),
        curve.points().stream().mapToDouble(PrecisionRecallCurve.Point::recall).toArray(),
        curve.points().stream().mapToDouble(PrecisionRecallCurve.Point::precision).toArray());
    return chart.svg();
  }

  /** How often answers of a confidence are right, beside the diagonal where both are equal. */
  public static String reliability(Calibration calibration) {
    var chart = Chart.of("Reliability", "confidence", "share right").rates();
    double[] ends = {0, 1};
    chart.add(Chart.Mark.DASHED, Colour.GREY, "calibrated", ends, ends);
    var filled = calibration.bins().stream().filter(bin -> bin.count() > 0).toList();
    chart.add(
        Chart.Mark.DOTTED_LINE,
        Colour.of(0),
        String.format(Locale.ROOT, "expected error %.3f", calibration.expectedError()),
        filled.stream().mapToDouble(Calibration.Bin::confidence).toArray(),
        filled.stream().mapToDouble(Calibration.Bin::accuracy).toArray());
    return chart.svg();
  }

  private static double[] rates(RocCurve curve, ToDoubleFunction<RocCurve.Point> rate) {
    return curve.points().stream().mapToDouble(rate).toArray();
  }

  /**
   * A confusion matrix: a row for each true class, shaded by the share of the row.
   *
   * @param labels a name for each class
   */
  public static String confusion(ConfusionMatrix matrix, List<String> labels) {
    if (labels.size() != matrix.classes()) {
      throw new IllegalArgumentException(
          "a confusion matrix of %d classes needs as many labels, got %d"
              .formatted(matrix.classes(), labels.size()));
    }
    var cells = new ArrayList<List<Cell>>();
    for (int t = 0; t < labels.size(); t++) {
      int truth = t;
      long occurred = matrix.of(t, 0).support();
      cells.add(
          IntStream.range(0, labels.size())
              .mapToObj(predicted -> cell(matrix.count(truth, predicted), occurred))
              .toList());
    }
    String title = String.format(Locale.ROOT, "Confusion matrix, accuracy %.3f", matrix.accuracy());
    return new CellChart(
            title,
            "shade and per cent: share of the row",
            "truth",
            "predicted",
            labels,
            labels,
            cells)
        .svg();
  }

  private static Cell cell(long count, long occurred) {
    double share = occurred == 0 ? 0 : (double) count / occurred;
    String text = String.format(Locale.ROOT, "%,d", count);
    return new Cell(text, String.format(Locale.ROOT, "%.0f%%", 100 * share), share);
  }
}
