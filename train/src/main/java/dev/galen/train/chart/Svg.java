package dev.galen.train.chart;

import java.util.Locale;

/**
 * An SVG document that grows. Sizes and places are pixels, from the top left. Colours stand in
 * attributes, for viewers that know nothing else; a style sheet turns them where the reader's
 * screen is dark.
 */
final class Svg {
  static final String PAPER = "#ffffff";
  static final String INK = "#24292f";
  private static final String GRID = "#d8dee4";

  private static final String FONTS =
      "system-ui, -apple-system, 'Segoe UI', Roboto, 'DejaVu Sans', Helvetica, Arial, sans-serif";

  private final StringBuilder out = new StringBuilder();

  /**
   * An empty picture.
   *
   * @param title what readers hear who cannot see it
   */
  Svg(int width, int height, String title) {
    add(
        "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 %d %d' width='%d' height='%d'"
            + " role='img' font-family=\"%s\" font-size='14'>",
        width, height, width, height, FONTS);
    add("<title>%s</title>", escaped(title));
    out.append("<style>@media (prefers-color-scheme:dark){");
    out.append(".paper{fill:#0d1117}.ink{fill:#e6edf3}.grid{stroke:#30363d}");
    for (Colour colour : Colour.values()) {
      add(".%s{color:%s}", colour.name().toLowerCase(Locale.ROOT), colour.dark);
    }
    out.append("}</style>\n");
    add("<rect class='paper' width='%d' height='%d' fill='%s'/>", width, height, PAPER);
  }

  /** What is added until {@link #end} has this colour, as {@code currentColor}. */
  Svg begin(Colour colour) {
    add("<g class='%s' color='%s'>", colour.name().toLowerCase(Locale.ROOT), colour.light);
    return this;
  }

  Svg end() {
    out.append("</g>\n");
    return this;
  }

  /**
   * A line of text.
   *
   * @param anchor start, middle or end: which part of it lies at x
   * @param more further attributes
   */
  Svg text(double x, double y, String anchor, String text, String more) {
    add(
        "<text class='ink' x='%s' y='%s' text-anchor='%s' fill='%s' %s>%s</text>\n",
        number(x), number(y), anchor, INK, more, escaped(text));
    return this;
  }

  /** A line of text in the middle of a cell: white where the cell is dark enough. */
  Svg onShade(double x, double y, String text, double size, double shade) {
    add(
        "<text %s x='%s' y='%s' text-anchor='middle' fill='%s' font-size='%s'>%s</text>\n",
        shade > 0.55 ? "" : "class='ink'",
        number(x),
        number(y),
        shade > 0.55 ? PAPER : INK,
        number(size),
        escaped(text));
    return this;
  }

  /** A thin straight line behind what is drawn. */
  Svg grid(double x1, double y1, double x2, double y2) {
    add(
        "<line class='grid' x1='%s' y1='%s' x2='%s' y2='%s' stroke='%s'/>\n",
        number(x1), number(y1), number(x2), number(y2), GRID);
    return this;
  }

  Svg rect(double x, double y, double width, double height, String more) {
    add(
        "<rect x='%s' y='%s' width='%s' height='%s' fill='currentColor' %s/>\n",
        number(x), number(y), number(Math.max(0, width)), number(Math.max(0, height)), more);
    return this;
  }

  Svg circle(double x, double y, double radius) {
    add(
        "<circle cx='%s' cy='%s' r='%s' fill='currentColor'/>\n",
        number(x), number(y), number(radius));
    return this;
  }

  /** A line through {@code points}, which are pairs as SVG writes them. */
  Svg path(CharSequence points, String more) {
    add(
        "<polyline points='%s' fill='none' stroke='currentColor' stroke-linejoin='round'"
            + " stroke-linecap='round' %s/>\n",
        points, more);
    return this;
  }

  /** A place in tenths of a pixel, without zeros at its end. */
  static String number(double value) {
    double tenths = Math.rint(value * 10) / 10;
    return tenths == Math.rint(tenths)
        ? String.valueOf((long) tenths)
        : String.format(Locale.ROOT, "%.1f", tenths);
  }

  /** A share, such as an opacity. */
  static String fraction(double value) {
    return String.format(Locale.ROOT, "%.3f", value);
  }

  /** Text that cannot end its element, without the characters that XML has no place for. */
  static String escaped(String text) {
    var escaped = new StringBuilder();
    text.codePoints()
        .forEach(
            c -> {
              switch (c) {
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '&' -> escaped.append("&amp;");
                case '\t', '\n', '\r' -> escaped.append(' ');
                default -> escaped.appendCodePoint(isXml(c) ? c : '\uFFFD');
              }
            });
    return escaped.toString();
  }

  private static boolean isXml(int c) {
    return c >= 0x20 && c < 0xD800 || c >= 0xE000 && c < 0xFFFE || c > 0xFFFF;
  }

  private void add(String format, Object... values) {
    out.append(String.format(Locale.ROOT, format, values));
  }

  /** The document. */
  @Override
  public String toString() {
    return out + "</svg>\n";
  }
}
