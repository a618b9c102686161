package dev.galen.tokenizer.jinja;

import java.math.BigDecimal;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;

/** Equality, order and membership as Python has them. */
final class Comparison {

  private Comparison() {}

  static boolean compare(String operator, Object left, Object right, Budget budget) {
    return switch (operator) {
      case "==" -> equal(left, right, budget);
      case "!=" -> !equal(left, right, budget);
      case "in" -> contains(right, left, budget);
      case "not in" -> !contains(right, left, budget);
      default -> ordered(operator, left, right, budget);
    };
  }

  static boolean equal(Object left, Object right, Budget budget) {
    budget.step();
    if (left instanceof Long a && right instanceof Long b) {
      return a.longValue() == b.longValue();
    }
    if (Arithmetic.isNumber(left) && Arithmetic.isNumber(right)) {
      return isNaN(left) || isNaN(right) ? false : number(left).compareTo(number(right)) == 0;
    }
    String first = Values.textOrNull(left);
    if (first != null) {
      String second = Values.textOrNull(right);
      budget.spend(first.length());
      return first.equals(second);
    }
    return switch (left) {
      case null -> right == null;
      case List<?> list -> right instanceof List<?> other && equalItems(list, other, budget);
      case Tuple tuple ->
          right instanceof Tuple other && equalItems(tuple.items(), other.items(), budget);
      case Dict dict -> right instanceof Dict other && equalDicts(dict, other, budget);
      case Range range -> right instanceof Range other && range.equals(other);
      case Undefined undefined -> right instanceof Undefined;
      default -> left == right;
    };
  }

  private static boolean equalItems(List<?> left, List<?> right, Budget budget) {
    if (left.size() != right.size()) {
      return false;
    }
    budget.enter();
    boolean equal = true;
    for (int i = 0; i < left.size() && equal; i++) {
      equal = left.get(i) == right.get(i) || equal(left.get(i), right.get(i), budget);
    }
    budget.leave();
    return equal;
  }

  private static boolean equalDicts(Dict left, Dict right, Budget budget) {
    if (left.size() != right.size()) {
      return false;
    }
    budget.enter();
    boolean equal = true;
    Iterator<Object> keys = left.keys().iterator();
    while (equal && keys.hasNext()) {
      Object key = keys.next();
      equal = right.has(key) && equal(left.get(key, null), right.get(key, null), budget);
    }
    budget.leave();
    return equal;
  }

  private static boolean isNaN(Object value) {
    return value instanceof Double real && real.isNaN();
  }

  /** A number in full; infinities stand beyond all others. */
  private static BigDecimal number(Object value) {
    if (value instanceof Double real) {
      return real.isInfinite()
          ? BigDecimal.ONE
              .scaleByPowerOfTen(1 << 20)
              .multiply(BigDecimal.valueOf(Math.signum(real)))
          : new BigDecimal(real);
    }
    return new BigDecimal(Arithmetic.bigOrNull(value));
  }

  private static boolean ordered(String operator, Object left, Object right, Budget budget) {
    if (isNaN(left) && Arithmetic.isNumber(right) || isNaN(right) && Arithmetic.isNumber(left)) {
      return false;
    }
    int order = order(operator, left, right, budget);
    return switch (operator) {
      case "<" -> order < 0;
      case "<=" -> order <= 0;
      case ">" -> order > 0;
      default -> order >= 0;
    };
  }

  private static int order(String operator, Object left, Object right, Budget budget) {
    budget.step();
    if (left instanceof Undefined undefined) {
      throw undefined.failure();
    }
    if (right instanceof Undefined undefined) {
      throw undefined.failure();
    }
    if (left instanceof Long a && right instanceof Long b) {
      return Long.compare(a, b);
    }
    if (Arithmetic.isNumber(left) && Arithmetic.isNumber(right)) {
      return number(left).compareTo(number(right));
    }
    String first = Values.textOrNull(left);
    String second = Values.textOrNull(right);
    if (first != null && second != null) {
      budget.spend(Math.min(first.length(), second.length()));
      return PythonText.compare(first, second);
    }
    List<?> leftItems =
        left instanceof Tuple tuple ? tuple.items() : left instanceof List<?> l ? l : null;
    List<?> rightItems =
        right instanceof Tuple tuple ? tuple.items() : right instanceof List<?> l ? l : null;
    boolean sameKind = left instanceof Tuple == right instanceof Tuple;
    if (leftItems == null || rightItems == null || !sameKind) {
      throw new JinjaException(
          "'%s' not supported between instances of '%s' and '%s'"
              .formatted(operator, Values.typeName(left), Values.typeName(right)));
    }
    budget.enter();
    int order = Integer.compare(leftItems.size(), rightItems.size());
    for (int i = 0; i < Math.min(leftItems.size(), rightItems.size()); i++) {
      if (!equal(leftItems.get(i), rightItems.get(i), budget)) {
        order = order(operator, leftItems.get(i), rightItems.get(i), budget);
        break;
      }
    }
    budget.leave();
    return order;
  }

  /** The order of {@code sort}. */
  static Comparator<Object> byOrder(Budget budget) {
    return (left, right) ->
        ordered("<", left, right, budget) ? -1 : ordered("<", right, left, budget) ? 1 : 0;
  }

  static boolean contains(Object container, Object value, Budget budget) {
    String text = Values.textOrNull(container);
    if (text != null) {
      String part = Values.textOrNull(value);
      if (part == null) {
        throw new JinjaException(
            "'in <string>' requires string as left operand, not " + Values.typeName(value));
      }
      budget.spend(text.length());
      return text.contains(part);
    }
    if (container instanceof Dict dict) {
      return dict.has(value);
    }
    if (!Values.isIterable(container)) {
      throw new JinjaException(
          "argument of type '" + Values.typeName(container) + "' is not iterable");
    }
    Iterator<Object> items = Values.iterator(container, budget);
    while (items.hasNext()) {
      Object item = items.next();
      if (item == value || equal(item, value, budget)) {
        return true;
      }
    }
    return false;
  }
}
