package dev.galen.train.chart;

import java.util.List;

/** A table of cells, each with a number and a shade: confusion matrices, searches over two axes. */
public final class CellChart {
  private static final int LARGEST_CELL = 110;
  private static final int SMALLEST_CELL = 16;
  private static final int TABLE = 520;
  private static final int READABLE_CELL = 34;
  private static final int LONGEST_LABEL = 24;
  private static final double LETTER = 7.8;
  private static final int TITLE = 30;

  /**
   * One cell.
   *
   * @param text what stands in it, or empty
   * @param note smaller below, or empty
   * @param shade 0 for the paper's colour to 1 for the darkest; NaN for none
   */
  public record Cell(String text, String note, double shade) {}

  private final String title;
  private final String caption;
  private final String rowTitle;
  private final String columnTitle;
  private final List<String> rows;
  private final List<String> columns;
  private final List<List<Cell>> cells;

  /**
   * A table.
   *
   * @param caption what the shade means
   * @param rowTitle what the rows are
   * @param columnTitle what the columns are
   * @param rows a label for each row
   * @param columns a label for each column
   * @param cells row by row, as many as the labels say
   */
  public CellChart(
      String title,
      String caption,
      String rowTitle,
      String columnTitle,
      List<String> rows,
      List<String> columns,
      List<List<Cell>> cells) {
    if (rows.isEmpty() || columns.isEmpty() || cells.size() != rows.size()) {
      throw new IllegalArgumentException(
          "a table of cells needs rows and columns, got %d rows of cells for %d row and %d column labels"
              .formatted(cells.size(), rows.size(), columns.size()));
    }
    for (List<Cell> row : cells) {
      if (row.size() != columns.size()) {
        throw new IllegalArgumentException(
            "a row has %d cells for %d columns".formatted(row.size(), columns.size()));
      }
    }
    this.title = title;
    this.caption = caption;
    this.rowTitle = rowTitle;
    this.columnTitle = columnTitle;
    this.rows = rows.stream().map(CellChart::shortened).toList();
    this.columns = columns.stream().map(CellChart::shortened).toList();
    this.cells = cells.stream().map(List::copyOf).toList();
  }

  /** The picture as an SVG document. */
  public String svg() {
    int most = Math.max(rows.size(), columns.size());
    int cell = Math.clamp(TABLE / most, SMALLEST_CELL, LARGEST_CELL);
    double columnText = longest(columns);
    boolean turned = columnText > cell - 6;
    int left = (int) (46 + longest(rows) + 12);
    int top = TITLE + 58 + (int) (turned ? columnText : 16) + 10;
    int tableWidth = cell * columns.size();
    int tableHeight = cell * rows.size();
    // The title begins where the picture does, and may be wider than the table.
    double words = Math.max(LETTER * 1.3 * length(title), LETTER * length(caption));
    int width = (int) Math.max(left + tableWidth, 18 + words) + 24;
    var svg = new Svg(width, top + tableHeight + 24, title);
    svg.text(18, TITLE, "start", title, "font-size='18' font-weight='600'");
    svg.text(18, TITLE + 22, "start", caption, "font-size='13' fill-opacity='0.75'");
    svg.text(left + tableWidth / 2.0, TITLE + 50, "middle", columnTitle, "font-weight='600'");
    double middle = top + tableHeight / 2.0;
    String up = "font-weight='600' transform='rotate(-90 26 %s)'".formatted(Svg.number(middle));
    svg.text(26, middle, "middle", rowTitle, up);
    for (int c = 0; c < columns.size(); c++) {
      double x = left + cell * (c + 0.5);
      if (turned) {
        String down = "transform='rotate(-90 %s %d)'".formatted(Svg.number(x + 5), top - 8);
        svg.text(x + 5, top - 8, "start", columns.get(c), down);
      } else {
        svg.text(x, top - 10, "middle", columns.get(c), "");
      }
    }
    for (int r = 0; r < rows.size(); r++) {
      svg.text(left - 10, top + cell * (r + 0.5) + 5, "end", rows.get(r), "");
      for (int c = 0; c < columns.size(); c++) {
        draw(svg, left + cell * c, top + cell * r, cell, cells.get(r).get(c));
      }
    }
    return svg.toString();
  }

  private static void draw(Svg svg, int x, int y, int size, Cell cell) {
    double shade = Math.clamp(Double.isNaN(cell.shade) ? 0 : cell.shade, 0, 1);
    String fill =
        "fill-opacity='%s' stroke='currentColor' stroke-opacity='0.25'"
            .formatted(Svg.fraction(0.04 + 0.88 * shade));
    svg.begin(Colour.BLUE).rect(x + 1, y + 1, size - 2, size - 2, fill).end();
    if (size < READABLE_CELL) {
      return;
    }
    int letters = Math.max(2, length(cell.text));
    double font = Math.clamp(Math.min(size / 3.2, 1.5 * (size - 6) / letters), 6, 18);
    boolean noted = !cell.note.isEmpty() && size >= 64;
    double middle = x + size / 2.0;
    double line = y + size / 2.0 + font * (noted ? 0.05 : 0.36);
    svg.onShade(middle, line, cell.text, font, shade);
    if (noted) {
      svg.onShade(middle, line + 20, cell.note, 12.5, shade);
    }
  }

  private static double longest(List<String> labels) {
    return LETTER * labels.stream().mapToInt(CellChart::length).max().orElse(0);
  }

  private static int length(String text) {
    return text.codePointCount(0, text.length());
  }

  private static String shortened(String label) {
    return length(label) <= LONGEST_LABEL
        ? label
        : label.substring(0, label.offsetByCodePoints(0, LONGEST_LABEL - 1)) + "…";
  }
}
