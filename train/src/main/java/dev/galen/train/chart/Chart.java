package dev.galen.train.chart;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;

/**
 * Lines, points and bars over two axes. Series are drawn in the order they were added; those with a
 * name stand in a legend above, where it hides nothing. Values that are NaN, infinite or beyond
 * 1e300 are left out, and a line has a gap there.
 */
public final class Chart {
  private static final int LEFT = 76;
  private static final int RIGHT = 28;
  private static final int BOTTOM = 58;
  private static final int TITLE = 30;
  private static final int LEGEND_LINE = 24;
  private static final double LETTER = 7.4; // of 14 pixels; a guess, as no font is at hand
  private static final double OUTSIDE = 6;

  /** How a series is drawn. */
  public enum Mark {
    /** A line. */
    LINE,
    /** A pale line, for what another one sums up. */
    FAINT,
    /** A dashed line, for what is expected. */
    DASHED,
    /** A line with a dot at each value. */
    DOTTED_LINE,
    /** Dots alone. */
    POINTS,
    /** Bars from 0 to each value, as wide as the values are apart. */
    BARS
  }

  private record Series(Mark mark, Colour colour, String name, double[] x, double[] y) {}

  private final String title;
  private final String xLabel;
  private final String yLabel;
  private final List<Series> series = new ArrayList<>();
  private int plotWidth = 700;
  private int plotHeight = 320;
  private boolean whole;
  private Axis xAxis;
  private Axis yAxis;

  private Chart(String title, String xLabel, String yLabel) {
    this.title = title;
    this.xLabel = xLabel;
    this.yLabel = yLabel;
  }

  /**
   * An empty chart.
   *
   * @param x what the horizontal axis shows, with its unit
   * @param y what the vertical axis shows, with its unit
   */
  public static Chart of(String title, String x, String y) {
    return new Chart(title, x, y);
  }

  /** Counts along the horizontal axis: its ticks are whole numbers. */
  public Chart counted() {
    whole = true;
    return this;
  }

  /** Rates on both axes: a square from 0 to 1. */
  public Chart rates() {
    plotWidth = 440;
    plotHeight = 440;
    xAxis = Axis.exactly(0, 1);
    yAxis = Axis.exactly(0, 1);
    return this;
  }

  /**
   * Adds a series.
   *
   * @param name for the legend, or null to stay out of it
   * @param x places, rising where they make a line; copied
   * @param y as many values; copied
   */
  public Chart add(Mark mark, Colour colour, String name, double[] x, double[] y) {
    if (x.length != y.length) {
      throw new IllegalArgumentException(
          "a series needs as many places as values, got " + x.length + " and " + y.length);
    }
    series.add(new Series(mark, colour, name, x.clone(), y.clone()));
    return this;
  }

  /** The picture as an SVG document. */
  public String svg() {
    Axis across = xAxis != null ? xAxis : xAxis();
    Axis up = yAxis != null ? yAxis : Axis.around(values());
    List<List<Series>> legend = legend();
    int top = TITLE + LEGEND_LINE * legend.size() + 20;
    int height = top + plotHeight + BOTTOM;
    var svg = new Svg(LEFT + plotWidth + RIGHT, height, title);
    svg.text(LEFT, TITLE, "start", title, "font-size='18' font-weight='600'");
    drawLegend(svg, legend);
    drawAxes(svg, top, across, up);
    for (Series s : series) {
      new Drawing(svg, top, across, up, s).draw();
    }
    return svg.toString();
  }

  private Axis xAxis() {
    DoubleStream places = series.stream().flatMapToDouble(Chart::places);
    var all = places.filter(Axis::isDrawn).summaryStatistics();
    if (all.getCount() == 0) {
      return Axis.exactly(0, 1);
    }
    return whole
        ? Axis.exactly(all.getMin(), Math.max(all.getMax(), all.getMin() + 1)).whole()
        : Axis.exactly(all.getMin(), all.getMax());
  }

  private static DoubleStream places(Series s) {
    double half = s.mark == Mark.BARS ? barWidth(s.x) / 2 : 0;
    return Arrays.stream(s.x).flatMap(x -> DoubleStream.of(x - half, x + half));
  }

  private DoubleStream values() {
    return series.stream()
        .flatMapToDouble(
            s ->
                s.mark == Mark.BARS
                    ? DoubleStream.concat(DoubleStream.of(0), Arrays.stream(s.y))
                    : Arrays.stream(s.y));
  }

  /** The least distance of two places that differ, or 1 where there are none. */
  private static double barWidth(double[] x) {
    double[] sorted = Arrays.stream(x).filter(Axis::isDrawn).sorted().distinct().toArray();
    double least = Double.POSITIVE_INFINITY;
    for (int i = 1; i < sorted.length; i++) {
      least = Math.min(least, sorted[i] - sorted[i - 1]);
    }
    return Double.isFinite(least) ? least : 1;
  }

  /** The named series, in lines that fit. */
  private List<List<Series>> legend() {
    var lines = new ArrayList<List<Series>>();
    double free = 0;
    for (Series s : series) {
      if (s.name != null) {
        free -= width(s);
        if (lines.isEmpty() || free < 0) {
          lines.add(new ArrayList<>());
          free = plotWidth - width(s);
        }
        lines.getLast().add(s);
      }
    }
    return lines;
  }

  private static double width(Series s) {
    return 60 + LETTER * s.name.codePointCount(0, s.name.length());
  }

