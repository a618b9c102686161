package dev.galen.model.engine.constraint;

import com.fasterxml.jackson.databind.JsonNode;
import dev.galen.model.engine.constraint.NumberParts.Bounds;
import dev.galen.model.engine.constraint.Shape.Place;
import dev.galen.model.engine.constraint.Shape.Type;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** The keywords of one schema, joined to what a shape already has to keep to. */
final class Keywords {
  /** Longer lists and strings are refused: each of their places is a state. */
  private static final int LARGEST_COUNT = 65_536;

  private static final Set<String> SAY_NOTHING =
      Set.of(
          "$schema",
          "$id",
          "$comment",
          "$defs",
          "definitions",
          "title",
          "description",
          "default",
          "example",
          "examples",
          "deprecated",
          "readOnly",
          "writeOnly",
          "contentEncoding",
          "contentMediaType");

  private static final Set<String> KNOWN =
      Set.of(
          "$ref",
          "allOf",
          "anyOf",
          "oneOf",
          "type",
          "nullable",
          "enum",
          "const",
          "properties",
          "required",
          "additionalProperties",
          "items",
          "prefixItems",
          "minItems",
          "maxItems",
          "minLength",
          "maxLength",
          "pattern",
          "format",
          "minimum",
          "maximum",
          "exclusiveMinimum",
          "exclusiveMaximum");

  private final Shape shape;
  private final Place place;
  private final JsonNode schema;

  private Keywords(Shape shape, Place place) {
    this.shape = shape;
    this.place = place;
    this.schema = place.schema();
  }

  /** Refuses what would be left out of account. */
  static void requireKnown(Place place, String keyword, JsonNode value) {
    boolean isIdle = keyword.equals("uniqueItems") && value.isBoolean() && !value.booleanValue();
    if (!KNOWN.contains(keyword)
        && !SAY_NOTHING.contains(keyword)
        && !keyword.startsWith("x-")
        && !isIdle) {
      throw place.refusal("keyword \"%s\" is not supported".formatted(keyword));
    }
  }

  /**
   * Joins a schema's own keywords to a shape.
   *
   * @return whether there may be such values
   */
  static boolean join(Shape shape, Place place) {
    return new Keywords(shape, place).join();
  }

  private boolean join() {
    joinTypes();
    joinValues("enum");
    joinValues("const");
    joinObject();
    joinArray();
    joinString();
    joinNumber();
    return !shape.types.isEmpty() && (shape.values == null || !shape.values.isEmpty());
  }

  private void joinTypes() {
    JsonNode type = schema.get("type");
    if (type == null) {
      return;
    }
    var named = EnumSet.noneOf(Type.class);
    for (JsonNode name : type.isArray() ? type : List.of(type)) {
      try {
        if (!name.asText().equals(name.asText().toLowerCase(Locale.ROOT))) {
          throw new IllegalArgumentException();
        }
        named.add(Type.valueOf(name.asText().toUpperCase(Locale.ROOT)));
      } catch (IllegalArgumentException e) {
        throw place.refusal(
            "type is %s, must be object, array, string, number, integer, boolean or null"
                .formatted(name));
      }
    }
    if (schema.path("nullable").asBoolean()) {
      named.add(Type.NULL);
    }
    shape.types = Shape.both(shape.types, named);
  }

  private void joinValues(String keyword) {
    JsonNode given = schema.get(keyword);
    if (given == null) {
      return;
    }
    if (keyword.equals("enum") && !given.isArray()) {
      throw place.refusal("enum is %s, must be a list of values".formatted(given));
    }
    List<JsonNode> values = new ArrayList<>();
    for (JsonNode value : keyword.equals("enum") ? given : List.of(given)) {
      boolean fits =
          shape.values == null || shape.values.stream().anyMatch(v -> Shape.equal(v, value));
      if (fits && values.stream().noneMatch(v -> Shape.equal(v, value))) {
        values.add(value);
      }
    }
    shape.values = values;
  }

