package dev.galen.examples.formats;

import dev.galen.train.data.Origin;
import dev.galen.train.format.RowSink;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Hands the rows of columns to a sink, and says what is wrong in one line. */
final class Columns {
  private final String file;
  private final RowSink sink;
  private long rows;

  Columns(String file, RowSink sink) {
    this.file = file;
    this.sink = sink;
  }

  /**
   * Hands out {@code count} rows.
   *
   * @param columns null for what is not read
   */
  void rows(List<String> names, List<Column> columns, int count) throws IOException {
    for (int i = 0; i < count; i++) {
      var origin = new Origin(file, ++rows);
      sink.row(row(names, columns, i, origin), origin);
    }
  }

  private static Map<String, Object> row(
      List<String> names, List<Column> columns, int i, Origin origin) throws IOException {
    var row = new LinkedHashMap<String, Object>();
    for (int field = 0; field < names.size(); field++) {
      Column column = columns.get(field);
      try {
        row.put(names.get(field), column == null ? null : column.get(i));
      } catch (DamagedException | IndexOutOfBoundsException e) {
        throw origin.error(
            "the column %s is damaged: %s".formatted(names.get(field), line(e.getMessage())));
      }
    }
    return row;
  }

  /** Refuses a column of a type that no row can have. */
  IOException refused(String name, String type) {
    return whole(
        "the column %s is of type %s; expected strings, booleans, numbers, and lists or structs of them (write it as a string)"
            .formatted(name, type));
  }

  /** What to throw for the file as a whole. */
  IOException whole(String problem) {
    return new Origin(file, 0).error(problem);
  }

  /** The first line of a message. */
  static String line(String message) {
    return String.valueOf(message).lines().findFirst().orElse("").strip();
  }
}
