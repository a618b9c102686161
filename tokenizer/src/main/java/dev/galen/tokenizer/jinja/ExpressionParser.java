package dev.galen.tokenizer.jinja;

import dev.galen.tokenizer.jinja.Expression.Arguments;
import dev.galen.tokenizer.jinja.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Reads expressions. From loose to tight: {@code if else}, {@code or}, {@code and}, {@code not},
 * comparisons, {@code + -}, {@code ~}, {@code * / // %}, {@code **}, signs, then what stands behind
 * a value: attributes, items, calls, filters and tests.
 */
final class ExpressionParser {
  private static final Set<String> COMPARISONS = Set.of("==", "!=", "<", "<=", ">", ">=");
  private static final Set<String> SUMS = Set.of("+", "-");
  private static final Set<String> PRODUCTS = Set.of("*", "/", "//", "%");

  private final TokenReader in;

  ExpressionParser(TokenReader in) {
    this.in = in;
  }

  Expression expression() {
    in.enter();
    try {
      Expression value = or();
      while (in.skipName("if")) {
        Expression test = or();
        Expression otherwise = in.skipName("else") ? expression() : null;
        value = new Expression.Conditional(test, value, otherwise);
      }
      return value;
    } finally {
      in.leave();
    }
  }

  /**
   * One expression, or a tuple of several with commas between them.
   *
   * @param conditional whether {@code if} belongs to the expression
   * @param end a name that ends it beside the end of the tag, or null
   * @param canBeEmpty whether nothing is the empty tuple
   */
  Expression tuple(boolean conditional, String end, boolean canBeEmpty) {
    List<Expression> items = new ArrayList<>();
    boolean isTuple = false;
    while (!isTupleEnd(end)) {
      items.add(conditional ? expression() : or());
      if (!in.skipOperator(",")) {
        break;
      }
      isTuple = true;
    }
    if (!isTuple && items.size() == 1) {
      return items.getFirst();
    }
    if (items.isEmpty() && !canBeEmpty) {
      throw in.unexpected("an expression");
    }
    return new Expression.TupleOf(items);
  }

  private boolean isTupleEnd(String end) {
    Token token = in.current();
    return token.kind() == Kind.VARIABLE_END
        || token.kind() == Kind.BLOCK_END
        || token.isOperator(")")
        || (end != null && token.isName(end));
  }

  Expression or() {
    Expression left = and();
    while (in.skipName("or")) {
      left = new Expression.Or(left, and());
    }
    return left;
  }

  private Expression and() {
    Expression left = not();
    while (in.skipName("and")) {
      left = new Expression.And(left, not());
    }
    return left;
  }

  private Expression not() {
    if (!in.skipName("not")) {
      return compare();
    }
    in.enter();
    try {
      return new Expression.Not(not());
    } finally {
      in.leave();
    }
  }

  private Expression compare() {
    Expression first = sum();
    List<String> operators = new ArrayList<>();
    List<Expression> rest = new ArrayList<>();
    while (true) {
      Token token = in.current();
      if (token.kind() == Kind.OPERATOR && COMPARISONS.contains(token.value())) {
        operators.add((String) in.next().value());
      } else if (in.skipName("in")) {
        operators.add("in");
      } else if (token.isName("not") && in.following().isName("in")) {
        in.next();
        in.next();
        operators.add("not in");
      } else {
        return operators.isEmpty() ? first : new Expression.Compare(first, operators, rest);
      }
      rest.add(sum());
    }
  }

  private boolean isAt(Set<String> operators) {
    return in.current().kind() == Kind.OPERATOR && operators.contains(in.current().value());
  }

  private Expression sum() {
    Expression left = concat();
    while (isAt(SUMS)) {
      left = new Expression.Binary((String) in.next().value(), left, concat());
    }
    return left;
  }

  private Expression concat() {
    Expression first = product();
    if (!in.current().isOperator("~")) {
      return first;
    }
    List<Expression> parts = new ArrayList<>(List.of(first));
    while (in.skipOperator("~")) {
      parts.add(product());
    }
    return new Expression.Concat(parts);
  }

  private Expression product() {
    Expression left = power();
    while (isAt(PRODUCTS)) {
      left = new Expression.Binary((String) in.next().value(), left, power());
    }
    return left;
  }

  private Expression power() {
    Expression left = unary(true);
    while (in.skipOperator("**")) {
      left = new Expression.Binary("**", left, unary(true));
    }
    return left;
  }

  private Expression unary(boolean withFilters) {
    in.enter();
    try {
      Expression value;
      if (in.skipOperator("-")) {
        value = new Expression.Sign('-', unary(false));
      } else if (in.skipOperator("+")) {
        value = new Expression.Sign('+', unary(false));
      } else {
        value = primary();
      }
      value = postfix(value);
      return withFilters ? filtersAndTests(value) : value;
    } finally {
      in.leave();
    }
  }

  Expression primary() {
    Token token = in.current();
    switch (token.kind()) {
      case NAME -> {
        in.next();
        return constantOrName((String) token.value());
      }
      case STRING -> {
        var text = new StringBuilder();
        while (in.current().kind() == Kind.STRING) {
          text.append(in.next().value());
        }
        return new Expression.Constant(text.toString());
      }
      case INTEGER, FLOAT -> {
        in.next();
        return new Expression.Constant(token.value());
      }
      case OPERATOR -> {
        if (in.skipOperator("(")) {
          Expression value = tuple(true, null, true);
          in.expectOperator(")");
          return value;
        }
        if (in.skipOperator("[")) {
          return new Expression.ListOf(list());
        }
        if (in.skipOperator("{")) {
          return dict();
        }
      }
      default -> {}
    }
    throw in.unexpected("a value");
  }

  static Expression constantOrName(String name) {
    return switch (name) {
      case "true", "True" -> new Expression.Constant(true);
      case "false", "False" -> new Expression.Constant(false);
      case "none", "None" -> new Expression.Constant(null);
      default -> new Expression.Name(name);
    };
  }

  private List<Expression> list() {
    List<Expression> items = new ArrayList<>();
    while (!in.skipOperator("]")) {
      items.add(expression());
      if (!in.current().isOperator("]")) {
        in.expectOperator(",");
      }
    }
    return items;
  }

  private Expression dict() {
    List<Expression> keys = new ArrayList<>();
    List<Expression> values = new ArrayList<>();
    while (!in.skipOperator("}")) {
      keys.add(expression());
      in.expectOperator(":");
      values.add(expression());
      if (!in.current().isOperator("}")) {
        in.expectOperator(",");
      }
    }
    return new Expression.DictOf(keys, values);
  }

  private Expression postfix(Expression value) {
    Expression result = value;
    while (true) {
      if (in.skipOperator(".")) {
        Token token = in.current();
        if (token.kind() == Kind.INTEGER) {
          in.next();
          result = new Expression.Item(result, new Expression.Constant(token.value()));
        } else {
          result = new Expression.Attribute(result, in.anyName());
        }
      } else if (in.skipOperator("[")) {
        result = new Expression.Item(result, subscript());
      } else if (in.current().isOperator("(")) {
        result = new Expression.Call(result, arguments());
      } else {
        return result;
      }
    }
  }

  private Expression subscript() {
    List<Expression> keys = new ArrayList<>();
    boolean isTuple = false;
    while (!in.skipOperator("]")) {
      keys.add(keyOrSlice());
      if (!in.current().isOperator("]")) {
        in.expectOperator(",");
        isTuple = true;
      }
    }
    return keys.size() == 1 && !isTuple ? keys.getFirst() : new Expression.TupleOf(keys);
  }

  private Expression keyOrSlice() {
    Expression from = in.current().isOperator(":") ? null : expression();
    if (!in.skipOperator(":")) {
      return from;
    }
    Expression to = sliceEnd();
    Expression step = in.skipOperator(":") ? sliceEnd() : null;
    return new Expression.Slice(from, to, step);
  }

  private Expression sliceEnd() {
    Token token = in.current();
    boolean none = token.isOperator(":") || token.isOperator("]") || token.isOperator(",");
    return none ? null : expression();
  }

  private Expression filtersAndTests(Expression value) {
    Expression result = value;
    while (true) {
      if (in.current().isOperator("|")) {
        result = filter(result);
      } else if (in.current().isName("is")) {
        result = test(result);
      } else if (in.current().isOperator("(")) {
        result = new Expression.Call(result, arguments());
      } else {
        return result;
      }
    }
  }

  /** Reads {@code |name(...)} as often as it comes. */
  Expression.Filter filters(Expression input) {
    Expression.Filter result = filter(input);
    while (in.current().isOperator("|")) {
      result = filter(result);
    }
    return result;
  }

  private Expression.Filter filter(Expression input) {
    in.expectOperator("|");
    return namedFilter(input);
  }

  Expression.Filter namedFilter(Expression input) {
    String name = dottedName();
    boolean called = in.current().isOperator("(");
    return new Expression.Filter(input, name, called ? arguments() : Arguments.NONE);
  }

  private String dottedName() {
    var name = new StringBuilder(in.anyName());
    while (in.skipOperator(".")) {
      name.append('.').append(in.anyName());
    }
    return name.toString();
  }

  private Expression test(Expression input) {
    in.expectName("is");
    boolean negated = in.skipName("not");
    String name = dottedName();
    Arguments arguments = Arguments.NONE;
    if (in.current().isOperator("(")) {
      arguments = arguments();
    } else if (beginsArgument(in.current())) {
      if (in.current().isName("is")) {
        throw in.error("tests cannot be chained by 'is'");
      }
      arguments = new Arguments(List.of(postfix(primary())), List.of(), null, null);
    }
    Expression test = new Expression.Test(input, name, arguments);
    return negated ? new Expression.Not(test) : test;
  }

  private static boolean beginsArgument(Token token) {
    return switch (token.kind()) {
      case NAME -> !Set.of("else", "or", "and").contains(token.value());
      case STRING, INTEGER, FLOAT -> true;
      case OPERATOR -> token.isOperator("[") || token.isOperator("{");
      default -> false;
    };
  }

  private Arguments arguments() {
    return ArgumentsParser.read(in, this);
  }
}
