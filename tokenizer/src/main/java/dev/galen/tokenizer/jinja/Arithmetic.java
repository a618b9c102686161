package dev.galen.tokenizer.jinja;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;

/** Python's operators on numbers, texts and lists. Whole numbers have no largest one. */
final class Arithmetic {
  /** Of a whole number. */
  private static final int MOST_BITS = 2048;

  private Arithmetic() {}

  /** Long where it fits, else BigInteger. */
  static Object integer(BigInteger number) {
    if (number.bitLength() < Long.SIZE) {
      return number.longValue();
    }
    if (number.bitLength() > MOST_BITS) {
      throw new JinjaException("a whole number has more than " + MOST_BITS + " bits");
    }
    return number;
  }

  /** A whole number as a template spells it. */
  static Object parseLiteral(String digits) {
    if (digits.length() > 1 && !Character.isDigit(digits.charAt(1))) {
      int radix =
          switch (Character.toLowerCase(digits.charAt(1))) {
            case 'x' -> 16;
            case 'o' -> 8;
            default -> 2;
          };
      return integer(new BigInteger(digits.substring(2), radix));
    }
    return integer(new BigInteger(digits));
  }

  static BigInteger bigOrNull(Object value) {
    return switch (value) {
      case Boolean flag -> flag ? BigInteger.ONE : BigInteger.ZERO;
      case Long number -> BigInteger.valueOf(number);
      case BigInteger number -> number;
      case null, default -> null;
    };
  }

  static boolean isNumber(Object value) {
    return value instanceof Double || bigOrNull(value) != null;
  }

  static double real(Object value) {
    return value instanceof Double real ? real : bigOrNull(value).doubleValue();
  }

  static Object binary(String operator, Object left, Object right, Budget budget) {
    Undefined undefined = left instanceof Undefined l ? l : right instanceof Undefined r ? r : null;
    boolean formats = operator.equals("%") && Values.textOrNull(left) != null;
    if (undefined != null && !(formats && left != undefined)) {
      throw undefined.failure();
    }
    if (isNumber(left) && isNumber(right)) {
      return numbers(operator, left, right);
    }
    switch (operator) {
      case "+" -> {
        return add(left, right, budget);
      }
      case "*" -> {
        if (isSequence(left) && !isNumber(right) || isSequence(right) && !isNumber(left)) {
          Object other = isSequence(left) ? right : left;
          throw new JinjaException(
              "can't multiply sequence by non-int of type '" + Values.typeName(other) + "'");
        }
        if (isSequence(left) && bigOrNull(right) != null) {
          return repeat(left, bigOrNull(right), budget);
        }
        if (isSequence(right) && bigOrNull(left) != null) {
          return repeat(right, bigOrNull(left), budget);
        }
        if (isSequence(left) || isSequence(right)) {
          throw new JinjaException("can't multiply sequence by non-int of type 'float'");
        }
      }
      case "%" -> {
        if (formats) {
          return PercentFormat.format(Values.textOrNull(left), right, budget);
        }
      }
      default -> {}
    }
    String shown = operator.equals("**") ? "** or pow()" : operator;
    throw new JinjaException(
        "unsupported operand type(s) for %s: '%s' and '%s'"
            .formatted(shown, Values.typeName(left), Values.typeName(right)));
  }

  private static boolean isSequence(Object value) {
    return value instanceof List || value instanceof Tuple || Values.textOrNull(value) != null;
  }

  private static Object add(Object left, Object right, Budget budget) {
    if (left instanceof Markup || right instanceof Markup) {
      if (Values.textOrNull(left) != null && Values.textOrNull(right) != null) {
        return new Markup(
            Markup.escaped(left, budget).text() + Markup.escaped(right, budget).text());
      }
    }
    if (left instanceof String first) {
      if (right instanceof String second) {
        budget.spend((long) first.length() + second.length());
        return first.concat(second);
      }
      throw concatenates("str", right);
    }
    if (left instanceof List<?> first) {
      if (right instanceof List<?> second) {
        return joined(first, second, budget);
      }
      throw concatenates("list", right);
    }
    if (left instanceof Tuple first) {
      if (right instanceof Tuple second) {
        return new Tuple(joined(first.items(), second.items(), budget));
      }
      throw concatenates("tuple", right);
    }
    throw new JinjaException(
        "unsupported operand type(s) for +: '%s' and '%s'"
            .formatted(Values.typeName(left), Values.typeName(right)));
  }

  private static JinjaException concatenates(String type, Object other) {
    return new JinjaException(
        "can only concatenate %s (not \"%s\") to %s".formatted(type, Values.typeName(other), type));
  }

  private static List<Object> joined(List<?> first, List<?> second, Budget budget) {
    budget.spendElements((long) first.size() + second.size());
    List<Object> all = new ArrayList<>(first);
    all.addAll(second);
    return all;
  }

