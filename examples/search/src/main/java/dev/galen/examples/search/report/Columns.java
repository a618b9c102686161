package dev.galen.examples.search.report;

import java.util.ArrayList;
import java.util.List;

/** Rows of words as lines in which columns stand end below each other. */
final class Columns {
  private Columns() {}

  static List<String> lines(List<List<String>> rows) {
    int columns = rows.getFirst().size();
    var widths = new int[columns];
    for (List<String> row : rows) {
      for (int c = 0; c < columns; c++) {
        widths[c] = Math.max(widths[c], row.get(c).length());
      }
    }
    var lines = new ArrayList<String>();
    for (List<String> row : rows) {
      var line = new StringBuilder();
      for (int c = 0; c < columns; c++) {
        String space = " ".repeat(widths[c] - row.get(c).length());
        line.append(c == 0 ? "" : "  ").append(space).append(row.get(c));
      }
      lines.add(line.toString());
    }
    return lines;
  }
}
