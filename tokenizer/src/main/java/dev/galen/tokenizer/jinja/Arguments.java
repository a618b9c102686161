package dev.galen.tokenizer.jinja;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The values that are passed in a call.
 *
 * @param what is called, for messages
 */
record Arguments(String what, List<Object> positional, Map<String, Object> named) {

  static Arguments of(String what, Object... positional) {
    return new Arguments(what, Arrays.asList(positional), Map.of());
  }

  /** These without the first positional ones. */
  Arguments from(int first, String newWhat) {
    return new Arguments(newWhat, positional.subList(first, positional.size()), named);
  }

  /** These behind another first one. */
  Arguments behind(Object first) {
    List<Object> all = new ArrayList<>(positional.size() + 1);
    all.add(first);
    all.addAll(positional);
    return new Arguments(what, all, named);
  }

  /** These without one that has a name. */
  Arguments without(String name) {
    Map<String, Object> rest = new LinkedHashMap<>(named);
    rest.remove(name);
    return new Arguments(what, positional, rest);
  }

  /** These under the names of their parameters, of which {@code required} must be there. */
  Bound bind(int required, String... parameters) {
    if (positional.size() > parameters.length) {
      throw new JinjaException(
          "%s takes %d arguments, not %d".formatted(what, parameters.length, positional.size()));
    }
    Map<String, Object> bound = new LinkedHashMap<>();
    for (int i = 0; i < positional.size(); i++) {
      bound.put(parameters[i], positional.get(i));
    }
    for (var entry : named.entrySet()) {
      if (!List.of(parameters).contains(entry.getKey()) || bound.containsKey(entry.getKey())) {
        throw new JinjaException("%s cannot take an argument '%s'".formatted(what, entry.getKey()));
      }
      bound.put(entry.getKey(), entry.getValue());
    }
    for (int i = 0; i < required; i++) {
      if (!bound.containsKey(parameters[i])) {
        throw new JinjaException("%s needs an argument '%s'".formatted(what, parameters[i]));
      }
    }
    return new Bound(what, bound);
  }

  /** Arguments by the names of their parameters. */
  record Bound(String what, Map<String, Object> values) {

    Object get(String name) {
      return values.get(name);
    }

    Object get(String name, Object fallback) {
      return values.getOrDefault(name, fallback);
    }

    boolean flag(String name) {
      return Values.isTrue(get(name, false));
    }

    String text(String name, String fallback) {
      Object value = get(name, fallback);
      if (value == null || value instanceof String) {
        return (String) value;
      }
      if (value instanceof Markup markup) {
        return markup.text();
      }
      throw wrong(name, value, "a string");
    }

    long number(String name, long fallback) {
      Object value = get(name, fallback);
      if (value instanceof Boolean flag) {
        return flag ? 1 : 0;
      }
      if (value instanceof Long number) {
        return number;
      }
      throw wrong(name, value, "a whole number");
    }

    private JinjaException wrong(String name, Object value, String wanted) {
      return value instanceof Undefined undefined
          ? undefined.failure()
          : new JinjaException(
              "%s wants %s as '%s', not %s".formatted(what, wanted, name, Values.typeName(value)));
    }
  }
}
