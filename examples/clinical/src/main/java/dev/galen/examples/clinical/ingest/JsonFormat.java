package dev.galen.examples.clinical.ingest;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.galen.train.data.Origin;
import java.io.IOException;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A JSON document of rows: an array of them, one after another, {@code {id: row}}, {@code {column:
 * [values]}} and {@code {column: {row: value}}} as pandas writes them, or an object with an array
 * of rows under {@code data}, {@code rows}, ...; HuggingFace's server wraps each row in {@code
 * row}.
 */
final class JsonFormat implements SourceFormat {
  /** Under these names an object has its rows. */
  private static final Set<String> ROWS =
      Set.of("data", "rows", "records", "documents", "notes", "items", "examples", "results");

  /** Objects that stand in a row, not rows under their ids. */
  private static final Set<String> PARTS =
      Set.of("context", "meta", "metadata", "meta_info", "options", "fields");

  @Override
  public String name() {
    return "json";
  }

  @Override
  public String reads() {
    return ".json: an array of rows, {id: row}, {column: [values]}, or rows under \"data\"";
  }

  @Override
  public boolean recognises(SourceFile file) {
    return file.endsIn("json", "jsonl", "ndjson")
        || (file.ending().isEmpty() && (file.beginsWith("{\"") || file.beginsWith("[{")));
  }

  @Override
  public void read(SourceFile file, IngestOptions options, RecordSink sink) throws IOException {
    var documents = new RowDocuments(options, sink);
    try (JsonParser parser =
        JsonText.MAPPER.getFactory().createParser(file.text(options.charset()))) {
      while (parser.nextToken() != null) {
        switch (parser.currentToken()) {
          case START_ARRAY -> array(parser, file, documents);
          case START_OBJECT -> object(parser, file, documents);
          default -> documents.malformed(origin(parser, file), "no object, but a single value");
        }
      }
    } catch (JsonProcessingException e) {
      var place = e.getLocation();
      sink.reject(
          file.origin(place == null ? 0 : place.getLineNr()),
          JsonText.problem(e) + "; the rest of the file is not read");
    }
  }

  private static Origin origin(JsonParser parser, SourceFile file) {
    return file.origin(parser.currentTokenLocation().getLineNr());
  }

  private static void array(JsonParser parser, SourceFile file, RowDocuments documents)
      throws IOException {
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      Origin origin = origin(parser, file);
      JsonNode row = JsonText.MAPPER.readTree(parser);
      JsonNode wrapped = row.path("row");
      documents.take("", wrapped.isObject() && row.has("row_idx") ? wrapped : row, origin);
    }
  }

  /** With the parser on an object's brace. */
  private static void object(JsonParser parser, SourceFile file, RowDocuments documents)
      throws IOException {
    Origin begin = origin(parser, file);
    ObjectNode fields = JsonText.MAPPER.createObjectNode();
    Set<String> keys = new HashSet<>();
    boolean records = false;
    boolean held = false;
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      JsonToken value = parser.nextToken();
      Origin origin = origin(parser, file);
      if (value == JsonToken.START_ARRAY && ROWS.contains(name) && !fields.has("text")) {
        array(parser, file, documents);
        held = true;
        continue;
      }
      if (held) {
        parser.skipChildren(); // what is said of the rows besides
        continue;
      }
      JsonNode node = JsonText.MAPPER.readTree(parser);
      if (!records && fields.isEmpty() && isRecord(name, node)) {
        records = true;
      }
      if (!records) {
        if (fields.has(name)) {
          throw origin.error("a field is given twice; expected it once");
        }
        fields.set(name, node);
      } else if (node.isObject()) {
        if (keys.add(name)) {
          documents.take(name, node, origin);
        } else {
          documents.malformed(origin, "the id of this record was given before");
        }
      } else {
        documents.malformed(origin, "the record is no object with named fields");
      }
    }
    if (records || held) {
      return;
    }
    List<ObjectNode> rows = columns(fields);
    if (rows.isEmpty()) {
      documents.take("", fields, begin);
    }
    for (ObjectNode row : rows) {
      documents.take("", row, begin);
    }
  }

  /** Whether an object's first value is a record under its id, and no part of a row. */
  private static boolean isRecord(String name, JsonNode node) {
    return node.isObject() && !PARTS.contains(name) && !isColumn(node);
  }

  /** {@code {"0": value, "1": value}}. */
  private static boolean isColumn(JsonNode node) {
    Iterator<String> names = node.fieldNames();
    return names.hasNext() && names.next().equals("0");
  }

  /** The rows of an object of columns of one length; none if it is not that. */
  private static List<ObjectNode> columns(ObjectNode fields) {
    int length = -1;
    for (JsonNode column : fields) {
      boolean values = column.isArray() || column.isObject() && isColumn(column);
      if (!values || length >= 0 && column.size() != length) {
        return List.of();
      }
      length = column.size();
    }
    var rows = new java.util.ArrayList<ObjectNode>();
    for (int i = 0; i < length; i++) {
      ObjectNode row = JsonText.MAPPER.createObjectNode();
      for (Map.Entry<String, JsonNode> column : fields.properties()) {
        JsonNode values = column.getValue();
        JsonNode value = values.isArray() ? values.get(i) : values.get(Integer.toString(i));
        if (value == null) {
          return List.of();
        }
        row.set(column.getKey(), value);
      }
      rows.add(row);
    }
    return rows;
  }
}
