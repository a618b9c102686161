package dev.galen.train.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.Locale;
import java.util.Set;

/**
 * A run's JSON as YAML 1.2 (yaml.org/spec/1.2.2), for people to read and change. Words stand as
 * they are, other strings in the quotes of JSON, which YAML has too; numbers are JSON's.
 */
final class RecipeYaml {
  private static final String HEAD =
      """
      # The whole run: galen train --config THIS_FILE repeats it to the bit.
      # Where the folder below holds checkpoints, add --out ANOTHER.
      """;

  /** What YAML 1.1 or 1.2 reads as something else than a string. */
  private static final Set<String> NO_STRINGS =
      Set.of("true", "false", "null", "yes", "no", "on", "off", "y", "n");

  private final StringBuilder text = new StringBuilder(HEAD);

  private RecipeYaml() {}

  static String of(ObjectNode run) {
    var yaml = new RecipeYaml();
    yaml.fields(run, 0);
    return yaml.text.toString();
  }

  private void fields(ObjectNode object, int depth) {
    for (var field : object.properties()) {
      text.append("  ".repeat(depth)).append(string(field.getKey())).append(':');
      value(field.getValue(), depth);
    }
  }

  private void value(JsonNode value, int depth) {
    if (value instanceof ObjectNode object && !object.isEmpty()) {
      text.append('\n');
      fields(object, depth + 1);
    } else if (value instanceof ArrayNode list && !list.isEmpty()) {
      text.append('\n');
      for (JsonNode each : list) {
        text.append("  ".repeat(depth + 1)).append("- ").append(scalar(each)).append('\n');
      }
    } else {
      text.append(' ').append(scalar(value)).append('\n');
    }
  }

  /** An object or list inside of a list is written as JSON, which is YAML. */
  private static String scalar(JsonNode value) {
    return value.isTextual() ? string(value.textValue()) : value.toString();
  }

  private static String string(String text) {
    boolean plain =
        text.matches("[A-Za-z][\\w./-]*") && !NO_STRINGS.contains(text.toLowerCase(Locale.ROOT));
    return plain ? text : TextNode.valueOf(text).toString();
  }
}
