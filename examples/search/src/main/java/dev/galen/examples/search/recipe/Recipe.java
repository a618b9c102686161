package dev.galen.examples.search.recipe;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.galen.train.run.FineTuningSpec;
import java.io.IOException;
import java.nio.file.Path;

/**
 * A run's JSON as it was written, so that what it leaves out has the default that belongs to the
 * values that it has.
 */
final class Recipe {
  private final ObjectNode json;
  private final String source;

  /** A recipe of its own that begins as a copy of {@code json}. */
  Recipe(ObjectNode json, String source) {
    this.json = json.deepCopy();
    this.source = source;
  }

  Recipe copy() {
    return new Recipe(json, source);
  }

  /** Sets a field; null takes it out. */
  Recipe set(String field, JsonNode value) {
    ObjectNode object = json;
    String rest = field;
    for (int dot = rest.indexOf('.'); dot > 0; dot = rest.indexOf('.')) {
      String name = rest.substring(0, dot);
      JsonNode inner = object.get(name);
      if (inner == null || inner.isNull()) {
        inner = object.putObject(name);
      }
      if (!(inner instanceof ObjectNode next)) {
        throw new IllegalArgumentException(
            "%s: %s is %s, which has no field %s"
                .formatted(source, name, inner, rest.substring(dot + 1)));
      }
      object = next;
      rest = rest.substring(dot + 1);
    }
    if (value.isNull()) {
      object.remove(rest);
    } else {
      object.set(rest, value);
    }
    return this;
  }

  /** A field's value as text, or null where it has none. */
  String text(String field) {
    JsonNode value = json.at("/" + field.replace('.', '/'));
    return value.isMissingNode() || value.isNull() ? null : value.asText();
  }

  Recipe output(Path folder) {
    json.put("output", folder.toString());
    return this;
  }

  /**
   * The run.
   *
   * @throws IllegalArgumentException in one line that names the field that is wrong
   */
  FineTuningSpec spec() {
    try {
      return FineTuningSpec.parse(json.toString(), source);
    } catch (IOException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  @Override
  public String toString() {
    return json.toString();
  }
}
