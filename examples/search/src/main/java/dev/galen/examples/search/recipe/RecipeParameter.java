package dev.galen.examples.search.recipe;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.galen.examples.search.space.Choices;
import dev.galen.examples.search.space.FloatRange;
import dev.galen.examples.search.space.IntRange;
import dev.galen.examples.search.space.Range;
import dev.galen.examples.search.space.RangeText;
import java.util.List;

/**
 * A field of a recipe that a search varies.
 *
 * @param field its place, such as {@code training.learningRate} or {@code lora.rank}
 * @param range what it may be; a choice's labels are JSON, or text where they are none
 * @param when the field that decides whether this one is varied at all, or null for always
 * @param values of {@code when} with which it is varied, as text
 */
public record RecipeParameter(String field, Range range, String when, List<String> values) {
  private static final JsonMapper JSON = new JsonMapper();
  private static final String CONDITION = ":when:";

  /** Checks the field's name and keeps its own copies. */
  public RecipeParameter {
    if (!field.matches("\\w+(\\.\\w+)*")) {
      throw new IllegalArgumentException(
          "'" + field + "' is no field of a recipe; one is training.learningRate");
    }
    values = List.copyOf(values);
  }

  /** A field that is always varied. */
  public RecipeParameter(String field, Range range) {
    this(field, range, null, List.of());
  }

  /**
   * The parameter that a text describes: {@code FIELD=RANGE}, where {@link RangeText} says what a
   * range is, and behind it {@code :when:FIELD=VALUE}, with several values as {@code A|B}.
   *
   * @throws IllegalArgumentException in one line that repeats the text
   */
  public static RecipeParameter parse(String text) {
    try {
      return parsed(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("parameter " + text + ": " + e.getMessage(), e);
    }
  }

  private static RecipeParameter parsed(String text) {
    int condition = text.indexOf(CONDITION);
    String main = condition < 0 ? text : text.substring(0, condition);
    String[] parts = halves(main);
    Range range = RangeText.parse(parts[1]);
    if (condition < 0) {
      return new RecipeParameter(parts[0], range);
    }
    String[] when = halves(text.substring(condition + CONDITION.length()));
    return new RecipeParameter(parts[0], range, when[0], List.of(when[1].split("\\|", -1)));
  }

  private static String[] halves(String text) {
    int equals = text.indexOf('=');
    if (equals < 1) {
      throw new IllegalArgumentException("'" + text + "' must be FIELD=VALUES");
    }
    return new String[] {text.substring(0, equals), text.substring(equals + 1)};
  }

  /** The value that {@code number} stands for, as it stands in a recipe. */
  JsonNode json(double number) {
    return switch (range) {
      case FloatRange f -> DoubleNode.valueOf(number);
      case IntRange i -> LongNode.valueOf((long) number);
      case Choices choices -> choice(choices.text(number));
    };
  }

  private static JsonNode choice(String label) {
    try {
      JsonNode value = JSON.readTree(label);
      return value.isMissingNode() ? TextNode.valueOf(label) : value;
    } catch (JsonProcessingException e) {
      return TextNode.valueOf(label);
    }
  }

  /** Whether it is varied in a recipe with these values of the fields before it. */
  boolean applies(Recipe recipe) {
    String value = when == null ? null : recipe.text(when);
    return when == null || value != null && values.contains(value);
  }

  /** The text that it was parsed from. */
  public String text() {
    String text = field + "=" + range.text();
    return when == null ? text : text + CONDITION + when + "=" + String.join("|", values);
  }
}
