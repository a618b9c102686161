package dev.galen.model.engine.constraint;

import com.fasterxml.jackson.databind.JsonNode;
import dev.galen.model.engine.constraint.NumberParts.Bounds;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** One kind of value that a schema allows: its keywords, without references and alternatives. */
final class Shape {
  /** JSON Schema's types. */
  enum Type {
    OBJECT,
    ARRAY,
    STRING,
    NUMBER,
    INTEGER,
    BOOLEAN,
    NULL
  }

  /** A schema and where it stands. */
  record Place(String path, JsonNode schema) {
    Place at(String key) {
      return new Place(path + "/" + key, schema.get(key));
    }

    Place at(String key, int index) {
      return new Place(path + "/" + key + "/" + index, schema.get(key).get(index));
    }

    IllegalArgumentException refusal(String what) {
      return new IllegalArgumentException("schema at %s: %s".formatted(path, what));
    }
  }

  /** Without {@link Type#INTEGER}, which is a number. */
  private static final Set<Type> ALL = EnumSet.complementOf(EnumSet.of(Type.INTEGER));

  EnumSet<Type> types = EnumSet.copyOf(ALL);

  /** Types that the keywords are about. */
  final EnumSet<Type> hinted = EnumSet.noneOf(Type.class);

  /** The only values, null where there is no such list. */
  List<JsonNode> values;

  /** For each named property all schemas that it must keep to. */
  final Map<String, List<Place>> properties = new LinkedHashMap<>();

  final Set<String> required = new LinkedHashSet<>();

  /** What properties without a name here must keep to. */
  final List<Place> others = new ArrayList<>();

  /** Whether there are such properties: not where some are named and nothing is said of others. */
  boolean named;

  boolean othersGiven;

  final List<List<Place>> first = new ArrayList<>();
  final List<Place> items = new ArrayList<>();
  int leastItems;
  int mostItems = -1;
  int leastLength;
  int mostLength = -1;
  final Set<String> patterns = new LinkedHashSet<>();
  Bounds bounds = Bounds.NONE;

  Shape copy() {
    var copy = new Shape();
    copy.types = EnumSet.copyOf(types);
    copy.hinted.addAll(hinted);
    copy.values = values == null ? null : List.copyOf(values);
    properties.forEach((name, places) -> copy.properties.put(name, new ArrayList<>(places)));
    copy.required.addAll(required);
    copy.others.addAll(others);
    copy.named = named;
    copy.othersGiven = othersGiven;
    first.forEach(places -> copy.first.add(new ArrayList<>(places)));
    copy.items.addAll(items);
    copy.leastItems = leastItems;
    copy.mostItems = mostItems;
    copy.leastLength = leastLength;
    copy.mostLength = mostLength;
    copy.patterns.addAll(patterns);
    copy.bounds = bounds;
    return copy;
  }

  /** The types of its values; where none is given those that the keywords are about. */
  Set<Type> kinds() {
    return types.equals(ALL) && !hinted.isEmpty() && values == null ? hinted : types;
  }

  boolean hasOthers() {
    return (othersGiven || !named) && others.stream().noneMatch(Shape::isNever);
  }

  /** Every property that is named or required, in order, with all that it must keep to. */
  Map<String, List<Place>> members() {
    Map<String, List<Place>> all = new LinkedHashMap<>(properties);
    for (String name : required) {
      all.putIfAbsent(name, others);
    }
    return all;
  }

  static boolean isNever(Place place) {
    return place.schema().isBoolean() && !place.schema().booleanValue();
  }

  /** The types that both have. */
  static EnumSet<Type> both(Set<Type> a, Set<Type> b) {
    var both = EnumSet.noneOf(Type.class);
    for (Type type : a) {
      if (b.contains(type)) {
        both.add(type);
      }
    }
    if (a.contains(Type.INTEGER) && b.contains(Type.NUMBER)
        || a.contains(Type.NUMBER) && b.contains(Type.INTEGER)) {
      both.add(Type.INTEGER);
    }
    if (both.contains(Type.NUMBER)) {
      both.remove(Type.INTEGER);
    }
    return both;
  }

  /** The type of a value. */
  static Type type(JsonNode value) {
    return switch (value.getNodeType()) {
      case OBJECT -> Type.OBJECT;
      case ARRAY -> Type.ARRAY;
      case STRING -> Type.STRING;
      case BOOLEAN -> Type.BOOLEAN;
      case NULL -> Type.NULL;
      case NUMBER ->
          value.decimalValue().stripTrailingZeros().scale() <= 0 ? Type.INTEGER : Type.NUMBER;
      default -> throw new IllegalArgumentException("no value of JSON: " + value);
    };
  }

  /** Whether two values are equal; numbers by what they are worth. */
  static boolean equal(JsonNode a, JsonNode b) {
    return a.isNumber() && b.isNumber()
        ? a.decimalValue().compareTo(b.decimalValue()) == 0
        : a.equals(b);
  }
}
