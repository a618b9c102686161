package dev.galen.examples.clinical.document;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.galen.train.data.Origin;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;

/**
 * A document as one line of JSON: {@code {"id", "text", "fields": {..}, "spans": [{"start", "end",
 * "category", ..}], "file", "line"}}. Offsets are code points of the text; a span's attributes
 * stand beside its category. Only {@code text} has to be there. What else stands in a line becomes
 * a field of its name: {@code {"ward": {"floor": 3}}} is the field {@code ward.floor}, a list of
 * values is joined by commas.
 */
public final class DocumentJson {
  private static final ObjectMapper MAPPER =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .disable(JsonWriteFeature.ESCAPE_NON_ASCII)
          .build();

  private static final Set<String> OWN = Set.of("id", "text", "fields", "spans", "file", "line");

  private DocumentJson() {}

  /** The line, without its end; {@code spans} are left out where there are none. */
  public static String write(Document document) {
    return write(document, false);
  }

  /**
   * The line, without its end.
   *
   * @param emptySpans whether {@code spans} is there, as an empty list, where there are none
   */
  public static String write(Document document, boolean emptySpans) {
    var line = new StringWriter(document.text().length() + 128);
    try (JsonGenerator json = MAPPER.getFactory().createGenerator(line)) {
      json.writeStartObject();
      json.writeStringField("id", document.id());
      json.writeStringField("text", document.text());
      if (!document.fields().isEmpty()) {
        json.writeObjectFieldStart("fields");
        for (Map.Entry<String, String> field : document.fields().entrySet()) {
          json.writeStringField(field.getKey(), field.getValue());
        }
        json.writeEndObject();
      }
      if (emptySpans || !document.annotations().isEmpty()) {
        json.writeArrayFieldStart("spans");
        var places = new CodePoints(document.text());
        for (Annotation annotation : document.annotations()) {
          json.writeStartObject();
          json.writeNumberField("start", places.offset(annotation.start()));
          json.writeNumberField("end", places.offset(annotation.end()));
          json.writeStringField("category", annotation.category());
          for (Map.Entry<String, String> attribute : annotation.attributes().entrySet()) {
            json.writeStringField(attribute.getKey(), attribute.getValue());
          }
          json.writeEndObject();
        }
        json.writeEndArray();
      }
      json.writeStringField("file", document.origin().file());
      json.writeNumberField("line", document.origin().line());
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("a writer in memory failed", e);
    }
    return line.toString();
  }

  /**
   * The document of a line.
   *
   * @param here where the line stands: the origin of a document that names none
   * @throws RejectedException if it is none; the message says what is wrong, without the place and
   *     without a word of the text
   */
  public static Document read(String line, Origin here) throws RejectedException {
    JsonNode row;
    try {
      row = MAPPER.readTree(line);
    } catch (JsonProcessingException e) {
      var place = e.getLocation();
      throw new RejectedException(
          "not a JSON object on one line"
              + (place == null ? "" : " (column " + place.getColumnNr() + ")"));
    }
    if (row == null || !row.isObject()) {
      throw new RejectedException("not a JSON object on one line");
    }
    String text = string(row, "text", null);
    String id = string(row, "id", here.toString());
    var fields = new LinkedHashMap<String, String>();
    requireKind(row.path("fields").isObject(), row, "fields", "object of named values");
    requireKind(row.path("spans").isArray(), row, "spans", "list");
    for (Map.Entry<String, JsonNode> field : row.path("fields").properties()) {
      if (!field.getValue().isNull()) {
        fields.put(field.getKey(), scalar(field.getValue(), field.getKey()));
      }
    }
    for (Map.Entry<String, JsonNode> other : row.properties()) {
      if (!OWN.contains(other.getKey())) {
        add(fields, other.getKey(), other.getValue());
      }
    }
    var origin =
        row.has("file") ? new Origin(string(row, "file", null), row.path("line").asLong()) : here;
    return new Document(id, text, fields, spans(row.path("spans"), text), origin);
  }

  private static void requireKind(boolean right, JsonNode row, String name, String expected)
      throws RejectedException {
    if (!right && row.hasNonNull(name)) {
      throw new RejectedException(name + " is no " + expected);
    }
  }

  private static void add(Map<String, String> fields, String name, JsonNode value)
      throws RejectedException {
    if (value.isObject()) {
      for (Map.Entry<String, JsonNode> part : value.properties()) {
        add(fields, name + "." + part.getKey(), part.getValue());
      }
    } else if (!value.isNull()) {
      var words = new StringJoiner(", ");
      for (JsonNode one : value.isArray() ? value : List.of(value)) {
        words.add(scalar(one, name));
      }
      if (fields.putIfAbsent(name, words.toString()) != null) {
        throw new RejectedException(
            "the field " + name + " stands in the record and in its fields");
      }
    }
  }

  private static List<Annotation> spans(JsonNode spans, String text) throws RejectedException {
    List<Annotation> annotations = new ArrayList<>();
    int length = text.codePointCount(0, text.length());
    var places = new CodePoints(text);
    for (JsonNode span : spans) {
      JsonNode start = span.path("start");
      JsonNode end = span.path("end");
      if (!start.isInt() || !end.isInt()) {
        throw new RejectedException(
            "a span without start and end; expected offsets in code points");
      }
      if (start.asInt() < 0 || end.asInt() < start.asInt() || end.asInt() > length) {
        throw new RejectedException(
            "a span from %d to %d; expected offsets within the %d code points of the text"
                .formatted(start.asInt(), end.asInt(), length));
      }
      var attributes = new LinkedHashMap<String, String>();
      for (Map.Entry<String, JsonNode> field : span.properties()) {
        if (!List.of("start", "end", "category").contains(field.getKey())) {
          attributes.put(field.getKey(), scalar(field.getValue(), field.getKey()));
        }
      }
      annotations.add(
          new Annotation(
              places.index(start.asInt()),
              places.index(end.asInt()),
              string(span, "category", null),
              attributes));
    }
    return annotations;
  }

  private static String string(JsonNode row, String name, String otherwise)
      throws RejectedException {
    JsonNode value = row.get(name);
    if (value == null || value.isNull()) {
      if (otherwise == null) {
        throw new RejectedException("no field " + name + "; expected a string");
      }
      return otherwise;
    }
    return scalar(value, name);
  }

  private static String scalar(JsonNode value, String name) throws RejectedException {
    if (!value.isValueNode() || value.isNull()) {
      throw new RejectedException("the field " + name + " is no string, number or truth value");
    }
    String text = value.asText();
    if (hasHalf(text)) {
      throw new RejectedException(
          "the field " + name + " has half a surrogate pair, which UTF-8 cannot hold");
    }
    return text;
  }

  /** Whether a surrogate stands alone, as a cut emoji leaves it. */
  private static boolean hasHalf(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isHighSurrogate(c)
          && i + 1 < text.length()
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        i++;
      } else if (Character.isSurrogate(c)) {
        return true;
      }
    }
    return false;
  }
}
