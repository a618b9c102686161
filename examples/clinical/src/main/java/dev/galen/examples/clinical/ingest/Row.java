package dev.galen.examples.clinical.ingest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.galen.examples.clinical.document.RejectedException;
import dev.galen.train.data.Origin;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** A record of named fields, whose names are compared in lower case. */
final class Row {
  private final String key;
  private final ObjectNode values;
  private final Origin origin;
  private final Map<String, String> names = new HashMap<>();

  /**
   * A row.
   *
   * @param key what a JSON object has it under, or empty
   */
  Row(String key, ObjectNode values, Origin origin) {
    this.key = key;
    this.values = values;
    this.origin = origin;
    values.fieldNames().forEachRemaining(name -> names.putIfAbsent(lower(name), name));
  }

  private static String lower(String name) {
    return name.strip().toLowerCase(Locale.ROOT);
  }

  String key() {
    return key;
  }

  Origin origin() {
    return origin;
  }

  ObjectNode values() {
    return values;
  }

  /** The names of its fields in lower case. */
  Set<String> names() {
    return names.keySet();
  }

  /** The value of a field; a missing node where there is none. */
  JsonNode value(String name) {
    return values.path(names.getOrDefault(lower(name), name));
  }

  /** The first of these fields that is there and not null, in words; null if none is. */
  String string(String... fields) {
    for (String field : fields) {
      JsonNode value = value(field);
      if (!value.isMissingNode() && !value.isNull()) {
        return words(value);
      }
    }
    return null;
  }

  /** The same, of which one must be there and be a single value. */
  String need(String... fields) throws RejectedException {
    String value = string(fields);
    if (value == null) {
      throw new RejectedException("no field " + fields[0]);
    }
    return value;
  }

  /** The first of these fields that is there as a list of strings; one string is a list of one. */
  List<String> list(String... fields) {
    for (String field : fields) {
      JsonNode value = value(field);
      if (value.isArray()) {
        var list = new ArrayList<String>();
        value.forEach(one -> list.add(words(one)));
        return list;
      }
      if (value.isValueNode() && !value.isNull()) {
        return List.of(value.asText());
      }
    }
    return List.of();
  }

  /** A field that is an object, as a row; one without fields where it is none. */
  Row object(String field) {
    JsonNode value = value(field);
    return new Row(key, value instanceof ObjectNode node ? node : values.objectNode(), origin);
  }

  /** All fields but these, in words; objects are flattened with dots in their names. */
  Map<String, String> fields(Set<String> without) {
    var fields = new LinkedHashMap<String, String>();
    for (Map.Entry<String, JsonNode> field : values.properties()) {
      if (!without.contains(lower(field.getKey()))) {
        put(fields, field.getKey().strip(), field.getValue());
      }
    }
    return fields;
  }

  private static void put(Map<String, String> fields, String name, JsonNode value) {
    if (value.isObject()) {
      for (Map.Entry<String, JsonNode> field : value.properties()) {
        put(fields, name + "." + field.getKey(), field.getValue());
      }
    } else if (!value.isNull() && !(value.isArray() && value.isEmpty())) {
      fields.put(name, words(value));
    }
  }

  /** A list of plain values is joined by semicolons, anything else nested stays JSON. */
  static String words(JsonNode value) {
    if (value.isValueNode()) {
      return value.asText();
    }
    if (value.isArray()) {
      var parts = new ArrayList<String>();
      for (JsonNode one : value) {
        if (!one.isValueNode()) {
          return value.toString();
        }
        parts.add(one.asText());
      }
      return String.join("; ", parts);
    }
    return value.toString();
  }
}
