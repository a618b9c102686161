package dev.galen.tokenizer.jinja;

/** {@code "{} of {name!r:>5}".format(a, name=b)}. */
final class BraceFormat {
  private final Arguments arguments;
  private final Budget budget;
  private int next;

  private BraceFormat(Arguments arguments, Budget budget) {
    this.arguments = arguments;
    this.budget = budget;
  }

  static String format(String format, Arguments arguments, Budget budget) {
    return new BraceFormat(arguments, budget).run(format);
  }

  private String run(String format) {
    var out = new StringBuilder();
    int at = 0;
    while (at < format.length()) {
      char c = format.charAt(at++);
      boolean doubled = at < format.length() && format.charAt(at) == c;
      if (c != '{' && c != '}') {
        out.append(c);
      } else if (doubled) {
        out.append(c);
        at++;
      } else if (c == '}') {
        throw new JinjaException("Single '}' encountered in format string");
      } else {
        int close = format.indexOf('}', at);
        if (close < 0) {
          throw new JinjaException("expected '}' before end of string");
        }
        String field = field(format.substring(at, close));
        budget.spend(field.length());
        out.append(field);
        at = close + 1;
      }
    }
    return out.toString();
  }

  private String field(String text) {
    if (text.indexOf('{') >= 0) {
      throw new JinjaException("a format field within another is not supported");
    }
    int colon = text.indexOf(':');
    String spec = colon < 0 ? "" : text.substring(colon + 1);
    String name = colon < 0 ? text : text.substring(0, colon);
    int mark = name.indexOf('!');
    String conversion = mark < 0 ? "" : name.substring(mark + 1);
    Object value = value(mark < 0 ? name : name.substring(0, mark));
    value =
        switch (conversion) {
          case "" -> value;
          case "s" -> Values.str(value, budget);
          case "r" -> Values.repr(value, budget);
          default ->
              throw new JinjaException("the conversion '!" + conversion + "' is not supported");
        };
    if (spec.isEmpty()) {
      return Values.str(value, budget);
    }
    String string = Values.textOrNull(value);
    if (string == null && !Arithmetic.isNumber(value)) {
      throw new JinjaException(
          "unsupported format string passed to %s.__format__".formatted(Values.typeName(value)));
    }
    FieldFormat format = parse(spec);
    return string == null ? format.number(value) : format.text(string);
  }

  private Object value(String path) {
    int end = 0;
    while (end < path.length() && path.charAt(end) != '.' && path.charAt(end) != '[') {
      end++;
    }
    Object value = first(path.substring(0, end));
    while (end < path.length()) {
      boolean item = path.charAt(end) == '[';
      int stop = item ? path.indexOf(']', end) : nextPart(path, end + 1);
      if (stop < 0) {
        throw new JinjaException("Missing ']' in format string");
      }
      String key = path.substring(end + 1, stop);
      boolean number = item && !key.isEmpty() && key.chars().allMatch(Character::isDigit);
      value =
          item
              ? Subscript.get(value, number ? Arithmetic.parseLiteral(key) : key, budget)
              : Subscript.attribute(value, key, budget);
      end = item ? stop + 1 : stop;
    }
    return value;
  }

  private static int nextPart(String path, int from) {
    int end = from;
    while (end < path.length() && path.charAt(end) != '.' && path.charAt(end) != '[') {
      end++;
    }
    return end;
  }

  private Object first(String name) {
    if (name.isEmpty() || name.chars().allMatch(Character::isDigit)) {
      long index =
          name.isEmpty() ? next++ : Long.parseLong(name, 0, Math.min(name.length(), 9), 10);
      if (index >= arguments.positional().size()) {
        throw new JinjaException("tuple index out of range");
      }
      return arguments.positional().get((int) index);
    }
    if (!arguments.named().containsKey(name)) {
      throw new JinjaException(PythonText.repr(name));
    }
    return arguments.named().get(name);
  }

  private static FieldFormat parse(String spec) {
    int at = 0;
    int fill = ' ';
    char align = 0;
    int second = spec.offsetByCodePoints(0, 1);
    if (second < spec.length() && "<>^=".indexOf(spec.charAt(second)) >= 0) {
      fill = spec.codePointAt(0);
      align = spec.charAt(second);
      at = second + 1;
    } else if ("<>^=".indexOf(spec.charAt(0)) >= 0) {
      align = spec.charAt(0);
      at = 1;
    }
    char sign = '-';
    if (at < spec.length() && "+- ".indexOf(spec.charAt(at)) >= 0) {
      sign = spec.charAt(at++);
    }
    boolean alternate = at < spec.length() && spec.charAt(at) == '#';
    at += alternate ? 1 : 0;
    if (at < spec.length() && spec.charAt(at) == '0' && align == 0) {
      fill = '0';
      align = '=';
    }
    int end = digits(spec, at);
    int width = number(spec, at, end);
    at = end;
    char grouping = 0;
    if (at < spec.length() && (spec.charAt(at) == ',' || spec.charAt(at) == '_')) {
      grouping = spec.charAt(at++);
    }
    int precision = -1;
    if (at < spec.length() && spec.charAt(at) == '.') {
      end = digits(spec, at + 1);
      precision = number(spec, at + 1, end);
      at = end;
    }
    char type = at < spec.length() ? spec.charAt(at++) : 0;
    if (at < spec.length() || (type != 0 && "bdeEfFgGnosxX%".indexOf(type) < 0)) {
      throw new JinjaException("Invalid format specifier '" + spec + "'");
    }
    return new FieldFormat(fill, align, sign, alternate, width, grouping, precision, type);
  }

  private static int digits(String spec, int from) {
    int end = from;
    while (end < spec.length() && Character.isDigit(spec.charAt(end))) {
      end++;
    }
    return end;
  }

  private static int number(String spec, int from, int end) {
    return from == end ? 0 : Integer.parseInt(spec, from, Math.min(end, from + 6), 10);
  }
}
