package dev.galen.model.engine.constraint;

import com.fasterxml.jackson.databind.JsonNode;
import dev.galen.model.engine.constraint.Grammar.Rule;
import dev.galen.model.engine.constraint.JsonParts.Member;
import dev.galen.model.engine.constraint.Shape.Place;
import dev.galen.model.engine.constraint.Shape.Type;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Makes rules of schemas, one for each set of schemas that hold together, so that they may recur.
 */
final class SchemaCompiler {
  private static final int MOST_RULES = 10_000;

  private final Grammar grammar;
  private final JsonParts parts;
  private final NumberParts numbers;
  private final Shapes shapes;
  private final Map<List<Place>, Rule> rules = new HashMap<>();
  private final Map<List<Object>, CharAutomaton> patterns = new HashMap<>();

  private SchemaCompiler(Grammar grammar, JsonNode schema, int longest) {
    this.grammar = grammar;
    this.parts = new JsonParts(grammar, longest);
    this.numbers = new NumberParts(grammar);
    this.shapes = new Shapes(schema);
  }

  /**
   * The rule of a schema's values.
   *
   * @param longest the bytes of the longest token
   * @throws IllegalArgumentException if it has what is not supported
   */
  static Rule compile(Grammar grammar, JsonNode schema, int longest) {
    return new SchemaCompiler(grammar, schema, longest).rule(List.of(new Place("#", schema)));
  }

  private Rule rule(List<Place> places) {
    Rule known = rules.get(places);
    if (known != null) {
      return known;
    }
    if (rules.size() == MOST_RULES) {
      throw places.getFirst().refusal("the schema takes more than %,d rules".formatted(MOST_RULES));
    }
    Rule rule = grammar.rule();
    rules.put(List.copyOf(places), rule);
    for (Shape shape : shapes.of(places)) {
      Place place = places.isEmpty() ? new Place("#", null) : places.getFirst();
      if (isFree(shape)) {
        grammar.call(rule.start(), parts.any(), rule.end());
      } else if (shape.values != null) {
        addValues(rule, shape, place);
      } else {
        for (Type type : shape.kinds()) {
          add(rule, shape, type, place);
        }
      }
    }
    return rule;
  }

  /** Whether nothing is said: such values may nest no deeper than parsers take. */
  private static boolean isFree(Shape shape) {
    return shape.values == null && shape.hinted.isEmpty() && shape.types.equals(new Shape().types);
  }

  private void addValues(Rule rule, Shape shape, Place place) {
    for (JsonNode value : shape.values) {
      if (allows(shape, value, place)) {
        parts.literal(rule, value.toString());
      }
    }
  }

  /** Whether a listed value keeps to the keywords beside the list. */
  private boolean allows(Shape shape, JsonNode value, Place place) {
    Type type = Shape.type(value);
    if (Shape.both(shape.types, Set.of(type)).isEmpty()) {
      return false;
    }
    return switch (type) {
      case STRING -> {
        int length = value.textValue().codePointCount(0, value.textValue().length());
        CharAutomaton pattern = pattern(shape, false, place);
        yield length >= shape.leastLength
            && (shape.mostLength < 0 || length <= shape.mostLength)
            && (pattern == null || pattern.accepts(value.textValue()));
      }
      case NUMBER, INTEGER -> shape.bounds.contains(value.decimalValue());
      case OBJECT, ARRAY -> {
        if (shape.hinted.contains(type)) {
          throw place.refusal("enum or const beside keywords of an object or array");
        }
        yield true;
      }
      case BOOLEAN, NULL -> true;
    };
  }

  private void add(Rule rule, Shape shape, Type type, Place place) {
    switch (type) {
      case NULL -> parts.literal(rule, "null");
      case BOOLEAN -> {
        parts.literal(rule, "true");
        parts.literal(rule, "false");
      }
      case INTEGER, NUMBER ->
          grammar.call(
              rule.start(), numbers.within(shape.bounds, type == Type.INTEGER), rule.end());
      case STRING -> grammar.call(rule.start(), string(shape, place), rule.end());
      case ARRAY -> grammar.call(rule.start(), array(shape), rule.end());
      case OBJECT -> grammar.call(rule.start(), object(shape), rule.end());
    }
  }

  private Rule string(Shape shape, Place place) {
    CharAutomaton pattern = pattern(shape, true, place);
    if (pattern != null) {
      return parts.string(pattern);
    }
    return shape.leastLength == 0 && shape.mostLength < 0
        ? parts.anyString()
        : parts.string(shape.leastLength, shape.mostLength);
  }

  /** All patterns of a shape, with its length where asked for; null where there is none. */
  private CharAutomaton pattern(Shape shape, boolean withLength, Place place) {
    if (shape.patterns.isEmpty()) {
      return null;
    }
    List<Object> key =
        List.of(List.copyOf(shape.patterns), withLength, shape.leastLength, shape.mostLength);
    CharAutomaton known = patterns.get(key);
    if (known != null) {
      return known;
    }
    try {
      CharAutomaton all = null;
      for (String pattern : shape.patterns) {
        CharAutomaton next = CharAutomaton.of(pattern);
        all = all == null ? next : all.and(next);
      }
      if (withLength && (shape.leastLength > 0 || shape.mostLength >= 0)) {
        all = all.and(CharAutomaton.length(shape.leastLength, shape.mostLength));
      }
      patterns.put(key, all);
      return all;
    } catch (IllegalArgumentException e) {
      throw place.refusal(e.getMessage());
    }
  }

  private Rule array(Shape shape) {
    List<Rule> first = new ArrayList<>();
    for (List<Place> places : shape.first) {
      first.add(rule(places));
    }
    boolean ends = shape.items.stream().anyMatch(Shape::isNever);
    return parts.array(first, ends ? null : rule(shape.items), shape.leastItems, shape.mostItems);
  }

  private Rule object(Shape shape) {
    List<Member> members = new ArrayList<>();
    shape
        .members()
        .forEach(
            (name, places) ->
                members.add(new Member(name, rule(places), shape.required.contains(name))));
    return parts.object(members, shape.hasOthers() ? rule(shape.others) : null);
  }
}