  private static Object repeat(Object sequence, BigInteger times, Budget budget) {
    long count = Math.max(0, times.bitLength() < Long.SIZE ? times.longValue() : Long.MAX_VALUE);
    String text = Values.textOrNull(sequence);
    if (text != null) {
      budget.spend(text.length(), count);
      String repeated = text.isEmpty() ? "" : text.repeat((int) count);
      return sequence instanceof Markup ? new Markup(repeated) : repeated;
    }
    List<?> items = sequence instanceof Tuple tuple ? tuple.items() : (List<?>) sequence;
    budget.spend(8L * items.size(), count);
    List<Object> all = new ArrayList<>();
    for (long i = 0; i < count && !items.isEmpty(); i++) {
      all.addAll(items);
    }
    return sequence instanceof Tuple ? new Tuple(all) : all;
  }

  private static Object numbers(String operator, Object left, Object right) {
    BigInteger a = bigOrNull(left);
    BigInteger b = bigOrNull(right);
    return a != null && b != null
        ? integers(operator, a, b)
        : reals(operator, real(left), real(right));
  }

  private static Object integers(String operator, BigInteger a, BigInteger b) {
    boolean byZero = b.signum() == 0;
    return switch (operator) {
      case "+" -> integer(a.add(b));
      case "-" -> integer(a.subtract(b));
      case "*" -> integer(a.multiply(b));
      case "/" -> {
        if (byZero) {
          throw new JinjaException("division by zero");
        }
        yield new BigDecimal(a).divide(new BigDecimal(b), MathContext.DECIMAL128).doubleValue();
      }
      case "//", "%" -> {
        if (byZero) {
          throw new JinjaException(
              operator.equals("%")
                  ? "integer modulo by zero"
                  : "integer division or modulo by zero");
        }
        BigInteger[] parts = a.divideAndRemainder(b);
        boolean down = parts[1].signum() != 0 && parts[1].signum() != b.signum();
        yield integer(
            operator.equals("%")
                ? (down ? parts[1].add(b) : parts[1])
                : (down ? parts[0].subtract(BigInteger.ONE) : parts[0]));
      }
      default -> power(a, b);
    };
  }

  private static Object power(BigInteger a, BigInteger b) {
    if (b.signum() < 0) {
      return reals("**", a.doubleValue(), b.doubleValue());
    }
    if (a.bitLength() <= 1 && b.bitLength() >= 31) {
      return integer(a.signum() < 0 && !b.testBit(0) ? BigInteger.ONE : a);
    }
    if (b.bitLength() >= 31 || (long) a.bitLength() * b.intValue() > MOST_BITS) {
      throw new JinjaException("a whole number has more than " + MOST_BITS + " bits");
    }
    return integer(a.pow(b.intValue()));
  }

  private static Object reals(String operator, double a, double b) {
    return switch (operator) {
      case "+" -> a + b;
      case "-" -> a - b;
      case "*" -> a * b;
      case "/" -> {
        if (b == 0) {
          throw new JinjaException("float division by zero");
        }
        yield a / b;
      }
      case "//" -> {
        if (b == 0) {
          throw new JinjaException("float floor division by zero");
        }
        yield Math.rint((a - modulo(a, b)) / b);
      }
      case "%" -> {
        if (b == 0) {
          throw new JinjaException("float modulo");
        }
        yield modulo(a, b);
      }
      default -> {
        if (a == 0 && b < 0) {
          throw new JinjaException("0.0 cannot be raised to a negative power");
        }
        yield Math.pow(a, b);
      }
    };
  }

  private static double modulo(double a, double b) {
    double rest = a % b;
    return rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest == 0 ? Math.copySign(0, b) : rest;
  }

  static Object sign(char operator, Object value) {
    if (value instanceof Undefined undefined) {
      throw undefined.failure();
    }
    if (value instanceof Double real) {
      return operator == '-' ? -real : real;
    }
    BigInteger number = bigOrNull(value);
    if (number == null) {
      throw new JinjaException(
          "bad operand type for unary %s: '%s'".formatted(operator, Values.typeName(value)));
    }
    return integer(operator == '-' ? number.negate() : number);
  }

  /** The shortest digits that stand for a number, as Python lays them out. */
  static String repr(double real) {
    if (Double.isNaN(real)) {
      return "nan";
    }
    if (Double.isInfinite(real)) {
      return real > 0 ? "inf" : "-inf";
    }
    if (real == 0) {
      return 1 / real > 0 ? "0.0" : "-0.0";
    }
    BigDecimal shortest = new BigDecimal(Double.toString(real)).stripTrailingZeros();
    BigDecimal oneDigit = shortest.round(new MathContext(1)); // Java's shortest has two
    shortest = oneDigit.doubleValue() == real ? oneDigit.stripTrailingZeros() : shortest;
    String digits = shortest.unscaledValue().abs().toString();
    int exponent = digits.length() - shortest.scale() - 1;
    if (exponent >= -4 && exponent < 16) {
      String plain = shortest.toPlainString();
      return plain.indexOf('.') < 0 ? plain + ".0" : plain;
    }
    String fraction = digits.length() > 1 ? "." + digits.substring(1) : "";
    String sign = real < 0 ? "-" : "";
    return "%s%s%se%s%02d"
        .formatted(sign, digits.charAt(0), fraction, exponent < 0 ? "-" : "+", Math.abs(exponent));
  }
}
