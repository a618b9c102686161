package dev.galen.train.chart;

import dev.galen.train.StepReport;
import dev.galen.train.TrainingListener;
import dev.galen.train.metrics.MovingAverage;
import dev.galen.train.metrics.Perplexity;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * The loss of a run over its updates: give it to a trainer as a listener, and write {@link #svg} to
 * a file when the run is done. Skipped updates have no loss.
 */
public final class LossCurve implements TrainingListener {
  private record Point(double update, double loss) {}

  private final List<Point> training = new ArrayList<>();
  private final List<Point> validation = new ArrayList<>();

  @Override
  public void onStep(StepReport report) {
    if (!report.skipped()) {
      trained(report.step(), report.loss());
    }
  }

  @Override
  public void onEvaluation(long step, Perplexity measured) {
    measured(step, measured.loss());
  }

  /**
   * Adds the loss that update {@code step}, from 1, was made from: that of the weights before it.
   *
   * @param loss mean per target (token or row), in nats
   */
  public void trained(long step, double loss) {
    training.add(new Point(step - 1, loss));
  }

  /**
   * Adds what was measured after update {@code step}, or 0 for before the first.
   *
   * @param loss mean per target (token or row), in nats
   */
  public void measured(long step, double loss) {
    validation.add(new Point(step, loss));
  }

  /** The picture: each training loss, their moving average, and the validation losses. */
  public String svg() {
    var chart = Chart.of("Training and validation loss", "update", "mean loss (nats)");
    chart.counted();
    double[] updates = values(training, Point::update);
    double[] losses = values(training, Point::loss);
    // A fortieth of the run to each side: no smoothing at all where that is not an update.
    double weight = 1 - 1 / Math.max(1, training.size() / 40.0);
    if (weight > 0) {
      chart.add(Chart.Mark.FAINT, Colour.BLUE, "training, each update", updates, losses);
      chart.add(Chart.Mark.LINE, Colour.BLUE, "moving average", updates, averages(weight));
    } else if (!training.isEmpty()) {
      chart.add(Chart.Mark.LINE, Colour.BLUE, "training", updates, losses);
    }
    if (!validation.isEmpty()) {
      double[] steps = values(validation, Point::update);
      double[] measured = values(validation, Point::loss);
      chart.add(Chart.Mark.DOTTED_LINE, Colour.VERMILION, "validation", steps, measured);
    }
    return chart.svg();
  }

  /**
   * The mean of the moving average up to an update and of that from the end back to it: seen
   * afterwards, an average of the past alone would lag.
   */
  private double[] averages(double weight) {
    double[] past = averages(training, weight);
    double[] future = averages(training.reversed(), weight);
    int last = past.length - 1;
    return IntStream.rangeClosed(0, last)
        .mapToDouble(i -> (past[i] + future[last - i]) / 2)
        .toArray();
  }

  private static double[] averages(List<Point> points, double weight) {
    var average = new MovingAverage(weight);
    return values(points, point -> average.add(point.loss()));
  }

  private static double[] values(List<Point> points, ToDoubleFunction<Point> value) {
    return points.stream().mapToDouble(value).toArray();
  }
}
