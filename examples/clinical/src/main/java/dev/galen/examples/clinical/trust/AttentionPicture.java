package dev.galen.examples.clinical.trust;

import java.util.List;
import java.util.Locale;

/**
 * One layer's attention as SVG: the mean of the heads large, with the tokens, and the heads small.
 * Cells of one shade are one path, so that a long text stays a small picture.
 */
final class AttentionPicture {
  private static final int SHADES = 10;
  private static final double LEAST = 0.05;
  private static final int LABELLED = 80;
  private static final int LONGEST = 14;
  private static final int SMALL = 150;
  private static final int ACROSS = 5;

  private final StringBuilder svg = new StringBuilder();

  private AttentionPicture() {}

  static String svg(int layer, List<String> tokens, float[][] mean, float[][][] heads) {
    return new AttentionPicture().draw(layer, tokens, mean, heads);
  }

  private String draw(int layer, List<String> tokens, float[][] mean, float[][][] heads) {
    int time = tokens.size();
    int cell = Math.clamp(640 / time, 3, 22);
    boolean labelled = time <= LABELLED;
    int edge = labelled ? 120 : 20;
    int rows = (heads.length + ACROSS - 1) / ACROSS;
    int large = edge + cell * time;
    int width = Math.max(large + 20, 20 + ACROSS * (SMALL + 14));
    int height = large + 30 + rows * (SMALL + 34);
    add(
        "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 %d %d' width='%d' height='%d'"
            + " role='img' font-family='system-ui, sans-serif' font-size='11'>",
        width, height, width, height);
    add("<title>Attention of layer %d</title>", layer);
    svg.append("<style>@media (prefers-color-scheme:dark){.paper{fill:#0d1117}.ink{fill:#e6edf3}");
    svg.append(".shade{color:#56b4e9}.edge{stroke:#8b949e}}</style>");
    add("<rect class='paper' width='%d' height='%d' fill='#ffffff'/>", width, height);
    if (labelled) {
      for (int t = 0; t < time; t++) {
        double middle = edge + cell * (t + 0.5) + 4;
        String label = label(tokens.get(t));
        add(
            "<text class='ink' x='%d' y='%.1f' text-anchor='end'>%s</text>",
            edge - 5, middle, label);
        add(
            "<text class='ink' x='%.1f' y='%d' transform='rotate(-90 %.1f %d)'>%s</text>",
            middle, edge - 5, middle, edge - 5, label);
      }
    }
    map(mean, edge, edge, cell);
    for (int h = 0; h < heads.length; h++) {
      int x = 20 + h % ACROSS * (SMALL + 14);
      int y = large + 44 + h / ACROSS * (SMALL + 34);
      add("<text class='ink' x='%d' y='%d'>head %d</text>", x, y - 5, h + 1);
      map(heads[h], x, y, (double) SMALL / time);
    }
    return svg + "</svg>\n";
  }

  private void map(float[][] weights, int left, int top, double cell) {
    double size = cell * weights.length;
    add(
        "<rect class='edge' x='%d' y='%d' width='%.1f' height='%.1f' fill='none'"
            + " stroke='#7d858e'/>",
        left, top, size, size);
    // Cells are unit squares, so that a path is short.
    add(
        "<g class='shade' color='#0072b2' transform='translate(%d %d) scale(%.4f)'>",
        left, top, cell);
    for (int shade = 1; shade <= SHADES; shade++) {
      var path = new StringBuilder();
      for (int i = 0; i < weights.length; i++) {
        for (int j = 0; j < weights.length; j++) {
          if (weights[i][j] >= LEAST && shade(weights[i][j]) == shade) {
            path.append('M').append(j).append(' ').append(i).append("h1v1h-1z");
          }
        }
      }
      if (!path.isEmpty()) {
        add(
            "<path fill='currentColor' fill-opacity='%.2f' d='%s'/>",
            0.1 + 0.9 * shade / SHADES, path);
      }
    }
    svg.append("</g>");
  }

  private static int shade(float weight) {
    return Math.clamp((int) Math.ceil(weight * SHADES), 1, SHADES);
  }

  private static String label(String token) {
    String shown = token.isBlank() ? "\u2423" : token.strip();
    int length = shown.codePointCount(0, shown.length());
    String cut =
        length <= LONGEST
            ? shown
            : shown.substring(0, shown.offsetByCodePoints(0, LONGEST - 1)) + "\u2026";
    var escaped = new StringBuilder();
    cut.codePoints()
        .forEach(
            c -> {
              switch (c) {
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '&' -> escaped.append("&amp;");
                default ->
                    escaped.appendCodePoint(
                        c < 0x20 || c >= 0xD800 && c < 0xE000 || (c & 0xFFFE) == 0xFFFE
                            ? 0xFFFD
                            : c);
              }
            });
    return escaped.toString();
  }

  private void add(String format, Object... values) {
    svg.append(String.format(Locale.ROOT, format, values));
  }
}