  private void joinObject() {
    JsonNode properties = schema.get("properties");
    JsonNode others = schema.get("additionalProperties");
    JsonNode required = schema.get("required");
    if (properties == null && others == null && required == null) {
      return;
    }
    shape.hinted.add(Type.OBJECT);
    List<Place> before = List.copyOf(shape.others);
    Place other = others == null ? null : place.at("additionalProperties");
    if (other != null) {
      for (Map.Entry<String, List<Place>> known : shape.properties.entrySet()) {
        if (properties == null || !properties.has(known.getKey())) {
          known.getValue().add(other);
        }
      }
      shape.others.add(other);
      shape.othersGiven = true;
    }
    if (properties != null) {
      if (!properties.isObject()) {
        throw place.refusal("properties is %s, must be an object".formatted(properties));
      }
      shape.named = true;
      for (Map.Entry<String, JsonNode> property : properties.properties()) {
        shape
            .properties
            .computeIfAbsent(property.getKey(), name -> new ArrayList<>(before))
            .add(new Place(place.path() + "/properties/" + property.getKey(), property.getValue()));
      }
    }
    if (required != null) {
      for (JsonNode name : required) {
        if (!name.isTextual()) {
          throw place.refusal("required is %s, must be a list of names".formatted(required));
        }
        shape.required.add(name.textValue());
      }
    }
  }

  private void joinArray() {
    JsonNode items = schema.get("items");
    JsonNode first = schema.get("prefixItems");
    if (items != null || first != null || schema.has("minItems") || schema.has("maxItems")) {
      shape.hinted.add(Type.ARRAY);
    }
    if (items != null && items.isArray()) {
      throw place.refusal("items is a list; use prefixItems");
    }
    int count = first == null ? 0 : first.size();
    while (shape.first.size() < count) {
      shape.first.add(new ArrayList<>(shape.items));
    }
    for (int i = 0; i < shape.first.size(); i++) {
      if (i < count) {
        shape.first.get(i).add(place.at("prefixItems", i));
      } else if (items != null) {
        shape.first.get(i).add(place.at("items"));
      }
    }
    if (items != null) {
      shape.items.add(place.at("items"));
    }
    shape.leastItems = Math.max(shape.leastItems, count("minItems", 0));
    shape.mostItems = least(shape.mostItems, count("maxItems", -1));
  }

  private void joinString() {
    if (schema.has("minLength") || schema.has("maxLength") || schema.has("pattern")) {
      shape.hinted.add(Type.STRING);
    }
    shape.leastLength = Math.max(shape.leastLength, count("minLength", 0));
    shape.mostLength = least(shape.mostLength, count("maxLength", -1));
    if (schema.has("pattern")) {
      String pattern = schema.get("pattern").asText();
      try {
        Regex.parse(pattern);
      } catch (IllegalArgumentException e) {
        throw place.refusal(e.getMessage());
      }
      shape.patterns.add(pattern);
    }
    if (schema.has("format")) {
      String format = schema.get("format").asText();
      if (Formats.isOfNumbers(format)) {
        shape.bounds = shape.bounds.and(Formats.bounds(format));
      } else {
        shape.hinted.add(Type.STRING);
        shape.patterns.add(
            Formats.pattern(format)
                .orElseThrow(
                    () ->
                        place.refusal(
                            "format \"%s\" is not supported; known are %s"
                                .formatted(format, String.join(", ", Formats.names())))));
      }
    }
  }

  private void joinNumber() {
    join("minimum", true, true);
    join("exclusiveMinimum", true, false);
    join("maximum", false, true);
    join("exclusiveMaximum", false, false);
  }

  private void join(String keyword, boolean low, boolean included) {
    JsonNode value = schema.get(keyword);
    if (value == null) {
      return;
    }
    if (!value.isNumber()) {
      throw place.refusal("%s is %s, must be a number".formatted(keyword, value));
    }
    shape.hinted.add(Type.NUMBER);
    BigDecimal bound = value.decimalValue();
    shape.bounds =
        shape.bounds.and(
            low
                ? new Bounds(bound, included, null, true)
                : new Bounds(null, true, bound, included));
  }

  private int count(String keyword, int missing) {
    JsonNode value = schema.get(keyword);
    if (value == null) {
      return missing;
    }
    if (!value.isNumber() || value.decimalValue().stripTrailingZeros().scale() > 0) {
      throw place.refusal("%s is %s, must be a whole number".formatted(keyword, value));
    }
    if (value.decimalValue().signum() < 0
        || value.decimalValue().compareTo(BigDecimal.valueOf(LARGEST_COUNT)) > 0) {
      throw place.refusal("%s is %s, must be 0 to %,d".formatted(keyword, value, LARGEST_COUNT));
    }
    return value.intValue();
  }

  /** The smaller of two numbers of which -1 is none. */
  private static int least(int a, int b) {
    return a < 0 ? b : b < 0 ? a : Math.min(a, b);
  }
}
