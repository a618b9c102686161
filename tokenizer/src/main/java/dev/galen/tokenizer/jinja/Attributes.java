package dev.galen.tokenizer.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * The attributes and methods of values; what would change a list or a dict is kept from templates.
 */
final class Attributes {
  /** What {@link #find} gives for an attribute that a value has not. */
  static final Object NONE = new Object();

  private static final Set<String> LIST_CHANGES =
      Set.of("append", "clear", "pop", "reverse", "insert", "sort", "extend", "remove");
  private static final Set<String> DICT_CHANGES =
      Set.of("clear", "pop", "popitem", "setdefault", "update");

  private Attributes() {}

  static Object find(Object owner, String name, Budget budget) {
    if (name.startsWith("__")) {
      return Undefined.unsafe(owner, name);
    }
    return switch (owner) {
      case String text -> StringMethods.find(text, name);
      case Markup markup -> markupMethod(markup, name);
      case Dict dict -> dictMethod(dict, name);
      case List<?> list ->
          LIST_CHANGES.contains(name) ? Undefined.unsafe(list, name) : listMethod(list, list, name);
      case Tuple tuple -> tupleMember(tuple, name);
      case Namespace namespace -> namespace.attributes.getOrDefault(name, NONE);
      case Loop loop -> loop.attribute(name, budget);
      case Macro macro -> macro.attribute(name);
      case TemplateReference self -> self.block(name);
      case Cycler cycler -> cycler.attribute(name);
      case Double real when name.equals("is_integer") ->
          method(name, 0, arguments -> real == Math.rint(real));
      case null, default -> NONE;
    };
  }

  /** A method with positional arguments only. */
  static Callable method(String name, int most, Function<List<Object>, Object> body) {
    return paidMethod(name, most, 1, body);
  }

  /** A method that goes through {@code size} elements. */
  private static Callable paidMethod(
      String name, int most, int size, Function<List<Object>, Object> body) {
    return (arguments, budget) -> {
      if (!arguments.named().isEmpty() || arguments.positional().size() > most) {
        throw new JinjaException(name + "() does not take these arguments");
      }
      budget.spendElements(size);
      return body.apply(arguments.positional());
    };
  }

  /** Methods without arguments keep the mark; others would have to escape them. */
  private static Object markupMethod(Markup markup, String name) {
    Object method = StringMethods.find(markup.text(), name);
    if (!(method instanceof Callable callable)) {
      return method;
    }
    return (Callable)
        (arguments, budget) -> {
          if (!arguments.positional().isEmpty() || !arguments.named().isEmpty()) {
            throw new JinjaException(
                name + "() of a text from safe or escape is not supported with arguments");
          }
          Object result = callable.call(arguments, budget);
          return result instanceof String text ? new Markup(text) : result;
        };
  }

  private static Object dictMethod(Dict dict, String name) {
    if (DICT_CHANGES.contains(name)) {
      return Undefined.unsafe(dict, name);
    }
    return switch (name) {
      case "items" ->
          paidMethod(name, 0, dict.size(), arguments -> new View("dict_items", dict.items()));
      case "keys" ->
          paidMethod(name, 0, dict.size(), arguments -> new View("dict_keys", dict.keys()));
      case "values" ->
          paidMethod(name, 0, dict.size(), arguments -> new View("dict_values", dict.values()));
      case "copy" ->
          paidMethod(
              name,
              0,
              dict.size(),
              arguments -> {
                var copy = new Dict();
                copy.putAll(dict);
                return copy;
              });
      case "get" ->
          method(
              name,
              2,
              arguments -> {
                if (arguments.isEmpty()) {
                  throw new JinjaException("get expected at least 1 argument, got 0");
                }
                return dict.get(
                    arguments.getFirst(), arguments.size() > 1 ? arguments.get(1) : null);
              });
      case "fromkeys" -> throw new JinjaException("dict.fromkeys is not supported");
      default -> NONE;
    };
  }

  private static Object tupleMember(Tuple tuple, String name) {
    int field = tuple.fields().indexOf(name);
    if (field >= 0) {
      return tuple.items().get(field);
    }
    return name.equals("copy") ? NONE : listMethod(tuple, tuple.items(), name);
  }

  private static Object listMethod(Object owner, List<?> items, String name) {
    return switch (name) {
      case "copy" -> paidMethod(name, 0, items.size(), arguments -> new ArrayList<Object>(items));
      case "count" ->
          (Callable)
              (arguments, budget) -> {
                Object wanted = only(arguments, name);
                return items.stream()
                    .filter(item -> Comparison.equal(item, wanted, budget))
                    .count();
              };
      case "index" ->
          (Callable)
              (arguments, budget) -> {
                Object wanted = only(arguments, name);
                for (int i = 0; i < items.size(); i++) {
                  if (Comparison.equal(items.get(i), wanted, budget)) {
                    return (long) i;
                  }
                }
                throw new JinjaException(
                    owner instanceof Tuple
                        ? "tuple.index(x): x not in tuple"
                        : Values.repr(wanted, budget) + " is not in list");
              };
      default -> NONE;
    };
  }

  private static Object only(Arguments arguments, String name) {
    if (arguments.positional().size() != 1 || !arguments.named().isEmpty()) {
      throw new JinjaException(name + "() takes one argument");
    }
    return arguments.positional().getFirst();
  }
}
