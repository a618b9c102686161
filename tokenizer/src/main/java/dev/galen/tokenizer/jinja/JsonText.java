package dev.galen.tokenizer.jinja;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/**
 * The filter {@code tojson} as transformers sets it up: Python's {@code json.dumps}, which puts a
 * space behind commas and colons and, unless told so, keeps characters beyond ASCII.
 */
final class JsonText {
  private final StringBuilder out = new StringBuilder();
  private final Budget budget;
  private final boolean ascii;
  private final boolean sorts;

  /** What a level is indented by, null for one line. */
  private final String indent;

  private final String comma;
  private final String colon;

  private JsonText(Arguments.Bound options, Budget budget) {
    this.budget = budget;
    ascii = options.flag("ensure_ascii");
    sorts = options.flag("sort_keys");
    indent = indent(options.get("indent"));
    Object separators = options.get("separators");
    List<Object> pair = separators == null ? List.of() : Values.elements(separators, budget);
    if (separators != null
        && (pair.size() != 2 || !pair.stream().allMatch(String.class::isInstance))) {
      throw new JinjaException("tojson wants two strings as 'separators'");
    }
    comma = separators != null ? (String) pair.get(0) : indent == null ? ", " : ",";
    colon = separators != null ? (String) pair.get(1) : ": ";
  }

  private String indent(Object value) {
    if (value == null || value instanceof String) {
      return (String) value;
    }
    BigInteger spaces = Arithmetic.bigOrNull(value);
    if (spaces == null || spaces.bitLength() > 10) {
      throw new JinjaException("tojson cannot indent by a " + Values.typeName(value));
    }
    return " ".repeat(Math.max(0, spaces.intValue()));
  }

  static Object of(Arguments arguments, Budget budget) {
    Arguments.Bound options =
        arguments.bind(1, "x", "ensure_ascii", "indent", "separators", "sort_keys");
    var json = new JsonText(options, budget);
    json.append(options.get("x"), 0);
    return json.out.toString();
  }

  private void append(Object value, int level) {
    budget.step();
    switch (value) {
      case null -> out.append("null");
      case Boolean flag -> out.append(flag ? "true" : "false");
      case Long number -> out.append(number);
      case BigInteger number -> out.append(number);
      case Double real -> out.append(real(real));
      case String text -> quote(text);
      case Markup markup -> quote(markup.text());
      case List<?> list -> appendList(list, level);
      case Tuple tuple -> appendList(tuple.items(), level);
      case Dict dict -> appendDict(dict, level);
      default ->
          throw new JinjaException(
              "Object of type " + Values.typeName(value) + " is not JSON serializable");
    }
  }

  private static String real(double real) {
    if (Double.isNaN(real)) {
      return "NaN";
    }
    return Double.isInfinite(real) ? (real > 0 ? "Infinity" : "-Infinity") : Arithmetic.repr(real);
  }

  private void appendList(List<?> list, int level) {
    if (list.isEmpty()) {
      out.append("[]");
      return;
    }
    budget.enter();
    out.append('[');
    for (int i = 0; i < list.size(); i++) {
      between(i == 0, level + 1);
      append(list.get(i), level + 1);
    }
    newLine(level);
    out.append(']');
    budget.leave();
  }

  private void appendDict(Dict dict, int level) {
    if (dict.size() == 0) {
      out.append("{}");
      return;
    }
    List<Object> keys = new ArrayList<>(dict.keys());
    if (sorts) {
      keys.sort(Comparison.byOrder(budget));
    }
    budget.enter();
    out.append('{');
    boolean first = true;
    for (Object key : keys) {
      between(first, level + 1);
      quote(key(key));
      out.append(colon);
      append(dict.get(key, null), level + 1);
      first = false;
    }
    newLine(level);
    out.append('}');
    budget.leave();
  }

  private static String key(Object key) {
    return switch (key) {
      case String text -> text;
      case Markup markup -> markup.text();
      case null -> "null";
      case Boolean flag -> flag ? "true" : "false";
      case Long number -> number.toString();
      case BigInteger number -> number.toString();
      case Double real -> real(real);
      default ->
          throw new JinjaException(
              "keys must be str, int, float, bool or None, not " + Values.typeName(key));
    };
  }

  private void between(boolean first, int level) {
    if (!first) {
      out.append(comma);
    }
    newLine(level);
  }

  private void newLine(int level) {
    if (indent != null) {
      budget.spend(indent.length(), level);
      out.append('\n').append(indent.repeat(level));
    }
  }

  private void quote(String text) {
    budget.spend(text.length());
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        case '\f' -> out.append("\\f");
        case '\b' -> out.append("\\b");
        default -> {
          if (c < ' ' || (ascii && c > '~')) {
            out.append("\\u%04x".formatted((int) c));
          } else {
            out.append(c);
          }
        }
      }
    }
    out.append('"');
  }
}
