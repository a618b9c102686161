package dev.galen.train.format;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.galen.train.data.Origin;
import dev.galen.train.text.PythonText;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** The fields of one row by name and kind; what is missing or of another kind names its place. */
final class RowFields {

  private final ObjectNode row;
  private final Origin origin;

  RowFields(ObjectNode row, Origin origin) {
    this.row = row;
    this.origin = origin;
  }

  Origin origin() {
    return origin;
  }

  List<String> names() {
    var names = new ArrayList<String>();
    row.fieldNames().forEachRemaining(names::add);
    return names;
  }

  /** Whether the row names the field, with or without a value. */
  boolean has(String name) {
    return row.has(name);
  }

  /** The field's value, or null where there is none or it is JSON's null. */
  JsonNode value(String name) {
    JsonNode node = row.get(name);
    return node == null || node.isNull() ? null : node;
  }

  /** Those of these fields that say something: a table leaves blank what a row does not have. */
  List<String> given(Iterable<String> names) {
    var given = new ArrayList<String>();
    for (String name : names) {
      JsonNode node = value(name);
      if (node != null && !(node.isTextual() && PythonText.isBlank(node.textValue()))) {
        given.add(name);
      }
    }
    return given;
  }

  /** The first of these fields that has a value; null when none has. */
  JsonNode first(String... names) {
    String name = firstName(names);
    return name == null ? null : value(name);
  }

  private String firstName(String... names) {
    for (String name : names) {
      if (value(name) != null) {
        return name;
      }
    }
    return null;
  }

  /** A field that must be there and hold more than white space. */
  String words(String... names) throws IOException {
    String value = string(names);
    if (PythonText.isBlank(value)) {
      throw origin.error("the field " + firstName(names) + " is blank; expected text");
    }
    return value;
  }

  /** A field that must be there and be a string. */
  String string(String... names) throws IOException {
    String name = firstName(names);
    if (name == null) {
      throw origin.error("the field " + String.join(" or ", names) + " is missing");
    }
    return text(value(name), name);
  }

  /** A string of whole characters; {@code name} is what a message calls it. */
  String text(JsonNode node, String name) throws IOException {
    if (!node.isTextual()) {
      throw origin.error("the field " + name + " is " + describe(node) + "; expected a string");
    }
    String text = node.textValue();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isSurrogate(c)) {
        if (Character.isLowSurrogate(c)
            || i + 1 == text.length()
            || !Character.isLowSurrogate(text.charAt(i + 1))) {
          throw origin.error(
              "the field %s holds a lone surrogate (\\u%04x); expected whole characters"
                  .formatted(name, (int) c));
        }
        i++;
      }
    }
    return text;
  }

  /** A list of 32-bit integers. */
  int[] integers(String name) throws IOException {
    JsonNode list = row.get(name);
    if (!list.isArray()) {
      throw origin.error(
          "the field " + name + " is " + describe(list) + "; expected a list of integers");
    }
    var values = new int[list.size()];
    for (int i = 0; i < values.length; i++) {
      JsonNode value = list.get(i);
      if (!value.isIntegralNumber() || !value.canConvertToInt()) {
        throw origin.error(
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
