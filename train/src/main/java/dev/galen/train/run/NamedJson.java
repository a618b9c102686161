package dev.galen.train.run;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** Settings that are text by name, as typed fields of JSON. */
final class NamedJson {
  private NamedJson() {}

  /** Puts a flag, a whole number, another number or a word. */
  static void put(ObjectNode json, String name, String value) {
    if (value.equals("true") || value.equals("false")) {
      json.put(name, Boolean.parseBoolean(value));
    } else if (value.matches("-?\\d{1,18}")) {
      json.put(name, Long.parseLong(value));
    } else if (value.matches("-?\\d.*") && isNumber(value)) {
      json.put(name, Double.parseDouble(value));
    } else {
      json.put(name, value);
    }
  }

  /** The name of a field of JSON: {@code weight-decay} as {@code weightDecay}. */
  static String camelCase(String name) {
    var camel = new StringBuilder();
    for (String word : name.split("[-_]")) {
      camel.append(
          camel.isEmpty() ? word : Character.toUpperCase(word.charAt(0)) + word.substring(1));
    }
    return camel.toString();
  }

  private static boolean isNumber(String value) {
    try {
      return Double.isFinite(Double.parseDouble(value));
    } catch (NumberFormatException e) {
      return false;
    }
  }
}