  private static void drawLegend(Svg svg, List<List<Series>> lines) {
    double y = TITLE;
    for (List<Series> line : lines) {
      y += LEGEND_LINE;
      double x = LEFT;
      for (Series s : line) {
        svg.begin(s.colour);
        String ends =
            "%s,%s %s,%s"
                .formatted(Svg.number(x), Svg.number(y - 5), Svg.number(x + 26), Svg.number(y - 5));
        switch (s.mark) {
          case BARS -> svg.rect(x + 6, y - 11, 12, 12, "fill-opacity='0.75'");
          case POINTS -> svg.circle(x + 13, y - 5, 4);
          case DOTTED_LINE -> svg.path(ends, style(s.mark)).circle(x + 13, y - 5, 4);
          default -> svg.path(ends, style(s.mark));
        }
        svg.end().text(x + 34, y, "start", s.name, "");
        x += width(s);
      }
    }
  }

  static String style(Mark mark) {
    return switch (mark) {
      case FAINT -> "stroke-width='1.2' stroke-opacity='0.4'";
      case DASHED -> "stroke-width='1.5' stroke-dasharray='6 5'";
      default -> "stroke-width='2.5'";
    };
  }

  private void drawAxes(Svg svg, int top, Axis across, Axis up) {
    int bottom = top + plotHeight;
    int right = LEFT + plotWidth;
    for (double tick : up.ticks()) {
      double y = bottom - plotHeight * up.at(tick);
      svg.grid(LEFT, y, right, y);
      svg.text(LEFT - 10, y + 5, "end", up.label(tick), "");
    }
    for (double tick : across.ticks()) {
      double x = LEFT + plotWidth * across.at(tick);
      svg.grid(x, bottom, x, bottom + 6);
      svg.text(x, bottom + 23, "middle", across.label(tick), "");
    }
    svg.grid(LEFT, bottom, right, bottom);
    double middle = top + plotHeight / 2.0;
    svg.text(LEFT + plotWidth / 2.0, bottom + 47, "middle", xLabel, "");
    String turned = "transform='rotate(-90 18 %s)'".formatted(Svg.number(middle));
    svg.text(18, middle, "middle", yLabel, turned);
  }

  /** One series on its way into the picture. */
  private final class Drawing {
    private final Svg svg;
    private final int top;
    private final Axis across;
    private final Axis up;
    private final Series series;

    Drawing(Svg svg, int top, Axis across, Axis up, Series series) {
      this.svg = svg;
      this.top = top;
      this.across = across;
      this.up = up;
      this.series = series;
    }

    void draw() {
      svg.begin(series.colour);
      switch (series.mark) {
        case BARS -> bars();
        case POINTS -> dots(4);
        case DOTTED_LINE -> {
          lines();
          dots(4);
        }
        default -> lines();
      }
      svg.end();
    }

    private boolean isDrawn(int i) {
      return Axis.isDrawn(series.x[i]) && Axis.isDrawn(series.y[i]);
    }

    private double x(double value) {
      return LEFT + Math.clamp(plotWidth * across.at(value), -OUTSIDE, plotWidth + OUTSIDE);
    }

    private double y(double value) {
      double height = Math.clamp(plotHeight * up.at(value), -OUTSIDE, plotHeight + OUTSIDE);
      return top + plotHeight - height;
    }

    private void dots(double radius) {
      for (int i = 0; i < series.x.length; i++) {
        if (isDrawn(i)) {
          svg.circle(x(series.x[i]), y(series.y[i]), radius);
        }
      }
    }

    private void bars() {
      double width = barWidth(series.x);
      for (int i = 0; i < series.x.length; i++) {
        if (isDrawn(i)) {
          double from = x(series.x[i] - 0.46 * width);
          double to = x(series.x[i] + 0.46 * width);
          double end = y(series.y[i]);
          double zero = y(0);
          double high = Math.min(end, zero);
          svg.rect(from, high, to - from, Math.abs(end - zero), "fill-opacity='0.75'");
        }
      }
    }

    /** A line for each run of values without a gap; a value alone is a dot. */
    private void lines() {
      int count = series.x.length;
      for (int from = 0; from < count; from++) {
        if (!isDrawn(from)) {
          continue;
        }
        int to = from;
        while (to < count && isDrawn(to)) {
          to++;
        }
        if (to - from == 1) {
          svg.circle(x(series.x[from]), y(series.y[from]), 2.5);
        } else {
          svg.path(points(from, to), style(series.mark));
        }
        from = to;
      }
    }

    /** Of each column of pixels its first, lowest, highest and last value: no more can be seen. */
    private String points(int from, int to) {
      var points = new StringBuilder();
      for (int i = from; i < to; ) {
        double column = Math.floor(x(series.x[i]));
        int low = i;
        int high = i;
        int end = i;
        while (end < to && Math.floor(x(series.x[end])) == column) {
          low = series.y[end] < series.y[low] ? end : low;
          high = series.y[end] > series.y[high] ? end : high;
          end++;
        }
        int[] seen = {i, Math.min(low, high), Math.max(low, high), end - 1};
        Arrays.stream(seen).distinct().forEach(at -> add(points, at));
        i = end;
      }
      return points.toString().strip();
    }

    private void add(StringBuilder points, int i) {
      points.append(Svg.number(x(series.x[i]))).append(',');
      points.append(Svg.number(y(series.y[i]))).append(' ');
    }
  }
}
