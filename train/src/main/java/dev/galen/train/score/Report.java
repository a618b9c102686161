package dev.galen.train.score;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;

/**
 * What a metric says of rows.
 *
 * @param json its figures; what JSON has no number for is a text: {@code nan}, {@code inf}
 * @param picture an SVG, if it has one
 */
public record Report(ObjectNode json, Optional<String> picture) {
  private static final ObjectMapper JSON = new ObjectMapper();

  static Report empty() {
    return new Report(JSON.createObjectNode(), Optional.empty());
  }

  Report with(String svg) {
    return new Report(json, Optional.of(svg));
  }

  Report put(String name, double value) {
    put(json, name, value);
    return this;
  }

  Report put(String name, long count) {
    json.put(name, count);
    return this;
  }

  Report put(String name, String value) {
    json.put(name, value);
    return this;
  }

  Report put(String name, List<String> values) {
    ArrayNode array = json.putArray(name);
    values.forEach(array::add);
    return this;
  }

  Report put(String name, double[] values) {
    json.set(name, array(values));
    return this;
  }

  Report put(String name, double[][] values) {
    ArrayNode array = json.putArray(name);
    for (double[] row : values) {
      array.add(array(row));
    }
    return this;
  }

  static void put(ObjectNode json, String name, double value) {
    if (Double.isFinite(value)) {
      json.put(name, value);
    } else {
      json.put(name, text(value));
    }
  }

  private static ArrayNode array(double[] values) {
    ArrayNode array = JSON.createArrayNode();
    for (double value : values) {
      if (Double.isFinite(value)) {
        array.add(value);
      } else {
        array.add(text(value));
      }
    }
    return array;
  }

  private static String text(double value) {
    return Double.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
  }
}
