package dev.galen.model.engine.constraint;

import com.fasterxml.jackson.databind.JsonNode;
import dev.galen.model.engine.constraint.Shape.Place;
import dev.galen.model.engine.constraint.Shape.Type;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Makes shapes of schemas: follows references, joins what must hold together, forks at choices. */
final class Shapes {
  private static final int MOST_SHAPES = 500;

  private final JsonNode root;

  Shapes(JsonNode root) {
    this.root = root;
  }

  /**
   * The kinds of values that keep to all of some schemas; none if there is no such value.
   *
   * @throws IllegalArgumentException if a keyword is not supported; the message has its path
   */
  List<Shape> of(List<Place> places) {
    List<Shape> shapes = List.of(new Shape());
    for (Place place : places) {
      shapes = joined(shapes, place, Set.of());
    }
    return shapes;
  }

  private List<Shape> joined(List<Shape> shapes, Place place, Set<String> open) {
    JsonNode schema = place.schema();
    if (schema.isBoolean()) {
      return schema.booleanValue() ? shapes : List.of();
    }
    if (!schema.isObject()) {
      throw place.refusal("a schema is an object or true or false, not " + schema);
    }
    for (Map.Entry<String, JsonNode> keyword : schema.properties()) {
      Keywords.requireKnown(place, keyword.getKey(), keyword.getValue());
    }
    List<Shape> result = new ArrayList<>();
    for (Shape shape : shapes) {
      Shape own = shape.copy();
      if (Keywords.join(own, place)) {
        result.add(own);
      }
    }
    if (schema.has("$ref")) {
      Place target = target(place);
      if (open.contains(target.path())) {
        throw place.refusal("$ref leads back to itself without a value between");
      }
      var more = new HashSet<>(open);
      more.add(target.path());
      result = joined(result, target, more);
    }
    for (int i = 0; i < choices(place, "allOf"); i++) {
      result = joined(result, place.at("allOf", i), open);
    }
    if (schema.has("anyOf")) {
      result = flat(forked(result, place, "anyOf", open));
    }
    if (schema.has("oneOf")) {
      List<List<Shape>> forks = forked(result, place, "oneOf", open);
      requireApart(forks, place);
      result = flat(forks);
    }
    return result;
  }

  private List<List<Shape>> forked(
      List<Shape> shapes, Place place, String keyword, Set<String> open) {
    List<List<Shape>> forks = new ArrayList<>();
    int count = 0;
    for (int i = 0; i < choices(place, keyword); i++) {
      forks.add(joined(shapes, place.at(keyword, i), open));
      count += forks.getLast().size();
    }
    if (count > MOST_SHAPES) {
      throw place.refusal("%s makes more than %d combinations".formatted(keyword, MOST_SHAPES));
    }
    return forks;
  }

  private static List<Shape> flat(List<List<Shape>> forks) {
    return forks.stream().flatMap(List::stream).toList();
  }

  private static int choices(Place place, String keyword) {
    JsonNode list = place.schema().get(keyword);
    if (list == null) {
      return 0;
    }
    if (!list.isArray() || list.isEmpty()) {
      throw place.refusal("%s is %s, must be a list of schemas".formatted(keyword, list));
    }
    return list.size();
  }

  private Place target(Place place) {
    String ref = place.schema().get("$ref").asText();
    String pointer = ref.startsWith("#") ? ref.substring(1) : null;
    if (pointer == null || !pointer.isEmpty() && !pointer.startsWith("/")) {
      throw place.refusal("$ref is \"%s\", must lie in the schema, as #/$defs/name".formatted(ref));
    }
    JsonNode found =
        root.at(URLDecoder.decode(pointer.replace("+", "%2B"), StandardCharsets.UTF_8));
    if (found.isMissingNode()) {
      throw place.refusal("$ref is \"%s\", which the schema does not have".formatted(ref));
    }
    return new Place("#" + pointer, found);
  }

  /** No value may fit two of a oneOf's schemas, as none may be made that does. */
  private void requireApart(List<List<Shape>> forks, Place place) {
    for (int i = 0; i < forks.size(); i++) {
      for (int j = i + 1; j < forks.size(); j++) {
        for (Shape a : forks.get(i)) {
          for (Shape b : forks.get(j)) {
            if (!areApart(a, b, 0)) {
              throw place.refusal(
                  ("oneOf: a value may fit both number %d and %d, which is not supported;"
                          + " use anyOf, or a required property that tells them apart")
                      .formatted(i, j));
            }
          }
        }
      }
    }
  }

  private boolean areApart(Shape a, Shape b, int depth) {
    Set<Type> types = Shape.both(a.kinds(), b.kinds());
    if (types.isEmpty()) {
      return true;
    }
    if (a.values != null && b.values != null) {
      return a.values.stream()
          .noneMatch(value -> b.values.stream().anyMatch(other -> Shape.equal(value, other)));
    }
    if (!types.equals(Set.of(Type.OBJECT)) || depth > 4) {
      return false;
    }
    if (lacks(a, b) || lacks(b, a)) {
      return true;
    }
    for (String name : a.required) {
      if (b.required.contains(name) && areApart(a, b, name, depth)) {
        return true;
      }
    }
    return false;
  }

  private boolean areApart(Shape a, Shape b, String name, int depth) {
    for (Shape mine : of(a.members().get(name))) {
      for (Shape theirs : of(b.members().get(name))) {
        if (!areApart(mine, theirs, depth + 1)) {
          return false;
        }
      }
    }
    return true;
  }

  /** Whether one requires a property that the other never has. */
  private static boolean lacks(Shape a, Shape b) {
    return b.others.stream().anyMatch(Shape::isNever)
        && a.required.stream().anyMatch(name -> !b.properties.containsKey(name));
  }
}
