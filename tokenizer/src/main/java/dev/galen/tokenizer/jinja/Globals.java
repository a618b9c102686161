package dev.galen.tokenizer.jinja;

import java.math.BigInteger;
import java.time.Clock;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Map;

/** The functions that every template has. */
final class Globals {
  private static final long LONGEST_RANGE = 100_000;

  private Globals() {}

  /** What a name stands for that a template does not set; {@link Undefined} if nothing. */
  static Object find(String name, Clock clock) {
    Callable function =
        switch (name) {
          case "range" -> (arguments, budget) -> range(arguments);
          case "dict" -> (arguments, budget) -> dict(arguments, budget);
          case "namespace" ->
              (arguments, budget) -> {
                var namespace = new Namespace();
                Dict dict = dict(arguments, budget);
                for (Object key : dict.keys()) {
                  namespace.attributes.put(Values.str(key, budget), dict.get(key, null));
                }
                return namespace;
              };
          case "raise_exception" ->
              (arguments, budget) -> {
                Object message = arguments.bind(1, "message").get("message");
                throw new JinjaException(Values.str(message, budget));
              };
          case "strftime_now" ->
              (arguments, budget) ->
                  Strftime.format(
                      LocalDateTime.now(clock), arguments.bind(1, "format").text("format", null));
          case "cycler" ->
              (arguments, budget) -> {
                if (arguments.positional().isEmpty()) {
                  throw new JinjaException("at least one item has to be provided");
                }
                return new Cycler(arguments.positional());
              };
          case "joiner" ->
              (arguments, budget) -> joiner(arguments.bind(0, "sep").text("sep", ", "));
          case "lipsum" ->
              (arguments, budget) -> {
                throw new JinjaException("lipsum is not supported in chat templates");
              };
          default -> null;
        };
    return function == null ? Undefined.name(name) : function;
  }

  private static Object range(Arguments arguments) {
    List<Object> bounds = arguments.positional();
    if (bounds.isEmpty() || bounds.size() > 3 || !arguments.named().isEmpty()) {
      throw new JinjaException("range wants one to three whole numbers");
    }
    long[] numbers = new long[bounds.size()];
    for (int i = 0; i < numbers.length; i++) {
      if (bounds.get(i) instanceof Undefined undefined) {
        throw undefined.failure();
      }
      BigInteger number = Arithmetic.bigOrNull(bounds.get(i));
      if (number == null) {
        throw new JinjaException(
            "'%s' object cannot be interpreted as an integer"
                .formatted(Values.typeName(bounds.get(i))));
      }
      numbers[i] =
          Math.clamp(
              number.bitLength() > 62 ? Long.MAX_VALUE : number.longValue(),
              Integer.MIN_VALUE,
              Integer.MAX_VALUE);
    }
    long start = numbers.length == 1 ? 0 : numbers[0];
    long end = numbers.length == 1 ? numbers[0] : numbers[1];
    long step = numbers.length == 3 ? numbers[2] : 1;
    if (step == 0) {
      throw new JinjaException("range() arg 3 must not be zero");
    }
    long size =
        Math.max(0, step > 0 ? Math.ceilDiv(end - start, step) : Math.ceilDiv(start - end, -step));
    if (size > LONGEST_RANGE) {
      throw new JinjaException(
          "Range too big. The sandbox blocks ranges larger than MAX_RANGE (%d)."
              .formatted(LONGEST_RANGE));
    }
    return new Range(start, end, step, (int) size);
  }

  private static Dict dict(Arguments arguments, Budget budget) {
    var dict = new Dict();
    Object first =
        arguments.positional().isEmpty() ? new Dict() : arguments.positional().getFirst();
    if (arguments.positional().size() > 1) {
      throw new JinjaException("dict expected at most 1 argument");
    }
    if (first instanceof Dict other) {
      budget.spendElements(other.size());
      dict.putAll(other);
    } else {
      for (Object pair : Values.elements(first, budget)) {
        List<Object> items = Values.elements(pair, budget);
        if (items.size() != 2) {
          throw new JinjaException("dict wants pairs of a key and a value");
        }
        dict.put(items.get(0), items.get(1));
      }
    }
    for (Map.Entry<String, Object> entry : arguments.named().entrySet()) {
      dict.put(entry.getKey(), entry.getValue());
    }
    return dict;
  }

  private static Callable joiner(String separator) {
    boolean[] used = new boolean[1];
    return (arguments, budget) -> {
      String text = used[0] ? separator : "";
      used[0] = true;
      return text;
    };
  }
}
