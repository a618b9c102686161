package dev.galen.model.hf;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * The fields of an object by type. A field that is absent or null has no value; one of another type
 * is an {@link IllegalArgumentException} whose message names it and what stands there.
 *
 * @param json the object
 */
public record JsonFields(ObjectNode json) {
  private static final int SHOWN = 60;

  /** Whether {@code key} has a value. */
  public boolean has(String key) {
    return json.hasNonNull(key);
  }

  /** An integer. */
  public OptionalInt integer(String key) {
    return has(key) ? OptionalInt.of(integer(key, json.get(key))) : OptionalInt.empty();
  }

  /** An integer, or {@code absent}. */
  public int integer(String key, int absent) {
    return integer(key).orElse(absent);
  }

  /** A finite number. */
  public OptionalDouble number(String key) {
    if (!has(key)) {
      return OptionalDouble.empty();
    }
    JsonNode value = json.get(key);
    require(value.isNumber() && Double.isFinite(value.doubleValue()), key, value, "a number");
    return OptionalDouble.of(value.doubleValue());
  }

  /** A finite number, or {@code absent}. */
  public double number(String key, double absent) {
    return number(key).orElse(absent);
  }

  /** {@code true} or {@code false}, or {@code absent}. */
  public boolean flag(String key, boolean absent) {
    if (!has(key)) {
      return absent;
    }
    JsonNode value = json.get(key);
    require(value.isBoolean(), key, value, "true or false");
    return value.booleanValue();
  }

  /** A string, or {@code absent}. */
  public String text(String key, String absent) {
    if (!has(key)) {
      return absent;
    }
    JsonNode value = json.get(key);
    require(value.isTextual(), key, value, "a string");
    return value.textValue();
  }

  /** An integer or a list of them, in its order; none if the field is absent. */
  public List<Integer> integers(String key) {
    if (!has(key)) {
      return List.of();
    }
    JsonNode value = json.get(key);
    if (!value.isArray()) {
      return List.of(integer(key, value));
    }
    List<Integer> all = new ArrayList<>();
    value.forEach(one -> all.add(integer(key, one)));
    return all;
  }

  /** A list of finite numbers; none if the field is absent. */
  public List<Double> numbers(String key) {
    if (!has(key)) {
      return List.of();
    }
    JsonNode list = json.get(key);
    require(list.isArray(), key, list, "a list of numbers");
    List<Double> all = new ArrayList<>();
    for (JsonNode value : list) {
      require(value.isNumber() && Double.isFinite(value.doubleValue()), key, value, "numbers");
      all.add(value.doubleValue());
    }
    return all;
  }

  /** A string or a list of them, in its order; none if the field is absent. */
  public List<String> texts(String key) {
    if (!has(key)) {
      return List.of();
    }
    JsonNode value = json.get(key);
    List<String> all = new ArrayList<>();
    for (JsonNode one : value.isArray() ? value : List.of(value)) {
      require(one.isTextual(), key, one, "a string");
      all.add(one.textValue());
    }
    return all;
  }

  private static int integer(String key, JsonNode value) {
    require(value.isIntegralNumber() && value.canConvertToInt(), key, value, "an integer");
    return value.intValue();
  }

  /** Throws unless {@code value}, which stands at {@code key}, is {@code wanted}. */
  public static void require(boolean holds, String key, JsonNode value, String wanted) {
    if (!holds) {
      String text = value.isFloatingPointNumber() ? value.asText() : value.toString();
      String shown = text.length() > SHOWN ? text.substring(0, SHOWN) + "..." : text;
      throw new IllegalArgumentException(key + " is " + shown + ", expected " + wanted);
    }
  }
}
