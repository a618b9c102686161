package dev.galen.examples.clinical.trust;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.galen.examples.clinical.pipeline.StrictLines;
import dev.galen.tensor.io.ErrorText;
import dev.galen.train.data.Example;
import dev.galen.train.data.Origin;
import dev.galen.train.format.DataFiles;
import dev.galen.train.format.RowFields;
import dev.galen.train.format.RowSchema;
import dev.galen.train.format.RowSchemas;
import dev.galen.train.format.RowSink;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Rows of which some fields are wanted: JSON lines, flat or as {@code galen clinical ingest} writes
 * them with a field {@code fields}, or whatever {@link DataFiles} reads, such as CSV. Values are
 * texts. A row that cannot be used is told by its place and left out.
 *
 * @param rows those that can be used, in order
 * @param rejects of the others, {@code file:line: problem}
 */
public record FieldRows(List<Row> rows, List<String> rejects) {
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  /**
   * A row.
   *
   * @param fields its wanted fields that have a value
   * @param origin file and line
   */
  public record Row(Map<String, String> fields, Origin origin) {
    /** A field, or null. */
    public String field(String name) {
      return fields.get(name);
    }
  }

  /** Copies the lists. */
  public FieldRows {
    rows = List.copyOf(rows);
    rejects = List.copyOf(rejects);
  }

  /**
   * Reads a file.
   *
   * @param required fields that each row has to have, not blank
   * @param optional other fields that are wanted
   * @throws IOException if the file cannot be read, or has no row that can be used
   */
  public static FieldRows read(Path file, Set<String> required, Set<String> optional)
      throws IOException {
    var rows = new ArrayList<Row>();
    var rejects = new ArrayList<String>();
    if (isJson(file)) {
      if (isArray(file)) {
        readArray(file, rows, rejects, required, optional);
      } else {
        readLines(file, rows, rejects, required, optional);
      }
    } else if (!DataFiles.readRows(file, new Cells(required, optional, rows, rejects))) {
      DataFiles.read(
          file,
          RowSchemas.of(List.of(new Columns(required, optional))),
          example -> add(((Named) example).row, required, rows, rejects));
    }
    if (rows.isEmpty()) {
      throw new IOException(
          "%s: has no row with %s%s"
              .formatted(
                  file,
                  String.join(" and ", required),
                  rejects.isEmpty() ? "" : "; the first of it: " + rejects.getFirst()));
    }
    return new FieldRows(rows, rejects);
  }

  private static boolean isJson(Path file) {
    String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
    return name.endsWith(".jsonl") || name.endsWith(".ndjson") || name.endsWith(".json");
  }

  private static boolean isArray(Path file) throws IOException {
    try (var reader = Files.newBufferedReader(file)) {
      int c = reader.read();
      while (c >= 0 && (Character.isWhitespace(c) || c == 0xFEFF)) {
        c = reader.read();
      }
      return c == '[';
    } catch (IOException e) {
      throw ErrorText.named(file, e);
    }
  }

  private static void readArray(
      Path file, List<Row> rows, List<String> rejects, Set<String> required, Set<String> optional)
      throws IOException {
    JsonNode all;
    try {
      all = MAPPER.readTree(Files.readAllBytes(file));
    } catch (JsonProcessingException e) {
      var place = e.getLocation();
      throw new Origin(file.toString(), place == null ? 0 : place.getLineNr())
          .error("is no JSON: an array of objects was expected");
    }
    long number = 0;
    for (JsonNode json : all) {
      // Elements are counted, as lines are: an array has no place of its own for each.
      add(
          row(json, new Origin(file.toString(), ++number), required, optional),
          required,
          rows,
          rejects);
    }
  }

  private static Row row(JsonNode json, Origin origin, Set<String> required, Set<String> optional) {
    var fields = new LinkedHashMap<String, String>();
    for (Set<String> names : List.of(required, optional)) {
      names.forEach(name -> put(json, name, fields));
    }
    return new Row(fields, origin);
  }

  private static void add(Row row, Set<String> required, List<Row> rows, List<String> rejects) {
    for (String name : required) {
      String value = row.field(name);
      if (value == null || value.isBlank()) {
        rejects.add(row.origin() + ": no field " + name);
        return;
      }
    }
    rows.add(row);
  }

  private static void readLines(
      Path file, List<Row> rows, List<String> rejects, Set<String> required, Set<String> optional)
      throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      var lines = new StrictLines(in);
      while (lines.next()) {
        var here = new Origin(file.toString(), lines.number());
        String line = lines.text();
        if (line == null) {
          rejects.add(here + ": not valid UTF-8");
        } else if (!line.isBlank()) {
          JsonNode json = json(line);
          if (json == null) {
            rejects.add(here + ": not a JSON object on one line");
          } else {
            add(row(json, here, required, optional), required, rows, rejects);
          }
        }
      }
    } catch (IOException e) {
      throw ErrorText.named(file, e);
    }
  }

  private static JsonNode json(String line) {
    try {
      JsonNode json = MAPPER.readTree(line);
      return json != null && json.isObject() ? json : null;
    } catch (JsonProcessingException e) {
      return null;
    }
  }

  private static void put(JsonNode json, String name, Map<String, String> fields) {
    JsonNode value = json.has(name) ? json.get(name) : json.path("fields").path(name);
    if (value.isValueNode() && !value.isNull()) {
      fields.put(name, value.asText());
    }
  }

  /** Rows of a format whose values have types. */
  private record Cells(
      Set<String> required, Set<String> optional, List<Row> rows, List<String> rejects)
      implements RowSink {
    @Override
    public boolean reads(String column) {
      return required.contains(column) || optional.contains(column);
    }

    @Override
    public void row(Map<String, ?> row, Origin origin) {
      var fields = new LinkedHashMap<String, String>();
      row.forEach(
          (name, value) -> {
            boolean plain =
                value instanceof String || value instanceof Number || value instanceof Boolean;
            if (plain && reads(name)) {
              fields.put(name, value.toString());
            }
          });
      add(new Row(fields, origin), required, rows, rejects);
    }
  }

  /** Columns of a table. */
  private record Columns(Set<String> required, Set<String> optional) implements RowSchema {
    @Override
    public String name() {
      return String.join(" and ", required);
    }

    @Override
    public Set<String> fields() {
      var all = new LinkedHashSet<>(required);
      all.addAll(optional);
      return all;
    }

    @Override
    public boolean matches(RowFields row) {
      return true;
    }

    @Override
    public Example read(RowFields row) throws IOException {
      var fields = new LinkedHashMap<String, String>();
      for (String name : row.given(fields())) {
        fields.put(name, row.string(name));
      }
      return new Named(new Row(fields, row.origin()));
    }
  }

  /** A row on its way through {@link DataFiles}. */
  private record Named(Row row) implements Example {
    @Override
    public Origin origin() {
      return row.origin();
    }

    @Override
    public String key() {
      return row.origin().toString();
    }

    @Override
    public String text() {
      return row.origin().toString();
    }
  }
}
