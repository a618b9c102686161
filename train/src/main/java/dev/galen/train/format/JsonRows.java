package dev.galen.train.format;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.galen.train.data.Origin;
import java.io.IOException;
import java.io.Reader;
import java.util.Map;

/**
 * JSON as Python's {@code json} module reads it, for that is what writes most data sets: {@code
 * NaN} and {@code Infinity} are numbers. Of a row only the fields that a {@link RowSchema} names
 * are kept; the others are passed over unread, so nothing in them can be wrong but their syntax.
 */
final class JsonRows {

  /** Python's own limit on the digits of an integer. */
  private static final int DIGITS = 4300;

  private static final int DEPTH = 1000;

  private static final ObjectMapper MAPPER = mapper();

  private JsonRows() {}

  private static ObjectMapper mapper() {
    // A document of hundreds of megabytes in one field is as good as a short one.
    var limits =
        StreamReadConstraints.builder()
            .maxStringLength(Integer.MAX_VALUE)
            .maxNameLength(Integer.MAX_VALUE)
            .maxNumberLength(DIGITS)
            .maxNestingDepth(DEPTH)
            .build();
    var factory =
        JsonFactory.builder()
            .streamReadConstraints(limits)
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            // Record ids are names too; a table of them would only grow.
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .build();
    return new ObjectMapper(factory).enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY);
  }

  static JsonParser parser(Reader reader) throws IOException {
    return MAPPER.getFactory().createParser(reader);
  }

  static JsonParser parser(String line) throws IOException {
    return MAPPER.getFactory().createParser(line);
  }

  /** The value that the parser stands on: a row where it is an object, else whatever it is. */
  static JsonNode read(JsonParser parser, RowSchemas schemas, Origin origin) throws IOException {
    if (parser.currentToken() != JsonToken.START_OBJECT) {
      return MAPPER.readTree(parser);
    }
    nextValue(parser);
    return restOfRow(parser, schemas, origin);
  }

  /** The row whose first value, or closing brace, the parser stands on. */
  static ObjectNode restOfRow(JsonParser parser, RowSchemas schemas, Origin origin)
      throws IOException {
    ObjectNode row = MAPPER.createObjectNode();
    for (; parser.currentToken() != JsonToken.END_OBJECT; nextValue(parser)) {
      String name = parser.currentName();
      if (!schemas.mayRead(name)) {
        parser.skipChildren();
        row.putNull(name); // The name is wanted where no field of the row is known.
      } else if (row.has(name)) {
        throw origin.error("the field " + name + " is given twice; expected it once");
      } else {
        row.set(name, MAPPER.readTree(parser));
      }
    }
    return row;
  }

  /** The value that a text spells as JSON. */
  static JsonNode tree(String json) throws JsonProcessingException {
    return MAPPER.readTree(json);
  }

  /** A value as strings, numbers, booleans, null, lists and maps. */
  static Object plain(JsonNode node) {
    return MAPPER.convertValue(node, Object.class);
  }

  /** The fields of an object as {@link #plain} values. */
  static Map<String, Object> plainFields(JsonNode object) {
    return MAPPER.convertValue(object, new TypeReference<Map<String, Object>>() {});
  }

  /** Moves behind a field's name. */
  static void nextValue(JsonParser parser) throws IOException {
    if (parser.nextToken() == JsonToken.FIELD_NAME) {
      parser.nextToken();
    }
  }

  /** What is wrong, in one line without advice about the settings of a library. */
  static String problem(JsonProcessingException e) {
    var location = e.getLocation();
    String column = location == null ? "" : ", column " + location.getColumnNr();
    return "malformed JSON" + column + ": " + reason(String.valueOf(e.getOriginalMessage()));
  }

  private static String reason(String message) {
    if (message.startsWith("Document nesting depth")) {
      return "nested deeper than " + DEPTH + " levels";
    }
    if (message.startsWith("Number value length")) {
      return "a number of more than " + DIGITS + " digits";
    }
    return message
        .replaceAll("\\s*\\(start marker at [^)]*\\)", "")
        .replaceAll(":? enable `[^`]*` to allow", "")
        .replaceAll("(Duplicate field '.*') for `.*", "$1")
        .lines()
        .findFirst()
        .orElse("")
        .strip();
  }
}
