package dev.galen.tokenizer.jinja;

import java.math.BigInteger;
import java.util.List;
import java.util.Set;

/** The tests of a template, behind {@code is}. */
final class Tests {
  private static final Set<String> NAMES =
      Set.of(
          "odd",
          "even",
          "divisibleby",
          "defined",
          "undefined",
          "filter",
          "test",
          "none",
          "boolean",
          "false",
          "true",
          "integer",
          "float",
          "lower",
          "upper",
          "string",
          "mapping",
          "number",
          "sequence",
          "iterable",
          "callable",
          "sameas",
          "escaped",
          "in",
          "==",
          "eq",
          "equalto",
          "!=",
          "ne",
          ">",
          "gt",
          "greaterthan",
          ">=",
          "ge",
          "<",
          "lt",
          "lessthan",
          "<=",
          "le");

  private Tests() {}

  /** Whether the first of the arguments passes a test. */
  static boolean holds(String name, Arguments arguments, Budget budget) {
    if (!NAMES.contains(name)) {
      throw new JinjaException("No test named " + PythonText.repr(name) + ".");
    }
    String operator = operator(name);
    boolean takesOne = operator != null || Set.of("divisibleby", "sameas", "in").contains(name);
    Arguments.Bound bound =
        takesOne ? arguments.bind(2, "value", "other") : arguments.bind(1, "value");
    Object value = bound.get("value");
    Object other = bound.get("other");
    if (operator != null) {
      return Comparison.compare(operator, value, other, budget);
    }
    return switch (name) {
      case "defined" -> !(value instanceof Undefined);
      case "undefined" -> value instanceof Undefined;
      case "none" -> value == null;
      case "string" -> Values.textOrNull(value) != null;
      case "mapping" -> value instanceof Dict;
      case "boolean" -> value instanceof Boolean;
      case "true" -> value instanceof Boolean flag && flag;
      case "false" -> value instanceof Boolean flag && !flag;
      case "integer" -> value instanceof Long || value instanceof BigInteger;
      case "float" -> value instanceof Double;
      case "number" -> Arithmetic.isNumber(value);
      case "iterable" -> Values.isIterable(value);
      case "sequence" -> isSequence(value);
      case "callable" -> value instanceof Callable || value instanceof Undefined;
      case "escaped" -> value instanceof Markup;
      case "lower" -> Letters.is("islower", Values.str(value, budget));
      case "upper" -> Letters.is("isupper", Values.str(value, budget));
      case "odd" -> isRest(value, 2L, 1L, budget);
      case "even" -> isRest(value, 2L, 0L, budget);
      case "divisibleby" -> isRest(value, other, 0L, budget);
      case "in" -> Comparison.contains(other, value, budget);
      case "filter" -> value instanceof String text && Filters.has(text);
      case "test" -> value instanceof String text && NAMES.contains(text);
      default -> isSame(value, other);
    };
  }

  private static String operator(String name) {
    return switch (name) {
      case "==", "eq", "equalto" -> "==";
      case "!=", "ne" -> "!=";
      case ">", "gt", "greaterthan" -> ">";
      case ">=", "ge" -> ">=";
      case "<", "lt", "lessthan" -> "<";
      case "<=", "le" -> "<=";
      default -> null;
    };
  }

  private static boolean isRest(Object value, Object divisor, Object rest, Budget budget) {
    Object actual = Arithmetic.binary("%", value, divisor, budget);
    return Comparison.equal(actual, rest, budget);
  }

  private static boolean isSequence(Object value) {
    return value instanceof List
        || value instanceof Tuple
        || value instanceof Dict
        || value instanceof Range
        || value instanceof Undefined
        || Values.textOrNull(value) != null;
  }

  /** Identity, which Python's small numbers, booleans and none have by their value. */
  private static boolean isSame(Object value, Object other) {
    if (value instanceof Boolean || value instanceof Long || value instanceof String) {
      return value.equals(other);
    }
    return value == other;
  }
}
