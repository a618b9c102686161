package dev.galen.tokenizer.jinja;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/** What all values have: a type, a truth, a text, and what a loop over them yields. */
final class Values {

  private Values() {}

  /** A value of Java's as one of a template's: strings, numbers, booleans, lists, maps, null. */
  static Object of(Object value) {
    return switch (value) {
      case null -> null;
      case String text -> text;
      case Boolean flag -> flag;
      case Double real -> real;
      case Float real -> (double) real;
      case BigInteger number -> Arithmetic.integer(number);
      case Long number -> number;
      case Integer number -> (long) number;
      case Short number -> (long) number;
      case Byte number -> (long) number;
      case List<?> list -> {
        List<Object> items = new ArrayList<>(list.size());
        list.forEach(item -> items.add(of(item)));
        yield items;
      }
      case Map<?, ?> map -> {
        var dict = new Dict();
        map.forEach((key, item) -> dict.put(of(key), of(item)));
        yield dict;
      }
      default ->
          throw new IllegalArgumentException(
              "a chat template cannot be given a " + value.getClass().getName());
    };
  }

  static String typeName(Object value) {
    return switch (value) {
      case null -> "NoneType";
      case String text -> "str";
      case Boolean flag -> "bool";
      case Long number -> "int";
      case BigInteger number -> "int";
      case Double real -> "float";
      case List<?> list -> "list";
      case Generator generator -> generator.typeName();
      case View view -> view.typeName();
      case Range range -> "range";
      case Loop loop -> "LoopContext";
      case Callable callable -> callable.getClass() == Macro.class ? "Macro" : "function";
      default -> value.getClass().getSimpleName().replace("Tuple", "tuple").replace("Dict", "dict");
    };
  }

  static boolean isTrue(Object value) {
    return switch (value) {
      case null -> false;
      case Boolean flag -> flag;
      case String text -> !text.isEmpty();
      case Markup markup -> !markup.text().isEmpty();
      case Long number -> number != 0;
      case Double real -> real != 0;
      case List<?> list -> !list.isEmpty();
      case Tuple tuple -> !tuple.items().isEmpty();
      case Dict dict -> dict.size() > 0;
      case View view -> !view.values().isEmpty();
      case Range range -> range.size() > 0;
      case Undefined undefined -> false;
      case Loop loop -> true;
      default -> true;
    };
  }

  /** What {@code {{ value }}} writes. */
  static String str(Object value, Budget budget) {
    return switch (value) {
      case String text -> text;
      case Markup markup -> markup.text();
      case Undefined undefined -> "";
      case null, default -> repr(value, budget);
    };
  }

  /** How a value stands within a list. */
  static String repr(Object value, Budget budget) {
    var out = new StringBuilder();
    appendRepr(out, value, budget);
    return out.toString();
  }

  private static void appendRepr(StringBuilder out, Object value, Budget budget) {
    budget.step();
    switch (value) {
      case null -> out.append("None");
      case Boolean flag -> out.append(flag ? "True" : "False");
      case String text -> {
        budget.spend(text.length());
        out.append(PythonText.repr(text));
      }
      case Markup markup ->
          out.append("Markup(").append(PythonText.repr(markup.text())).append(')');
      case Double real -> out.append(Arithmetic.repr(real));
      case List<?> list -> appendItems(out, '[', list, ']', budget);
      case Tuple tuple -> {
        appendItems(out, '(', tuple.items(), ')', budget);
        if (tuple.items().size() == 1) {
          out.insert(out.length() - 1, ',');
        }
      }
      case Dict dict -> {
        budget.enter();
        out.append('{');
        String comma = "";
        for (Object key : dict.keys()) {
          appendRepr(out.append(comma), key, budget);
          appendRepr(out.append(": "), dict.get(key, null), budget);
          comma = ", ";
        }
        out.append('}');
        budget.leave();
      }
      case View view -> {
        out.append(view.typeName());
        appendItems(out.append('('), '[', view.values(), ']', budget);
        out.append(')');
      }
      case Range range -> out.append(range.repr());
      case Undefined undefined -> out.append("Undefined");
      case Namespace namespace -> {
        var dict = new Dict();
        namespace.attributes.forEach(dict::put);
        appendRepr(out.append("<Namespace "), dict, budget);
        out.append('>');
      }
      case Long number -> out.append(number);
      case BigInteger number -> out.append(number);
      case Loop loop -> out.append(loop.repr());
      case TemplateReference self -> out.append("<TemplateReference None>");
      case Macro macro -> out.append("<Macro ").append(PythonText.repr(macro.name())).append('>');
      // Python would write an address here.
      default -> out.append('<').append(typeName(value)).append(" object>");
    }
  }

  private static void appendItems(
      StringBuilder out, char open, List<?> items, char close, Budget budget) {
    budget.enter();
    out.append(open);
    String comma = "";
    for (Object item : items) {
      appendRepr(out.append(comma), item, budget);
      comma = ", ";
    }
    out.append(close);
    budget.leave();
  }

  /** What a loop over a value yields. */
  static Iterator<Object> iterator(Object value, Budget budget) {
    return switch (value) {
      case Generator generator -> generator.values();
      case Undefined undefined -> Collections.emptyIterator();
      case Loop loop -> throw new JinjaException("a loop's own 'loop' cannot be looped over");
      case null, default -> elements(value, budget).iterator();
    };
  }

  /** All that a loop over a value yields, or an error if it cannot be looped over. */
  @SuppressWarnings("unchecked")
  static List<Object> elements(Object value, Budget budget) {
    return switch (value) {
      case List<?> list -> (List<Object>) list;
      case Tuple tuple -> tuple.items();
      case Dict dict -> dict.keys();
      case View view -> view.values();
      case Range range -> range.values();
      case String text -> {
        budget.spend(text.length(), 32);
        yield PythonText.characters(text);
      }
      case Markup markup -> elements(markup.text(), budget);
      case Generator generator -> {
        List<Object> all = new ArrayList<>();
        generator.values().forEachRemaining(all::add);
        yield all;
      }
      case Undefined undefined -> List.of();
      case null, default ->
          throw new JinjaException("'" + typeName(value) + "' object is not iterable");
    };
  }

  static boolean isIterable(Object value) {
    return switch (value) {
      case null -> false;
      case List<?> list -> true;
      case Generator generator -> true;
      case Tuple tuple -> true;
      case Dict dict -> true;
      case View view -> true;
      case Range range -> true;
      case String text -> true;
      case Markup markup -> true;
      case Undefined undefined -> true;
      case Loop loop -> true;
      default -> false;
    };
  }

  /** {@code len(value)}. */
  static long length(Object value, Budget budget) {
    return switch (value) {
      case String text -> {
        budget.spend(text.length());
        yield PythonText.length(text);
      }
      case Markup markup -> length(markup.text(), budget);
      case Dict dict -> dict.size();
      case Range range -> range.size();
      case Loop loop -> loop.length(budget);
      case Generator generator -> throw noLength(value);
      case null -> throw noLength(null);
      default -> {
        if (!isIterable(value)) {
          throw noLength(value);
        }
        yield elements(value, budget).size();
      }
    };
  }

  private static JinjaException noLength(Object value) {
    return new JinjaException("object of type '" + typeName(value) + "' has no len()");
  }

  /** The text of a string, marked or not; null if the value is none. */
  static String textOrNull(Object value) {
    return switch (value) {
      case String text -> text;
      case Markup markup -> markup.text();
      case null, default -> null;
    };
  }
}
