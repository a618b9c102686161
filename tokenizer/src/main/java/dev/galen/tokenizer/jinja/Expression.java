package dev.galen.tokenizer.jinja;

import java.util.List;

/** What has a value. */
sealed interface Expression {

  record Constant(Object value) implements Expression {}

  record Name(String name) implements Expression {}

  record ListOf(List<Expression> items) implements Expression {}

  record TupleOf(List<Expression> items) implements Expression {}

  record DictOf(List<Expression> keys, List<Expression> values) implements Expression {}

  /** {@code target.name}. */
  record Attribute(Expression target, String name) implements Expression {}

  /** {@code target[key]}. */
  record Item(Expression target, Expression key) implements Expression {}

  /** {@code from:to:step} within brackets; each may be null. */
  record Slice(Expression from, Expression to, Expression step) implements Expression {}

  record Call(Expression target, Arguments arguments) implements Expression {}

  /** {@code input|name(...)}; the input of a filter on a block is null. */
  record Filter(Expression input, String name, Arguments arguments) implements Expression {}

  /** {@code input is name(...)}. */
  record Test(Expression input, String name, Arguments arguments) implements Expression {}

  /** {@code +} or {@code -}. */
  record Sign(char operator, Expression operand) implements Expression {}

  /** One of {@code + - * / // % **}. */
  record Binary(String operator, Expression left, Expression right) implements Expression {}

  /** Texts joined by {@code ~}. */
  record Concat(List<Expression> parts) implements Expression {}

  record And(Expression left, Expression right) implements Expression {}

  record Or(Expression left, Expression right) implements Expression {}

  record Not(Expression operand) implements Expression {}

  /** {@code first op rest[0] op rest[1]} and so on, as {@code a < b < c}. */
  record Compare(Expression first, List<String> operators, List<Expression> rest)
      implements Expression {}

  /** {@code then if test else otherwise}; the last may be null. */
  record Conditional(Expression test, Expression then, Expression otherwise)
      implements Expression {}

  /**
   * What is passed in a call.
   *
   * @param names names of the last arguments of {@code values}
   * @param spread {@code *spread}, or null
   * @param namedSpread {@code **namedSpread}, or null
   */
  record Arguments(
      List<Expression> values, List<String> names, Expression spread, Expression namedSpread) {
    static final Arguments NONE = new Arguments(List.of(), List.of(), null, null);

    int positional() {
      return values.size() - names.size();
    }
  }
}
