package dev.galen.examples.formats;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.galen.train.data.Origin;
import dev.galen.train.format.DataFiles;
import dev.galen.train.format.RowSink;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** What {@code make.py} of the test resources wrote, and rows as JSON. */
final class Fixtures {
  private static final ObjectMapper JSON = new ObjectMapper();

  private Fixtures() {}

  static Path path(String name) {
    try {
      return Path.of(Fixtures.class.getResource("/formats/" + name).toURI());
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }

  /** The rows of a file, read by the columns that are wanted; others are null. */
  static List<ObjectNode> rows(Path path, Predicate<String> wanted) throws IOException {
    var rows = new ArrayList<ObjectNode>();
    boolean read =
        DataFiles.readRows(
            path,
            new RowSink() {
              @Override
              public boolean reads(String column) {
                return wanted.test(column);
              }

              @Override
              public void row(Map<String, ?> row, Origin origin) {
                rows.add(JSON.valueToTree(row));
              }
            });
    if (!read) {
      throw new AssertionError("nothing reads " + path);
    }
    return rows;
  }

  /** The rows that Python wrote, with these columns. */
  static List<ObjectNode> expected(String name, Predicate<String> wanted) throws IOException {
    var rows = new ArrayList<ObjectNode>();
    for (String line : Files.readAllLines(path(name))) {
      var row = (ObjectNode) JSON.readTree(line);
      var names = new ArrayList<String>();
      row.fieldNames().forEachRemaining(names::add);
      names.removeIf(wanted);
      rows.add(row.without(names));
    }
    return rows;
  }

  /** JSON without the difference of an int and a long of one value, or a float and a double. */
  static String text(JsonNode row) throws IOException {
    return JSON.writeValueAsString(JSON.readTree(row.toString()));
  }
}
