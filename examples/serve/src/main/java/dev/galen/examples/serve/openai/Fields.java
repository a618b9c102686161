package dev.galen.examples.serve.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.galen.examples.serve.http.ApiException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/** The fields of a request, each checked as it is read; null counts as absent. */
final class Fields {
  /** What changes no answer here: OpenAI's own book-keeping. */
  private static final Set<String> WITHOUT_EFFECT =
      Set.of(
          "user",
          "metadata",
          "store",
          "service_tier",
          "safety_identifier",
          "prompt_cache_key",
          "prompt_cache_retention");

  private final ObjectNode json;

  /** Refuses by name what the route does not have. */
  Fields(ObjectNode json, Set<String> known) throws ApiException {
    this.json = json;
    for (var field : json.properties()) {
      String name = field.getKey();
      if (!known.contains(name) && !WITHOUT_EFFECT.contains(name) && !field.getValue().isNull()) {
        throw ApiException.field(name, "unsupported_parameter", "is not supported");
      }
    }
  }

  private static ApiException wrong(String name, String expected) {
    return ApiException.field(name, "invalid_value", "must be " + expected);
  }

  JsonNode node(String name) {
    JsonNode value = json.get(name);
    return value == null || value.isNull() ? null : value;
  }

  OptionalInt integer(String name, int least, int most) throws ApiException {
    JsonNode value = node(name);
    if (value == null) {
      return OptionalInt.empty();
    }
    if (!value.canConvertToInt()
        || !value.isIntegralNumber()
        || value.intValue() < least
        || value.intValue() > most) {
      throw wrong(
          name,
          most == Integer.MAX_VALUE
              ? "an integer of at least " + least
              : "an integer from %d to %d".formatted(least, most));
    }
    return OptionalInt.of(value.intValue());
  }

  OptionalLong whole(String name) throws ApiException {
    JsonNode value = node(name);
    if (value == null) {
      return OptionalLong.empty();
    }
    if (!value.isIntegralNumber() || !value.canConvertToLong()) {
      throw wrong(name, "an integer of 64 bits");
    }
    return OptionalLong.of(value.longValue());
  }

  OptionalDouble number(String name, double least, double most) throws ApiException {
    JsonNode value = node(name);
    if (value == null) {
      return OptionalDouble.empty();
    }
    if (!value.isNumber() || !(value.doubleValue() >= least && value.doubleValue() <= most)) {
      throw wrong(name, "a number from %s to %s".formatted(least, most));
    }
    return OptionalDouble.of(value.doubleValue());
  }

  boolean flag(String name) throws ApiException {
    JsonNode value = node(name);
    if (value != null && !value.isBoolean()) {
      throw wrong(name, "true or false");
    }
    return value != null && value.booleanValue();
  }

  Optional<String> string(String name) throws ApiException {
    JsonNode value = node(name);
    if (value != null && !value.isTextual()) {
      throw wrong(name, "a string");
    }
    return Optional.ofNullable(value).map(JsonNode::textValue);
  }

  /** A string or a list of up to {@code most} of them, none of them empty. */
  List<String> strings(String name, int most) throws ApiException {
    JsonNode value = node(name);
    var strings = new ArrayList<String>();
    if (value != null && value.isTextual()) {
      strings.add(value.textValue());
    } else if (value != null) {
      if (!value.isArray() || value.size() > most) {
        throw wrong(name, "a string or a list of up to %d strings".formatted(most));
      }
      for (JsonNode one : value) {
        if (!one.isTextual()) {
          throw wrong(name, "a string or a list of strings");
        }
        strings.add(one.textValue());
      }
    }
    if (strings.contains("")) {
      throw wrong(name, "without empty strings");
    }
    return strings;
  }

  /** A field that may be there with the value that changes nothing alone. */
  void requireNeutral(String name, double neutral) throws ApiException {
    OptionalDouble value = number(name, -Double.MAX_VALUE, Double.MAX_VALUE);
    if (value.isPresent() && value.getAsDouble() != neutral) {
      throw ApiException.field(name, "unsupported_parameter", "is not supported");
    }
  }
}
