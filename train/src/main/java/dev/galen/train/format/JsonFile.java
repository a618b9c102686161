package dev.galen.train.format;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.galen.train.data.Example;
import dev.galen.train.data.Origin;
import dev.galen.train.text.PythonText;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;

/** Reads the rows of a JSON document or of JSON lines, holding one row at a time. */
final class JsonFile {

  /** Further fields that may be objects, and which no schema reads. */
  private static final Set<String> OBJECT_FIELDS = Set.of("meta", "metadata", "meta_info");

  private final Path file;
  private final RowSchemas schemas;

  JsonFile(Path file, RowSchemas schemas) {
    this.file = file;
    this.schemas = schemas;
  }

  /**
   * Whether a file that begins with an object holds rows, the first of them on one line: what many
   * tools write as JSON lines and still name {@code .json}. Malformed beginnings say no, so that
   * the document's reader can report them.
   */
  boolean looksLikeLines() throws IOException {
    try (JsonParser parser = JsonRows.parser(Utf8Reader.open(file))) {
      parser.nextToken();
      if (isMapOfRecords(parser)) {
        return false;
      }
      while (parser.currentToken() != JsonToken.END_OBJECT) {
        parser.skipChildren(); // to the brace of an object within, which does not end the row
        parser.nextToken();
      }
      long lastLine = parser.currentTokenLocation().getLineNr();
      return lastLine == 1 && parser.nextToken() != null;
    } catch (JsonProcessingException e) {
      return false;
    }
  }

  /**
   * With the parser on an object's brace, moves to its first value and says whether that is a
   * record of PubMedQA's {@code {id: record}} form, not a field of a row.
   */
  private boolean isMapOfRecords(JsonParser parser) throws IOException {
    String name = parser.nextFieldName();
    return name != null
        && parser.nextToken() == JsonToken.START_OBJECT
        && !OBJECT_FIELDS.contains(name)
        && !schemas.mayBeObject(name);
  }

  /** Reads lines that hold an object each; blank lines are passed over. */
  void readLines(Consumer<Example> sink) throws IOException {
    try (var reader = new BufferedReader(Utf8Reader.open(file), 1 << 16)) {
      long number = 0;
      for (String line; (line = reader.readLine()) != null; ) {
        number++;
        if (!PythonText.isBlank(line)) {
          var origin = new Origin(file.toString(), number);
          accept("", parseLine(line, origin), origin, sink);
        }
      }
    }
  }

  private JsonNode parseLine(String line, Origin origin) throws IOException {
    try (JsonParser parser = JsonRows.parser(line)) {
      parser.nextToken();
      JsonNode node = JsonRows.read(parser, schemas, origin);
      if (parser.nextToken() != null) {
        throw origin.error("more than one value; expected one JSON object on each line");
      }
      return node;
    } catch (JsonProcessingException e) {
      throw origin.error(JsonRows.problem(e));
    }
  }

  /** Reads a map of records, an array of rows, or rows one after another. */
  void readDocument(Consumer<Example> sink) throws IOException {
    try (JsonParser parser = JsonRows.parser(Utf8Reader.open(file))) {
      while (parser.nextToken() != null) {
        switch (parser.currentToken()) {
          case START_ARRAY -> readArray(parser, sink);
          case START_OBJECT -> readObject(parser, sink);
          default ->
              throw origin(parser)
                  .error(
                      "begins with "
                          + RowFields.describe(JsonRows.read(parser, schemas, origin(parser)))
                          + "; expected an object {id: record}, or an array of rows");
        }
      }
    } catch (JsonProcessingException e) {
      var location = e.getLocation();
      throw new Origin(file.toString(), location == null ? 0 : location.getLineNr())
          .error(JsonRows.problem(e));
    }
  }

  private void readArray(JsonParser parser, Consumer<Example> sink) throws IOException {
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      Origin origin = origin(parser);
      accept("", JsonRows.read(parser, schemas, origin), origin, sink);
    }
  }

  private void readObject(JsonParser parser, Consumer<Example> sink) throws IOException {
    Origin origin = origin(parser);
    if (!isMapOfRecords(parser)) {
      accept("", JsonRows.restOfRow(parser, schemas, origin), origin, sink);
      return;
    }
    Set<String> keys = new HashSet<>();
    for (; parser.currentToken() != JsonToken.END_OBJECT; JsonRows.nextValue(parser)) {
      String key = parser.currentName();
      Origin record = origin(parser);
      if (!keys.add(key)) {
        throw record.error("the record " + key + " is given twice; expected each id once");
      }
      accept(key, JsonRows.read(parser, schemas, record), record, sink);
    }
  }

  private void accept(String key, JsonNode node, Origin origin, Consumer<Example> sink)
      throws IOException {
    if (!(node instanceof ObjectNode row)) {
      throw origin.error(
          "the record is " + RowFields.describe(node) + "; expected an object with named fields");
    }
    Example example = schemas.read(new RowFields(row, key, origin));
    if (example != null) {
      sink.accept(example);
    }
  }

  private Origin origin(JsonParser parser) {
    return new Origin(file.toString(), parser.currentTokenLocation().getLineNr());
  }
}
