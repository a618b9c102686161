package dev.galen.examples.search.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;

/** Names with words or numbers, as a column of text. */
final class JsonText {
  private static final JsonMapper JSON = new JsonMapper();

  private JsonText() {}

  /** An object; numbers that are not finite are text, as JSON has none. */
  static String of(Map<String, ?> values) {
    try {
      return JSON.writeValueAsString(values);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  static SequencedMap<String, String> words(String text) {
    var words = new LinkedHashMap<String, String>();
    read(text).properties().forEach(field -> words.put(field.getKey(), field.getValue().asText()));
    return words;
  }

  static SequencedMap<String, Double> numbers(String text) {
    var numbers = new LinkedHashMap<String, Double>();
    for (var field : read(text).properties()) {
      JsonNode value = field.getValue();
      numbers.put(
          field.getKey(),
          value.isTextual() ? Double.parseDouble(value.textValue()) : value.doubleValue());
    }
    return numbers;
  }

  private static JsonNode read(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("the database holds no JSON where it should: " + text, e);
    }
  }
}
