package dev.galen.examples.cli;

import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;

/**
 * A loss curve as SVG, which any browser shows. Drawn here because plot libraries for the JVM draw
 * through AWT, which fails on servers without fonts.
 */
final class LossCurve {
  private static final int WIDTH = 820;
  private static final int HEIGHT = 460;
  private static final int LEFT = 64;
  private static final int RIGHT = 24;
  private static final int TOP = 44;
  private static final int BOTTOM = 52;
  private static final int TICKS = 5;

  private final List<TrainingLog.Point> training;
  private final List<TrainingLog.Point> validation;
  private final double lastStep;
  private final double top;
  private final double bottom;

  private LossCurve(List<TrainingLog.Point> training, List<TrainingLog.Point> validation) {
    this.training = training;
    this.validation = validation;
    lastStep = Math.max(1, all(p -> p.step()).max().orElse(1));
    double high = all(TrainingLog.Point::loss).max().orElse(1);
    double low = all(TrainingLog.Point::loss).min().orElse(0);
    double margin = Math.max(0.05 * (high - low), 1e-3);
    top = high + margin;
    bottom = low - margin;
  }

  /** A picture of both curves. */
  static String svg(List<TrainingLog.Point> training, List<TrainingLog.Point> validation) {
    return new LossCurve(training, validation).draw();
  }

  private DoubleStream all(ToDoubleFunction<TrainingLog.Point> value) {
    return DoubleStream.concat(
        training.stream().mapToDouble(value), validation.stream().mapToDouble(value));
  }

  private String draw() {
    var svg = new StringBuilder();
    add(
        svg,
        "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 %d %d' width='%d' height='%d'"
            + " font-family='sans-serif' font-size='13'>",
        WIDTH,
        HEIGHT,
        WIDTH,
        HEIGHT);
    add(svg, "<rect width='100%%' height='100%%' fill='white'/>");
    for (int i = 0; i <= TICKS; i++) {
      double loss = bottom + (top - bottom) * i / TICKS;
      double step = lastStep * i / TICKS;
      add(
          svg,
          "<line x1='%d' x2='%d' y1='%.1f' y2='%.1f' stroke='#e0e0e0'/>",
          LEFT,
          WIDTH - RIGHT,
          y(loss),
          y(loss));
      add(svg, "<text x='%d' y='%.1f' text-anchor='end'>%.2f</text>", LEFT - 8, y(loss) + 4, loss);
      add(
          svg,
          "<text x='%.1f' y='%d' text-anchor='middle'>%.0f</text>",
          x(step),
          HEIGHT - BOTTOM + 20,
          step);
    }
    add(
        svg,
        "<text x='%d' y='%d' text-anchor='middle'>update</text>",
        (LEFT + WIDTH - RIGHT) / 2,
        HEIGHT - 10);
    add(svg, "<text x='%d' y='24'>loss per token (nats)</text>", LEFT);
    line(svg, training, "#9ec5e8", 1);
    line(svg, smoothed(training), "#1f6fb4", 2);
    line(svg, validation, "#c8501e", 2);
    for (TrainingLog.Point p : validation) {
      add(svg, "<circle cx='%.1f' cy='%.1f' r='3.5' fill='#c8501e'/>", x(p.step()), y(p.loss()));
    }
    legend(svg, 330, "#1f6fb4", "training (smoothed)");
    legend(svg, 520, "#c8501e", "validation");
    return svg.append("</svg>\n").toString();
  }

  private static void legend(StringBuilder svg, int x, String colour, String text) {
    add(svg, "<rect x='%d' y='14' width='18' height='10' fill='%s'/>", x, colour);
    add(svg, "<text x='%d' y='24'>%s</text>", x + 24, text);
  }

  private static List<TrainingLog.Point> smoothed(List<TrainingLog.Point> points) {
    double weight = Math.min(0.95, 1 - 10.0 / Math.max(11, points.size()));
    var mean = new double[] {points.isEmpty() ? 0 : points.getFirst().loss()};
    return points.stream()
        .map(
            p -> {
              mean[0] = weight * mean[0] + (1 - weight) * p.loss();
              return new TrainingLog.Point(p.step(), mean[0]);
            })
        .toList();
  }

  private void line(StringBuilder svg, List<TrainingLog.Point> points, String colour, int width) {
    if (points.size() < 2) {
      return;
    }
    var path = new StringBuilder();
    for (TrainingLog.Point p : points) {
      add(path, "%.1f,%.1f ", x(p.step()), y(p.loss()));
    }
    add(
        svg,
        "<polyline points='%s' fill='none' stroke='%s' stroke-width='%d'/>",
        path.toString().strip(),
        colour,
        width);
  }

  private double x(double step) {
    return LEFT + (WIDTH - LEFT - RIGHT) * step / lastStep;
  }

  private double y(double loss) {
    return TOP + (HEIGHT - TOP - BOTTOM) * (top - loss) / (top - bottom);
  }

  private static void add(StringBuilder text, String format, Object... values) {
    text.append(String.format(Locale.ROOT, format, values));
  }
}
