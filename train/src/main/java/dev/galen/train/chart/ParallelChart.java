package dev.galen.train.chart;

import java.util.List;
import java.util.Locale;

/**
 * Parallel coordinates: an axis for each quantity, side by side, and a line across them for each
 * case, such as the trials of a search. Lines are drawn in the order they are given.
 */
public final class ParallelChart {
  private static final int TITLE = 30;
  private static final int TOP = 86;
  private static final int HEIGHT = 320;
  private static final int BOTTOM = 40;
  private static final int APART = 170;
  private static final int MARGIN = 90;
  private static final int LONGEST_LABEL = 20;

  /**
   * A mark of an axis.
   *
   * @param at its place, 0 for the lower end to 1 for the upper
   * @param label what stands beside it
   */
  public record Tick(double at, String label) {}

  /**
   * One quantity.
   *
   * @param name stands above
   * @param ticks its marks
   */
  public record Quantity(String name, List<Tick> ticks) {
    /** Keeps its own copy. */
    public Quantity {
      ticks = List.copyOf(ticks);
    }
  }

  /**
   * One case.
   *
   * @param places on each axis, from 0 to 1; NaN where it has none, which is a gap
   * @param opacity from 0 to 1
   * @param isMarked whether it stands out in another colour
   */
  public record Line(double[] places, double opacity, boolean isMarked) {}

  private final String title;
  private final String caption;
  private final List<Quantity> axes;
  private final List<Line> lines;

  /**
   * A chart.
   *
   * @param caption what the shade of lines means
   * @param axes from the left to the right, one or more
   * @param lines each with a place for each axis
   */
  public ParallelChart(String title, String caption, List<Quantity> axes, List<Line> lines) {
    if (axes.isEmpty()) {
      throw new IllegalArgumentException("parallel coordinates need an axis or more");
    }
    for (Line line : lines) {
      if (line.places.length != axes.size()) {
        throw new IllegalArgumentException(
            "a line has %d places for %d axes".formatted(line.places.length, axes.size()));
      }
    }
    this.title = title;
    this.caption = caption;
    this.axes = List.copyOf(axes);
    this.lines = List.copyOf(lines);
  }

  /** The picture as an SVG document. */
  public String svg() {
    int width = Math.max(2 * MARGIN + APART * (axes.size() - 1), 520);
    var svg = new Svg(width, TOP + HEIGHT + BOTTOM, title);
    svg.text(18, TITLE, "start", title, "font-size='18' font-weight='600'");
    svg.text(18, TITLE + 22, "start", caption, "font-size='13' fill-opacity='0.75'");
    for (int a = 0; a < axes.size(); a++) {
      svg.grid(x(a), TOP, x(a), TOP + HEIGHT);
    }
    for (Line line : lines) {
      draw(svg, line);
    }
    for (int a = 0; a < axes.size(); a++) {
      svg.text(x(a), TOP - 12, "middle", shortened(axes.get(a).name()), "font-weight='600'");
      for (Tick tick : axes.get(a).ticks()) {
        svg.text(x(a) - 6, y(tick.at) + 4, "end", shortened(tick.label), "font-size='12'");
      }
    }
    return svg.toString();
  }

  private static double x(int axis) {
    return MARGIN + (double) APART * axis;
  }

  private static double y(double place) {
    return TOP + HEIGHT * (1 - Math.clamp(place, 0, 1));
  }

  /** A piece for each run of axes without a gap; a place alone is a dot. */
  private static void draw(Svg svg, Line line) {
    svg.begin(line.isMarked ? Colour.VERMILION : Colour.BLUE);
    String style =
        String.format(
            Locale.ROOT,
            "stroke-width='%s' stroke-opacity='%s'",
            line.isMarked ? "3" : "1.5",
            Svg.fraction(Math.clamp(line.opacity, 0, 1)));
    double[] places = line.places;
    for (int from = 0; from < places.length; from++) {
      var points = new StringBuilder();
      int to = from;
      for (; to < places.length && !Double.isNaN(places[to]); to++) {
        points.append(Svg.number(x(to))).append(',').append(Svg.number(y(places[to]))).append(' ');
      }
      if (to == from + 1) {
        svg.circle(x(from), y(places[from]), 2.5);
      } else if (to > from) {
        svg.path(points.toString().strip(), style);
      }
      from = to;
    }
    svg.end();
  }

  private static String shortened(String label) {
    return label.codePointCount(0, label.length()) <= LONGEST_LABEL
        ? label
        : "…" + label.substring(label.length() - LONGEST_LABEL + 1);
  }
}
