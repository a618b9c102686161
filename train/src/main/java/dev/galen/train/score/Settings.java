package dev.galen.train.score;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.Function;

/** The options that a metric was given, by name; refusals name the option and its value. */
final class Settings {
  private static final ObjectMapper JSON = new ObjectMapper();
  private final Map<String, String> given;

  Settings(Map<String, String> given) {
    this.given = Map.copyOf(given);
  }

  boolean has(String name) {
    return given.containsKey(name);
  }

  boolean flag(String name) {
    return has(name);
  }

  String text(String name, String standard) {
    return given.getOrDefault(name, standard);
  }

  /** The value of {@code name} by a function that refuses what it does not know. */
  <T> T as(String name, String standard, Function<String, T> reader) {
    String value = text(name, standard);
    try {
      return reader.apply(value);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("--%s: %s".formatted(name, e.getMessage()), e);
    }
  }

  double number(String name, double standard) {
    return optionalNumber(name).orElse(standard);
  }

  OptionalDouble optionalNumber(String name) {
    if (!has(name)) {
      return OptionalDouble.empty();
    }
    return OptionalDouble.of(number(name, given.get(name)));
  }

  private static double number(String name, String value) {
    try {
      return Double.parseDouble(value.equalsIgnoreCase("nan") ? "NaN" : value);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("--%s is %s, must be a number".formatted(name, value), e);
    }
  }

  int whole(String name, int standard, int least) {
    double value = number(name, standard);
    if (value != Math.rint(value) || value < least || value > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "--%s is %s, must be a whole number of at least %d"
              .formatted(name, text(name, ""), least));
    }
    return (int) value;
  }

  /** 0, 1 or NaN; "warn", scikit-learn's default, means 0. */
  double zeroDivision() {
    String value = text("zero-division", "0");
    return switch (value) {
      case "warn", "0", "0.0" -> 0;
      case "1", "1.0" -> 1;
      case "nan", "NaN" -> Double.NaN;
      default ->
          throw new IllegalArgumentException(
              "--zero-division is %s, must be 0, 1, nan or warn".formatted(value));
    };
  }

  /** A list: of JSON, or with commas between. */
  List<String> list(String name) {
    String value = text(name, "");
    var list = new ArrayList<String>();
    if (value.startsWith("[")) {
      try {
        for (JsonNode element : JSON.readTree(value)) {
          list.add(Labels.text(element));
        }
        return list;
      } catch (JsonProcessingException e) {
        throw new IllegalArgumentException(
            "--%s is %s, must be a list, such as a,b,c".formatted(name, value), e);
      }
    }
    for (String part : value.split(",")) {
      if (!part.isBlank()) {
        list.add(part.strip());
      }
    }
    return list;
  }

  double[] numbers(String name) {
    return list(name).stream().mapToDouble(value -> number(name, value)).toArray();
  }
}
