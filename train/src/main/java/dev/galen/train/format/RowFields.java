package dev.galen.train.format;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.galen.train.data.Origin;
import dev.galen.train.text.PythonText;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The fields of one row by name and kind. What is missing or of another kind ends in an {@link
 * IOException} of one line that names file, line and field. In a table every value is a string.
 */
public final class RowFields {

  private final ObjectNode row;
  private final String key;
  private final Origin origin;

  /**
   * @param key the record's key in a map of records; empty when it has none
   */
  RowFields(ObjectNode row, String key, Origin origin) {
    this.row = row;
    this.key = key;
    this.origin = origin;
  }

  /** Where the row stands. */
  public Origin origin() {
    return origin;
  }

  /** The record's key where the file is a map of records; else empty. */
  public String key() {
    return key;
  }

  /** What to throw for a row that is not as it should be: one line with its place. */
  public IOException error(String problem) {
    return origin.error(problem);
  }

  /** The names of all fields, in the row's order. */
  public List<String> names() {
    var names = new ArrayList<String>();
    row.fieldNames().forEachRemaining(names::add);
    return names;
  }

  /** Whether the row names the field, with or without a value. */
  public boolean has(String name) {
    return row.has(name);
  }

  /** The field's value, or null where there is none or it is JSON's null. */
  JsonNode value(String name) {
    JsonNode node = row.get(name);
    return node == null || node.isNull() ? null : node;
  }

  /**
   * Those of these fields that say something: neither null, nor blank, as a table leaves what a row
   * does not have, nor an empty list or object.
   */
  public List<String> given(Iterable<String> names) {
    var given = new ArrayList<String>();
    for (String name : names) {
      JsonNode node = value(name);
      boolean empty =
          node == null
              || (node.isTextual() && PythonText.isBlank(node.textValue()))
              || (node.isContainerNode() && node.isEmpty());
      if (!empty) {
        given.add(name);
      }
    }
    return given;
  }

  private String firstName(String... names) {
    for (String name : names) {
      if (value(name) != null) {
        return name;
      }
    }
    return null;
  }

  /** The first of these fields that has a value: a string of more than white space. */
  public String words(String... names) throws IOException {
    String value = string(names);
    if (PythonText.isBlank(value)) {
      throw error("the field " + firstName(names) + " is blank; expected text");
    }
    return value;
  }

  /** The text of fields that mean the same: where several are given, they must be equal. */
  String same(String... names) throws IOException {
    List<String> given = given(List.of(names));
    if (given.isEmpty()) {
      return words(names);
    }
    String text = string(given.getFirst());
    for (String other : given) {
      if (!string(other).equals(text)) {
        throw error(
            "the fields "
                + String.join(" and ", given)
                + " differ; expected one, or the same text");
      }
    }
    return text;
  }

  /** The first of these fields that has a value: a string, which may be blank. */
  public String string(String... names) throws IOException {
    String name = firstName(names);
    if (name == null) {
      throw error("the field " + String.join(" or ", names) + " is missing");
    }
    return text(value(name), name);
  }

  /** A string of whole characters; {@code name} is what a message calls it. */
  String text(JsonNode node, String name) throws IOException {
    if (!node.isTextual()) {
      throw error("the field " + name + " is " + describe(node) + "; expected a string");
    }
    String text = node.textValue();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isSurrogate(c)) {
        if (Character.isLowSurrogate(c)
            || i + 1 == text.length()
            || !Character.isLowSurrogate(text.charAt(i + 1))) {
          throw error(
              "the field %s holds a lone surrogate (\\u%04x); expected whole characters"
                  .formatted(name, (int) c));
        }
        i++;
      }
    }
    return text;
  }

  /** A field that is a list of strings. */
  public List<String> strings(String name) throws IOException {
    var strings = new ArrayList<String>();
    for (JsonNode entry : list(name, "strings")) {
      strings.add(text(entry, "an entry of " + name));
    }
    return strings;
  }

  /** A field that is a list of objects, such as the turns of a conversation. */
  public List<RowFields> objects(String name) throws IOException {
    var objects = new ArrayList<RowFields>();
    for (JsonNode entry : list(name, "objects")) {
      if (!(entry instanceof ObjectNode object)) {
        throw error("an entry of " + name + " is " + describe(entry) + "; expected an object");
      }
      objects.add(new RowFields(object, key, origin));
    }
    return objects;
  }

  /** All fields as strings, numbers, booleans, null, lists and maps. */
  Map<String, Object> plain() {
    return JsonRows.plainFields(row);
  }

  private JsonNode list(String name, String entries) throws IOException {
    JsonNode list = value(name);
    if (list == null || !list.isArray()) {
      throw error(
          list == null && !has(name)
              ? "the field " + name + " is missing"
              : "the field %s is %s; expected a list of %s"
                  .formatted(name, describe(row.get(name)), entries));
    }
    return list;
  }

  /** A field that is a list of 32-bit integers. */
  public int[] integers(String name) throws IOException {
    JsonNode list = list(name, "integers");
    var values = new int[list.size()];
    for (int i = 0; i < values.length; i++) {
      JsonNode value = list.get(i);
      if (!value.isIntegralNumber() || !value.canConvertToInt()) {
        throw error(
            name + " holds " + shown(value) + " at position " + i + "; expected a 32-bit integer");
      }
      values[i] = value.intValue();
    }
    return values;
  }

  private static String shown(JsonNode value) {
    String text = value.isContainerNode() ? describe(value) : value.asText();
    return text.length() <= 40 ? text : text.substring(0, 40) + "...";
  }

  /** A node's kind in words, for messages. */
  static String describe(JsonNode node) {
    return switch (node.getNodeType()) {
      case ARRAY -> "a list";
      case OBJECT, POJO -> "an object";
      case STRING -> "a string";
      case NUMBER -> node.isDouble() && Double.isNaN(node.doubleValue()) ? "NaN" : "a number";
      case BOOLEAN -> "a boolean";
      case NULL, MISSING, BINARY -> "null";
    };
  }
}
