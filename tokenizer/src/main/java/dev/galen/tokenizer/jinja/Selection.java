package dev.galen.tokenizer.jinja;

import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/** {@code map}, {@code select}, {@code reject} and their kin: computed as the values are taken. */
final class Selection {

  private Selection() {}

  static Object apply(String name, Arguments arguments, Budget budget) {
    Object value = arguments.positional().getFirst();
    if (!Values.isTrue(value)) {
      return new Generator(Collections.emptyIterator());
    }
    Arguments rest = arguments.from(1, name);
    Iterator<Object> items = Values.iterator(value, budget);
    if (name.equals("map")) {
      UnaryOperator<Object> function = mapping(rest, budget);
      return new Generator(
          new Iterator<>() {
            @Override
            public boolean hasNext() {
              return items.hasNext();
            }

            @Override
            public Object next() {
              budget.step();
              return function.apply(items.next());
            }
          });
    }
    Predicate<Object> test = test(rest, name.endsWith("attr"), budget);
    return new Generator(filtered(items, name.startsWith("select") ? test : test.negate()));
  }

  private static UnaryOperator<Object> mapping(Arguments rest, Budget budget) {
    if (rest.positional().isEmpty() && rest.named().containsKey("attribute")) {
      Map<String, Object> others = new LinkedHashMap<>(rest.named());
      others.remove("attribute");
      others.remove("default");
      if (!others.isEmpty()) {
        throw new JinjaException(
            "Unexpected keyword argument " + PythonText.repr(others.keySet().iterator().next()));
      }
      return SequenceFilters.getter(
          rest.named().get("attribute"), rest.named().get("default"), true, budget);
    }
    if (rest.positional().isEmpty()) {
      throw new JinjaException("map requires a filter argument");
    }
    String filter = nameOf(rest.positional().getFirst(), budget);
    Arguments options = rest.from(1, filter);
    return item -> Filters.apply(filter, options.behind(item), budget);
  }

  private static Predicate<Object> test(Arguments rest, boolean byAttribute, Budget budget) {
    List<Object> positional = rest.positional();
    if (byAttribute && positional.isEmpty()) {
      throw new JinjaException("Missing parameter for attribute name");
    }
    UnaryOperator<Object> get =
        SequenceFilters.getter(byAttribute ? positional.getFirst() : null, null, true, budget);
    int off = byAttribute ? 1 : 0;
    if (positional.size() <= off) {
      return item -> Values.isTrue(get.apply(item));
    }
    String test = nameOf(positional.get(off), budget);
    Arguments options = rest.from(off + 1, test);
    return item -> Tests.holds(test, options.behind(get.apply(item)), budget);
  }

  private static String nameOf(Object value, Budget budget) {
    String name = Values.textOrNull(value);
    return name == null ? Values.repr(value, budget) : name;
  }

  /** The items that pass; each is tested when it is asked for. */
  static Iterator<Object> filtered(Iterator<Object> items, Predicate<Object> test) {
    return new Iterator<>() {
      private Object next;
      private boolean ready;

      @Override
      public boolean hasNext() {
        while (!ready && items.hasNext()) {
          next = items.next();
          ready = test.test(next);
        }
        return ready;
      }

      @Override
      public Object next() {
        if (!hasNext()) {
          throw new NoSuchElementException();
        }
        ready = false;
        return next;
      }
    };
  }
}
