package dev.galen.train.data;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.galen.train.text.PythonText;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Consumer;

/** Reads the rows of a JSON document or of JSON lines, holding one row at a time. */
final class JsonFile {

  private static final ObjectMapper MAPPER = mapper();

  private final Path file;

  JsonFile(Path file) {
    this.file = file;
  }

  private static ObjectMapper mapper() {
    // A document of hundreds of megabytes in one field is as good as a short one.
    var limits = StreamReadConstraints.builder().maxStringLength(Integer.MAX_VALUE).build();
    var factory =
        JsonFactory.builder()
            .streamReadConstraints(limits)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            // Record ids are names too; a table of them would only grow.
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .build();
    // An id of 1.5 shall be refused rather than cut to 1.
    return new ObjectMapper(factory).disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT);
  }

  /**
   * Whether a file that begins with an object holds rows, the first of them on one line: what many
   * tools write as JSON lines and still name {@code .json}. Malformed beginnings say no, so that
   * the document's reader can report them.
   */
  static boolean looksLikeLines(Path file) throws IOException {
    try (JsonParser parser = MAPPER.getFactory().createParser(Utf8Reader.open(file))) {
      parser.nextToken();
      if (isMapOfRecords(parser)) {
        return false;
      }
      while (parser.currentToken() != JsonToken.END_OBJECT) {
        parser.nextToken();
        parser.skipChildren();
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
  private static boolean isMapOfRecords(JsonParser parser) throws IOException {
    String name = parser.nextFieldName();
    return name != null
        && parser.nextToken() == JsonToken.START_OBJECT
        && !RowReader.OBJECT_FIELDS.contains(name);
  }

  /** Reads lines that hold an object each; blank lines are passed over. */
  void readLines(Consumer<Example> sink) throws IOException {
    try (var reader = new BufferedReader(Utf8Reader.open(file), 1 << 16)) {
      long number = 0;
      for (String line; (line = reader.readLine()) != null; ) {
        number++;
        if (!PythonText.isBlank(line)) {
          accept("", parseLine(line, number), new Origin(file.toString(), number), sink);
        }
      }
    }
  }

  private JsonNode parseLine(String line, long number) throws IOException {
    var origin = new Origin(file.toString(), number);
    try (JsonParser parser = MAPPER.getFactory().createParser(line)) {
      JsonNode node = MAPPER.readTree(parser);
      if (parser.nextToken() != null) {
        throw origin.error("more than one value; expected one JSON object on each line");
      }
      return node;
    } catch (JsonProcessingException e) {
      throw malformed(e, number);
    }
  }

  /** Reads a map of records, an array of rows, or rows one after another. */
  void readDocument(Consumer<Example> sink) throws IOException {
    try (JsonParser parser = MAPPER.getFactory().createParser(Utf8Reader.open(file))) {
      while (parser.nextToken() != null) {
        switch (parser.currentToken()) {
          case START_ARRAY -> readArray(parser, sink);
          case START_OBJECT -> readObject(parser, sink);
          default ->
              throw origin(parser)
                  .error(
                      "begins with "
                          + parser.currentToken()
                          + "; expected an object {id: record}, or an array of rows");
        }
      }
    } catch (JsonProcessingException e) {
      throw malformed(e, 0);
    }
  }

  private void readArray(JsonParser parser, Consumer<Example> sink) throws IOException {
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      Origin origin = origin(parser);
      accept("", MAPPER.readTree(parser), origin, sink);
    }
  }

  private void readObject(JsonParser parser, Consumer<Example> sink) throws IOException {
    Origin origin = origin(parser);
    if (!isMapOfRecords(parser)) {
      accept("", restOfObject(parser), origin, sink);
      return;
    }
    while (parser.currentToken() != JsonToken.END_OBJECT) {
      String key = parser.currentName();
      Origin record = origin(parser);
      accept(key, MAPPER.readTree(parser), record, sink);
      if (parser.nextToken() == JsonToken.FIELD_NAME) {
        parser.nextToken();
      }
    }
  }

  /** The row whose first value the parser stands on. */
  private static ObjectNode restOfObject(JsonParser parser) throws IOException {
    ObjectNode row = MAPPER.createObjectNode();
    while (parser.currentToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      row.set(name, MAPPER.readTree(parser));
      if (parser.nextToken() == JsonToken.FIELD_NAME) {
        parser.nextToken();
      }
    }
    return row;
  }

  private static void accept(String key, JsonNode node, Origin origin, Consumer<Example> sink)
      throws IOException {
    if (!(node instanceof ObjectNode row)) {
      throw origin.error(
          "the record is " + RowReader.describe(node) + "; expected an object with named fields");
    }
    Example example = new RowReader(row, origin).read(key);
    if (example != null) {
      sink.accept(example);
    }
  }

  private Origin origin(JsonParser parser) {
    return new Origin(file.toString(), parser.currentTokenLocation().getLineNr());
  }

  /** One line from jackson's several; {@code line} is 0 when jackson's own count is the file's. */
  private IOException malformed(JsonProcessingException e, long line) {
    var location = e.getLocation();
    long at = line > 0 || location == null ? line : location.getLineNr();
    String column = location == null ? "" : ", column " + location.getColumnNr();
    String reason =
        e.getOriginalMessage().replaceAll("\\s*\\(start marker at [^)]*\\)", "").strip();
    return new Origin(file.toString(), at)
        .error("malformed JSON" + column + ": " + reason.lines().findFirst().orElse(""));
  }
}
