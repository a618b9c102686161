package dev.galen.examples.search.space;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Ranges as text: {@code float:LOW:HIGH}, {@code float:LOW:HIGH:log}, {@code
 * float:LOW:HIGH:step=S}, the same with {@code int}, and {@code choice:A,B,C} or {@code
 * choice:[JSON, JSON]}.
 */
public final class RangeText {
  private static final JsonMapper JSON = new JsonMapper();
  private static final String FORMS =
      "float:LOW:HIGH, int:LOW:HIGH (each with :log or :step=S behind it) or choice:A,B,C";

  private RangeText() {}

  /**
   * The range that {@code text} describes.
   *
   * @throws IllegalArgumentException in one line with what is wrong and what is allowed
   */
  public static Range parse(String text) {
    int colon = text.indexOf(':');
    String kind = colon < 0 ? text : text.substring(0, colon);
    String rest = colon < 0 ? "" : text.substring(colon + 1);
    return switch (kind) {
      case "float" -> number(rest, false);
      case "int" -> number(rest, true);
      case "choice" -> new Choices(labels(rest));
      default ->
          throw new IllegalArgumentException("the range is '" + text + "', must be " + FORMS);
    };
  }

  private static Range number(String text, boolean whole) {
    List<String> words = Arrays.asList(text.split(":", -1));
    if (words.size() < 2 || words.size() > 3) {
      throw new IllegalArgumentException("the range is '" + text + "', must be " + FORMS);
    }
    String more = words.size() == 3 ? words.get(2) : "";
    boolean log = more.equals("log");
    if (!more.isEmpty() && !log && !more.startsWith("step=")) {
      throw new IllegalArgumentException("'" + more + "' is no part of a range: log or step=S is");
    }
    String step = more.startsWith("step=") ? more.substring("step=".length()) : null;
    if (whole) {
      long by = step == null ? 1 : whole("step", step);
      return new IntRange(whole("low", words.get(0)), whole("high", words.get(1)), log, by);
    }
    double low = real("low", words.get(0));
    double high = real("high", words.get(1));
    return step == null
        ? new FloatRange(low, high, log, 0)
        : FloatRange.stepped(low, high, real("step", step));
  }

  private static long whole(String name, String text) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(name + " is '" + text + "', must be a whole number", e);
    }
  }

  private static double real(String name, String text) {
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(name + " is '" + text + "', must be a number", e);
    }
  }

  private static List<String> labels(String text) {
    if (!text.startsWith("[")) {
      return text.isEmpty() ? List.of() : List.of(text.split(",", -1));
    }
    JsonNode list;
    try {
      list = JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          "the choices are '" + text + "', which is no JSON: " + e.getOriginalMessage(), e);
    }
    var labels = new ArrayList<String>();
    list.forEach(value -> labels.add(value.isTextual() ? value.textValue() : value.toString()));
    return labels;
  }

  /** Labels as a list of JSON, which {@link #parse} takes. */
  static String list(List<String> labels) {
    ArrayNode list = JSON.createArrayNode();
    labels.forEach(list::add);
    return list.toString();
  }
}
