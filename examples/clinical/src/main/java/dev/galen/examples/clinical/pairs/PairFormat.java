package dev.galen.examples.clinical.pairs;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.galen.examples.clinical.document.Document;
import dev.galen.examples.clinical.pipeline.DocumentLines;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * How pairs are written: {@code instruction}, {@code input} and {@code output}, then {@code
 * template}, {@code version}, the document's {@code id}, and its {@code split}, {@code group} and
 * {@code patient} where it has them.
 */
public enum PairFormat implements DocumentLines {
  /** A JSON object a line. */
  JSONL {
    @Override
    public String header() {
      return null;
    }

    @Override
    public String line(Document pair) {
      var row = JsonNodeFactory.instance.objectNode();
      for (Map.Entry<String, String> field : pair.fields().entrySet()) {
        row.put(field.getKey(), field.getValue());
        if (field.getKey().equals("version")) {
          row.put("id", pair.id());
        }
      }
      try {
        return MAPPER.writeValueAsString(row);
      } catch (IOException e) {
        throw new UncheckedIOException("a writer in memory failed", e);
      }
    }
  },
  /** CSV as RFC 4180 has it, with a header. */
  CSV {
    @Override
    public String header() {
      return COLUMNS.stream().collect(Collectors.joining(","));
    }

    @Override
    public String line(Document pair) {
      List<String> cells = new ArrayList<>();
      for (String column : COLUMNS) {
        cells.add(cell(column.equals("id") ? pair.id() : pair.field(column)));
      }
      return String.join(",", cells);
    }
  };

  private static final JsonMapper MAPPER = new JsonMapper();
  private static final List<String> COLUMNS =
      List.of(
          "instruction",
          "input",
          "output",
          "template",
          "version",
          "id",
          "split",
          "group",
          "patient");

  /** The format that a file's name ends in: {@code .csv}, or any other for JSON lines. */
  public static PairFormat of(String fileName) {
    return fileName.toLowerCase(Locale.ROOT).endsWith(".csv") ? CSV : JSONL;
  }

  private static String cell(String value) {
    if (value == null) {
      return "";
    }
    boolean quoted = false;
    for (int i = 0; i < value.length(); i++) {
      quoted |= ",\"\n\r".indexOf(value.charAt(i)) >= 0;
    }
    quoted |= !value.isEmpty() && (value.startsWith(" ") || value.endsWith(" "));
    return quoted ? '"' + value.replace("\"", "\"\"") + '"' : value;
  }
}
