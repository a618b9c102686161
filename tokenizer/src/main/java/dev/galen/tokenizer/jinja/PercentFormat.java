package dev.galen.tokenizer.jinja;

import java.util.Arrays;
import java.util.List;

/** {@code "%s of %d" % (a, b)}, and the filter {@code format}. */
final class PercentFormat {
  private final String format;
  private final Object values;
  private final List<Object> positional;
  private final Budget budget;
  private int used;
  private int at;

  private PercentFormat(String format, Object values, Budget budget) {
    this.format = format;
    this.values = values;
    this.budget = budget;
    this.positional = values instanceof Tuple tuple ? tuple.items() : Arrays.asList(values);
  }

  static String format(String format, Object values, Budget budget) {
    return new PercentFormat(format, values, budget).run();
  }

  private String run() {
    var out = new StringBuilder();
    boolean named = false;
    while (at < format.length()) {
      char c = format.charAt(at++);
      if (c != '%') {
        out.append(c);
        continue;
      }
      if (at < format.length() && format.charAt(at) == '(') {
        named = true;
      }
      String field = field();
      budget.spend(field.length());
      out.append(field);
    }
    if (!named && used < positional.size() && !(values instanceof Dict)) {
      throw new JinjaException("not all arguments converted during string formatting");
    }
    return out.toString();
  }

  private String field() {
    Object value = null;
    boolean hasValue = false;
    if (peek() == '(') {
      int close = format.indexOf(')', at);
      if (close < 0) {
        throw new JinjaException("incomplete format key");
      }
      if (!(values instanceof Dict dict)) {
        throw new JinjaException("format requires a mapping");
      }
      String key = format.substring(at + 1, close);
      if (!dict.has(key)) {
        throw new JinjaException(PythonText.repr(key));
      }
      value = dict.get(key, null);
      hasValue = true;
      at = close + 1;
    }
    boolean left = false;
    boolean zero = false;
    boolean alternate = false;
    char sign = '-';
    for (; "-0# +".indexOf(peek()) >= 0; at++) {
      switch (peek()) {
        case '-' -> left = true;
        case '0' -> zero = true;
        case '#' -> alternate = true;
        case '+' -> sign = '+';
        default -> sign = sign == '+' ? '+' : ' ';
      }
    }
    int width = Math.max(0, number());
    int precision = -1;
    if (peek() == '.') {
      at++;
      precision = Math.max(0, number());
    }
    char type = peek();
    at++;
    if (type == '%') {
      return "%";
    }
    if (!hasValue) {
      if (used >= positional.size()) {
        throw new JinjaException("not enough arguments for format string");
      }
      value = positional.get(used++);
    }
    boolean texts = "sra".indexOf(type) >= 0;
    char align = left ? '<' : zero && !texts ? '=' : '>';
    var spec =
        new FieldFormat(
            zero && !left && !texts ? '0' : ' ',
            align,
            sign,
            alternate,
            width,
            '\0',
            precision,
            type == 'i' || type == 'u' ? 'd' : type);
    return convert(type, value, spec);
  }

  private String convert(char type, Object value, FieldFormat spec) {
    return switch (type) {
      case 's' -> spec.text(Values.str(value, budget));
      case 'r' -> spec.text(Values.repr(value, budget));
      case 'd', 'i', 'u' -> {
        requireNumber(type, value, "a real number");
        yield spec.number(value instanceof Double real ? Numbers.truncate(real) : value);
      }
      case 'x', 'X', 'o' -> {
        if (Arithmetic.bigOrNull(value) == null) {
          throw needs(type, "an integer", value);
        }
        yield spec.number(value);
      }
      case 'f', 'F', 'e', 'E', 'g', 'G' -> {
        if (!Arithmetic.isNumber(value)) {
          throw value instanceof Undefined undefined
              ? undefined.failure()
              : new JinjaException("must be real number, not " + Values.typeName(value));
        }
        yield spec.number(value);
      }
      default ->
          throw new JinjaException("unsupported format character '" + type + "' in a % format");
    };
  }

  private static void requireNumber(char type, Object value, String wanted) {
    if (!Arithmetic.isNumber(value)) {
      throw needs(type, wanted, value);
    }
  }

  private static JinjaException needs(char type, String wanted, Object value) {
    return value instanceof Undefined undefined
        ? undefined.failure()
        : new JinjaException(
            "%%%c format: %s is required, not %s".formatted(type, wanted, Values.typeName(value)));
  }

  private char peek() {
    if (at >= format.length()) {
      throw new JinjaException("incomplete format");
    }
    return format.charAt(at);
  }

  private int number() {
    int number = -1;
    while (at < format.length() && Character.isDigit(format.charAt(at)) && number < 100_000) {
      number = Math.max(0, number) * 10 + format.charAt(at++) - '0';
    }
    return number;
  }
}
