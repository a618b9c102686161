package dev.galen.tokenizer.jinja;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Computes expressions. */
final class Evaluator {
  private static final Object MISSING = new Object();

  private final Budget budget;

  /** What a name stands for that the template does not set. */
  private final Function<String, Object> outside;

  Evaluator(Budget budget, Function<String, Object> outside) {
    this.budget = budget;
    this.outside = outside;
  }

  Object value(Expression expression, Scope scope) {
    budget.step();
    budget.enter();
    Object value =
        switch (expression) {
          case Expression.Constant constant -> constant.value();
          case Expression.Name name -> name(name.name(), scope);
          case Expression.ListOf list -> values(list.items(), scope);
          case Expression.TupleOf tuple -> new Tuple(values(tuple.items(), scope));
          case Expression.DictOf dict -> dict(dict, scope);
          case Expression.Attribute attribute ->
              Subscript.attribute(value(attribute.target(), scope), attribute.name(), budget);
          case Expression.Item item -> {
            Object owner = value(item.target(), scope);
            yield Subscript.get(owner, value(item.key(), scope), budget);
          }
          case Expression.Slice slice ->
              new Subscript.SliceKey(
                  valueOrNull(slice.from(), scope),
                  valueOrNull(slice.to(), scope),
                  valueOrNull(slice.step(), scope));
          case Expression.Call call -> call(call, scope, Map.of());
          case Expression.Filter filter -> filter(filter, scope, null);
          case Expression.Test test -> {
            Object input = value(test.input(), scope);
            Arguments arguments = arguments(test.name(), test.arguments(), scope);
            yield Tests.holds(test.name(), arguments.behind(input), budget);
          }
          case Expression.Sign sign ->
              Arithmetic.sign(sign.operator(), value(sign.operand(), scope));
          case Expression.Binary binary -> {
            Object left = value(binary.left(), scope);
            Object right = value(binary.right(), scope);
            yield Arithmetic.binary(binary.operator(), left, right, budget);
          }
          case Expression.Concat concat -> concat(values(concat.parts(), scope));
          case Expression.And and -> {
            Object left = value(and.left(), scope);
            yield Values.isTrue(left) ? value(and.right(), scope) : left;
          }
          case Expression.Or or -> {
            Object left = value(or.left(), scope);
            yield Values.isTrue(left) ? left : value(or.right(), scope);
          }
          case Expression.Not not -> !Values.isTrue(value(not.operand(), scope));
          case Expression.Compare compare -> compare(compare, scope);
          case Expression.Conditional conditional -> conditional(conditional, scope);
        };
    budget.leave();
    return value;
  }

  private Object valueOrNull(Expression expression, Scope scope) {
    return expression == null ? null : value(expression, scope);
  }

  Object name(String name, Scope scope) {
    Object value = scope.get(name, MISSING);
    return value == MISSING ? outside.apply(name) : value;
  }

  private List<Object> values(List<Expression> expressions, Scope scope) {
    List<Object> values = new ArrayList<>(expressions.size());
    for (Expression expression : expressions) {
      values.add(value(expression, scope));
    }
    return values;
  }

  private Dict dict(Expression.DictOf expression, Scope scope) {
    var dict = new Dict();
    for (int i = 0; i < expression.keys().size(); i++) {
      Object key = value(expression.keys().get(i), scope);
      dict.put(key, value(expression.values().get(i), scope));
    }
    return dict;
  }

  /**
   * Calls what an expression stands for.
   *
   * @param more arguments beside those of the expression
   */
  Object call(Expression.Call call, Scope scope, Map<String, Object> more) {
    Object target = value(call.target(), scope);
    String what =
        switch (call.target()) {
          case Expression.Name name -> name.name();
          case Expression.Attribute attribute -> attribute.name();
          default -> "the call";
        };
    Arguments arguments = arguments(what, call.arguments(), scope);
    if (!more.isEmpty()) {
      Map<String, Object> named = new LinkedHashMap<>(arguments.named());
      named.putAll(more);
      arguments = new Arguments(what, arguments.positional(), named);
    }
    if (target instanceof Undefined undefined) {
      throw undefined.failure();
    }
    if (!(target instanceof Callable callable)) {
      throw new JinjaException("'" + Values.typeName(target) + "' object is not callable");
    }
    return callable.call(arguments, budget);
  }

  /** Applies a filter to its input, or to {@code text} if the expression has none. */
  Object filter(Expression.Filter filter, Scope scope, Object text) {
    Object input =
        switch (filter.input()) {
          case null -> text;
          case Expression.Filter inner when text != null -> filter(inner, scope, text);
          default -> value(filter.input(), scope);
        };
    Arguments arguments = arguments(filter.name(), filter.arguments(), scope);
    return Filters.apply(filter.name(), arguments.behind(input), budget);
  }

  private Arguments arguments(String what, Expression.Arguments expressions, Scope scope) {
    List<Object> all = values(expressions.values(), scope);
    int count = expressions.positional();
    List<Object> positional = new ArrayList<>(all.subList(0, count));
    Map<String, Object> named = new LinkedHashMap<>();
    for (int i = count; i < all.size(); i++) {
      named.put(expressions.names().get(i - count), all.get(i));
    }
    if (expressions.spread() != null) {
      List<Object> spread = Values.elements(value(expressions.spread(), scope), budget);
      budget.spendElements(spread.size());
      positional.addAll(spread);
    }
    if (expressions.namedSpread() != null) {
      Object spread = value(expressions.namedSpread(), scope);
      if (!(spread instanceof Dict dict)) {
        throw new JinjaException(
            "argument after ** must be a mapping, not " + Values.typeName(spread));
      }
      budget.spendElements(dict.size());
      dict.keys().forEach(key -> named.put(Values.str(key, budget), dict.get(key, null)));
    }
    return new Arguments(what, positional, named);
  }

  private String concat(List<Object> parts) {
    var text = new StringBuilder();
    for (Object part : parts) {
      String one = Values.str(part, budget);
      budget.spend(one.length());
      text.append(one);
    }
    return text.toString();
  }

  private Object compare(Expression.Compare compare, Scope scope) {
    Object left = value(compare.first(), scope);
    for (int i = 0; i < compare.operators().size(); i++) {
      Object right = value(compare.rest().get(i), scope);
      if (!Comparison.compare(compare.operators().get(i), left, right, budget)) {
        return false;
      }
      left = right;
    }
    return true;
  }

  private Object conditional(Expression.Conditional conditional, Scope scope) {
    if (Values.isTrue(value(conditional.test(), scope))) {
      return value(conditional.then(), scope);
    }
    return conditional.otherwise() == null
        ? new Undefined(
            "the inline if-expression evaluated to false and no else section was defined.")
        : value(conditional.otherwise(), scope);
  }
}
