package dev.galen.examples.clinical.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;

/**
 * A table whose first column names its rows.
 *
 * @param caption what it shows
 * @param columns their names
 * @param rows as many cells each as there are columns: a text, a number, or null for what is not
 *     known
 */
public record Table(String caption, List<String> columns, List<List<Object>> rows)
    implements Block {
  /** Checks the rows, and copies all. */
  public Table {
    Objects.requireNonNull(caption, "caption");
    columns = List.copyOf(columns);
    var copies = new ArrayList<List<Object>>();
    for (List<?> row : rows) {
      if (row.size() != columns.size()) {
        throw new IllegalArgumentException(
            "table \"%s\": a row has %d cells for %d columns"
                .formatted(caption, row.size(), columns.size()));
      }
      for (Object cell : row) {
        if (cell != null && !(cell instanceof String) && !(cell instanceof Number)) {
          throw new IllegalArgumentException(
              "table \"%s\": a cell is a %s, must be a text or a number"
                  .formatted(caption, cell.getClass().getSimpleName()));
        }
      }
      copies.add(Collections.unmodifiableList(new ArrayList<>(row)));
    }
    rows = Collections.unmodifiableList(copies);
  }

  /** A table to which rows are added. */
  public static Builder of(String caption, String... columns) {
    return new Builder(caption, columns);
  }

  /** Collects rows. */
  public static final class Builder {
    private final String caption;
    private final List<String> columns;
    private final List<List<Object>> rows = new ArrayList<>();

    private Builder(String caption, String... columns) {
      this.caption = caption;
      this.columns = List.of(columns);
    }

    /** Adds a row; see {@link Table#rows}. */
    public Builder row(Object... cells) {
      rows.add(Arrays.asList(cells.clone()));
      return this;
    }

    /** The table. */
    public Table build() {
      return new Table(caption, columns, rows);
    }
  }
}
