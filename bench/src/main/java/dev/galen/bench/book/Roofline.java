package dev.galen.bench.book;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * Where each row stands under the machine's two roofs, arithmetic and memory (Williams et al. 2009,
 * "Roofline: an insightful visual performance model"), as SVG that any browser shows, on a light
 * page and on a dark one. Both axes are logarithmic.
 */
final class Roofline {
  private static final int WIDTH = 960;
  private static final int HEIGHT = 600;
  private static final int LEFT = 70;
  private static final int RIGHT = 250;
  private static final int TOP = 50;
  private static final int BOTTOM = 60;
  private static final int LINE = 15;
  private static final double MARGIN = 1.4;

  private static final String STYLE =
      """
      <style>
        svg { background: #ffffff; color: #222222; }
        text { fill: currentColor; font: 12px sans-serif; }
        .grid { stroke: #dddddd; }
        .roof { stroke: currentColor; stroke-width: 2; fill: none; }
        .row { fill: #c8501e; }
        .product { fill: #1f6fb4; }
        .lead { stroke: currentColor; stroke-width: 0.5; opacity: 0.4; fill: none; }
        @media (prefers-color-scheme: dark) {
          svg { background: #181818; color: #e8e8e8; }
          .grid { stroke: #3a3a3a; }
          .row { fill: #ff9a6b; }
          .product { fill: #6fb6f0; }
        }
      </style>
      """;

  private final Calibration calibration;
  private final List<Measured> rows;
  private final double[] xRange;
  private final double[] yRange;
  private final StringBuilder svg = new StringBuilder();

  private Roofline(Calibration calibration, List<Measured> rows) {
    this.calibration = calibration;
    this.rows = rows;
    double ridge = calibration.fmaPeak() / calibration.dramRead();
    double least = rows.stream().mapToDouble(r -> r.cost().intensity()).min().orElse(ridge);
    double most = rows.stream().mapToDouble(r -> r.cost().intensity()).max().orElse(ridge);
    double slowest =
        rows.stream().mapToDouble(Measured::flopsPerSecond).min().orElse(calibration.fmaPeak());
    xRange = range(Math.min(least, ridge), Math.max(most, ridge));
    yRange = range(slowest, calibration.fmaPeak());
  }

  private static double[] range(double low, double high) {
    return new double[] {low / MARGIN, high * MARGIN};
  }

  /** A picture of all rows that are arithmetic. */
  static String svg(Calibration calibration, List<Measured> rows) {
    return new Roofline(calibration, rows.stream().filter(row -> row.flopsPerSecond() > 0).toList())
        .draw();
  }

  private String draw() {
    add(
        "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 %d %d' width='%d' height='%d'>",
        WIDTH, HEIGHT, WIDTH, HEIGHT);
    svg.append(STYLE);
    grid();
    roof();
    rows();
    return svg.append("</svg>\n").toString();
  }

  private void grid() {
    for (double tick : ticks(xRange)) {
      double x = x(tick);
      add("<line class='grid' x1='%.1f' x2='%.1f' y1='%d' y2='%d'/>", x, x, TOP, HEIGHT - BOTTOM);
      add(
          "<text x='%.1f' y='%d' text-anchor='middle'>%s</text>",
          x, HEIGHT - BOTTOM + 20, number(tick));
    }
    for (double tick : ticks(yRange)) {
      double y = y(tick);
      add("<line class='grid' x1='%d' x2='%d' y1='%.1f' y2='%.1f'/>", LEFT, WIDTH - RIGHT, y, y);
      add("<text x='%d' y='%.1f' text-anchor='end'>%s</text>", LEFT - 8, y + 4, number(tick / 1e9));
    }
    add(
        "<text x='%d' y='%d' text-anchor='middle'>operations per byte of memory traffic</text>",
        (LEFT + WIDTH - RIGHT) / 2, HEIGHT - 18);
    add("<text x='%d' y='24'>GFLOP/s</text>", LEFT - 40);
  }

  /** 1, 2 and 5 of every power of ten inside of a range. */
  private static double[] ticks(double[] range) {
    return IntStream.rangeClosed(-3, 15)
        .mapToDouble(decade -> Math.pow(10, decade))
        .flatMap(power -> DoubleStream.of(power, 2 * power, 5 * power))
        .filter(tick -> tick >= range[0] && tick <= range[1])
        .toArray();
  }

  private static String number(double value) {
    return BigDecimal.valueOf(value).round(new MathContext(1)).toPlainString();
  }

  private void roof() {
    double peak = calibration.fmaPeak();
    double memory = calibration.dramRead();
    double from = Math.max(xRange[0], yRange[0] / memory);
    add(
        "<polyline class='roof' points='%.1f,%.1f %.1f,%.1f %.1f,%.1f'/>",
        x(from), y(from * memory), x(peak / memory), y(peak), x(xRange[1]), y(peak));
    add(
        "<text x='%d' y='%.1f' text-anchor='end'>%.0f GFLOP/s</text>",
        WIDTH - RIGHT, y(peak) - 8, peak / 1e9);
    double middle = Math.sqrt(from * peak / memory);
    add(
        "<text x='%.1f' y='%.1f' text-anchor='end'>%.1f GB/s</text>",
        x(middle) - 10, y(middle * memory), memory / 1e9);
  }

  /** A dot for each row; its label stands in a column at the right, in the order of height. */
  private void rows() {
    var order = new ArrayList<>(rows);
    order.sort(Comparator.comparingDouble(Measured::flopsPerSecond).reversed());
    int line = Math.max(8, Math.min(LINE, (HEIGHT - TOP - 20) / Math.max(1, order.size())));
    double labelY = TOP;
    for (Measured row : order) {
      double x = x(row.cost().intensity());
      double y = y(row.flopsPerSecond());
      add(
          "<path class='lead' d='M%.1f,%.1f L%d,%.1f L%d,%.1f'/>",
          x, y, WIDTH - RIGHT + 6, labelY, WIDTH - RIGHT + 14, labelY);
      add(
          "<circle class='%s' cx='%.1f' cy='%.1f' r='4'><title>%s: %.1f GFLOP/s</title></circle>",
          row.name().startsWith(Book.MATMUL) ? "product" : "row",
          x,
          y,
          row.name(),
          row.flopsPerSecond() / 1e9);
      add(
          "<text x='%d' y='%.1f' style='font-size: %dpx'>%s</text>",
          WIDTH - RIGHT + 18, labelY + 4, Math.min(12, line), row.name());
      labelY += line;
    }
  }

  private double x(double intensity) {
    return LEFT + (WIDTH - LEFT - RIGHT) * part(intensity, xRange);
  }

  private double y(double flops) {
    return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * part(flops, yRange);
  }

  private static double part(double value, double[] range) {
    return Math.log(value / range[0]) / Math.log(range[1] / range[0]);
  }

  private void add(String format, Object... values) {
    svg.append(String.format(Locale.ROOT, format, values)).append('\n');
  }
}
