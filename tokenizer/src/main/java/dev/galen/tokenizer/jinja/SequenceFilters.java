package dev.galen.tokenizer.jinja;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;

/** The filters on lists, dicts and what else can be looped over. */
final class SequenceFilters {

  private SequenceFilters() {}

  static Object apply(String name, Arguments arguments, Budget budget) {
    Object value = arguments.positional().getFirst();
    return switch (name) {
      case "list" -> new ArrayList<>(paid(arguments.bind(1, "value").get("value"), budget));
      case "items" -> items(value);
      case "join" -> join(arguments, budget);
      case "first" -> {
        Iterator<Object> all = Values.iterator(value, budget);
        yield all.hasNext() ? all.next() : new Undefined("No first item, sequence was empty.");
      }
      case "last" -> {
        if (value instanceof Generator generator) {
          throw new JinjaException("'" + generator.typeName() + "' object is not reversible");
        }
        List<Object> all = Values.elements(value, budget);
        yield all.isEmpty() ? new Undefined("No last item, sequence was empty.") : all.getLast();
      }
      case "reverse" -> reverse(value, budget);
      case "map", "select", "reject", "selectattr", "rejectattr" ->
          Selection.apply(name, arguments, budget);
      case "min", "max" -> extreme(name, arguments, budget);
      case "sort" -> sort(arguments, budget);
      case "dictsort" -> sortDict(arguments, budget);
      case "unique" -> unique(arguments, budget);
      case "groupby" -> group(arguments, budget);
      case "sum" -> sum(arguments, budget);
      case "batch" -> batch(arguments, budget);
      default -> slices(arguments, budget);
    };
  }

  private static List<Object> paid(Object value, Budget budget) {
    List<Object> all = Values.elements(value, budget);
    budget.spendElements(all.size());
    return all;
  }

  private static Object items(Object value) {
    if (value instanceof Undefined) {
      return new Generator(Collections.emptyIterator());
    }
    if (!(value instanceof Dict dict)) {
      throw new JinjaException("Can only get item pairs from a mapping.");
    }
    return new Generator(dict.items().iterator());
  }

  private static Object join(Arguments arguments, Budget budget) {
    Arguments.Bound bound = arguments.bind(1, "value", "d", "attribute");
    String between = Values.str(bound.get("d", ""), budget);
    UnaryOperator<Object> get = getter(bound.get("attribute"), null, true, budget);
    var joined = new StringBuilder();
    String separator = "";
    Iterator<Object> all = Values.iterator(bound.get("value"), budget);
    while (all.hasNext()) {
      String item = Values.str(get.apply(all.next()), budget);
      budget.spend((long) item.length() + separator.length());
      joined.append(separator).append(item);
      separator = between;
    }
    return joined.toString();
  }

  private static Object reverse(Object value, Budget budget) {
    String text = Values.textOrNull(value);
    if (text != null) {
      budget.spend(text.length());
      return new StringBuilder(text).reverse().toString();
    }
    if (!Values.isIterable(value)) {
      throw new JinjaException("argument must be iterable");
    }
    List<Object> all = new ArrayList<>(paid(value, budget));
    Collections.reverse(all);
    String type = value instanceof List ? "list_reverseiterator" : "reversed";
    return value instanceof Generator ? all : new Generator(type, all.iterator());
  }

  /**
   * Looks up an attribute such as {@code "a.b.0"}.
   *
   * @param path the attribute, null for the value itself
   * @param fallback what stands for what is missing, or null
   * @param caseSensitive false to give texts in lower case
   */
  static UnaryOperator<Object> getter(
      Object path, Object fallback, boolean caseSensitive, Budget budget) {
    List<Object> parts = new ArrayList<>();
    if (path instanceof String text) {
      for (Object part : Splitting.split(text, false, Arguments.of("split", "."), budget)) {
        String name = (String) part;
        boolean number = !name.isEmpty() && name.chars().allMatch(Character::isDigit);
        parts.add(number ? Arithmetic.parseLiteral(name) : name);
      }
    } else if (path != null) {
      parts.add(path);
    }
    return item -> {
      budget.step();
      Object value = item;
      for (Object part : parts) {
        value = Subscript.get(value, part, budget);
        value = fallback != null && value instanceof Undefined ? fallback : value;
      }
      return caseSensitive ? value : lower(value);
    };
  }

  private static Object lower(Object value) {
    String text = Values.textOrNull(value);
    return text == null ? value : Letters.change("lower", text);
  }

  private static Object extreme(String name, Arguments arguments, Budget budget) {
    Arguments.Bound bound = arguments.bind(1, "value", "case_sensitive", "attribute");
    List<Object> all = paid(bound.get("value"), budget);
    if (all.isEmpty()) {
      return new Undefined("No aggregated item, sequence was empty.");
    }
    var key = getter(bound.get("attribute"), null, bound.flag("case_sensitive"), budget);
    String operator = name.equals("min") ? "<" : ">";
    Object best = all.getFirst();
    Object bestKey = key.apply(best);
    for (Object item : all.subList(1, all.size())) {
      Object itemKey = key.apply(item);
      if (Comparison.compare(operator, itemKey, bestKey, budget)) {
        best = item;
        bestKey = itemKey;
      }
    }
    return best;
  }

  private record Keyed(Object key, Object item) {}

  private static List<Object> sorted(
      List<Object> items, UnaryOperator<Object> key, boolean reverse, Budget budget) {
    List<Keyed> keyed = new ArrayList<>();
    items.forEach(item -> keyed.add(new Keyed(key.apply(item), item)));
    Comparator<Object> order = Comparison.byOrder(budget);
    Comparator<Keyed> byKey = (left, right) -> order.compare(left.key, right.key);
    keyed.sort(reverse ? byKey.reversed() : byKey);
    List<Object> sorted = new ArrayList<>();
    keyed.forEach(one -> sorted.add(one.item));
    return sorted;
  }

  private static Object sort(Arguments arguments, Budget budget) {
    Arguments.Bound bound = arguments.bind(1, "value", "reverse", "case_sensitive", "attribute");
    boolean sensitive = bound.flag("case_sensitive");
    Object attribute = bound.get("attribute");
    List<UnaryOperator<Object>> keys = new ArrayList<>();
    if (attribute instanceof String names) {
      for (Object name : Splitting.split(names, false, Arguments.of("split", ","), budget)) {
        keys.add(getter(name, null, sensitive, budget));
      }
    } else {
      keys.add(getter(attribute, null, sensitive, budget));
    }
    UnaryOperator<Object> key =
        item -> {
          List<Object> all = new ArrayList<>();
          keys.forEach(one -> all.add(one.apply(item)));
          return all;
        };
    return sorted(paid(bound.get("value"), budget), key, bound.flag("reverse"), budget);
  }

  private static Object sortDict(Arguments arguments, Budget budget) {
    Arguments.Bound bound = arguments.bind(1, "value", "case_sensitive", "by", "reverse");
    if (!(bound.get("value") instanceof Dict dict)) {
      throw new JinjaException("dictsort wants a dict, not " + Values.typeName(bound.get("value")));
    }
    String by = bound.text("by", "key");
    if (!by.equals("key") && !by.equals("value")) {
      throw new JinjaException("You can only sort by either \"key\" or \"value\"");
    }
    Long position = by.equals("key") ? 0L : 1L;
    var key = getter(position, null, bound.flag("case_sensitive"), budget);
    return sorted(dict.items(), key, bound.flag("reverse"), budget);
  }

  private static Object unique(Arguments arguments, Budget budget) {
    Arguments.Bound bound = arguments.bind(1, "value", "case_sensitive", "attribute");
    var key = getter(bound.get("attribute"), null, bound.flag("case_sensitive"), budget);
    Set<Object> seen = new HashSet<>();
    List<Object> kept = new ArrayList<>();
    for (Object item : paid(bound.get("value"), budget)) {
      if (seen.add(Dict.identity(key.apply(item), 0))) {
        kept.add(item);
      }
    }
    return new Generator(kept.iterator());
  }

  private static Object group(Arguments arguments, Budget budget) {
    Arguments.Bound bound = arguments.bind(2, "value", "attribute", "default", "case_sensitive");
    Object fallback = bound.get("default");
    boolean sensitive = bound.flag("case_sensitive");
    var key = getter(bound.get("attribute"), fallback, sensitive, budget);
    var ownKey = getter(bound.get("attribute"), fallback, true, budget);
    List<Object> groups = new ArrayList<>();
    List<Object> group = null;
    Object last = null;
    for (Object item : sorted(paid(bound.get("value"), budget), key, false, budget)) {
      Object itemKey = key.apply(item);
      if (group == null || !Comparison.equal(last, itemKey, budget)) {
        group = new ArrayList<>();
        groups.add(new Tuple(Arrays.asList(ownKey.apply(item), group), List.of("grouper", "list")));
      }
      group.add(item);
      last = itemKey;
    }
    return groups;
  }

  private static Object sum(Arguments arguments, Budget budget) {
    Arguments.Bound bound = arguments.bind(1, "iterable", "attribute", "start");
    var get = getter(bound.get("attribute"), null, true, budget);
    Object sum = bound.get("start", 0L);
    if (Values.textOrNull(sum) != null) {
      throw new JinjaException("sum() can't sum strings [use ''.join(seq) instead]");
    }
    for (Object item : paid(bound.get("iterable"), budget)) {
      sum = Arithmetic.binary("+", sum, get.apply(item), budget);
    }
    return sum;
  }

  private static Object batch(Arguments arguments, Budget budget) {
    Arguments.Bound bound = arguments.bind(2, "value", "linecount", "fill_with");
    long count = bound.number("linecount", 1);
    Object filler = bound.get("fill_with");
    List<Object> batches = new ArrayList<>();
    List<Object> batch = null;
    for (Object item : paid(bound.get("value"), budget)) {
      if (batch == null || batch.size() == count) {
        batch = new ArrayList<>();
        batches.add(batch);
      }
      batch.add(item);
    }
    if (filler != null && batch != null) {
      budget.spend(Math.max(0, count));
      while (batch.size() < count) {
        batch.add(filler);
      }
    }
    return new Generator(batches.iterator());
  }

  private static Object slices(Arguments arguments, Budget budget) {
    Arguments.Bound bound = arguments.bind(2, "value", "slices", "fill_with");
    long count = bound.number("slices", 1);
    Object filler = bound.get("fill_with");
    List<Object> all = paid(bound.get("value"), budget);
    if (count == 0) {
      throw new JinjaException("integer division or modulo by zero");
    }
    budget.spend(Math.max(0, count));
    List<Object> slices = new ArrayList<>();
    int start = 0;
    for (long i = 0; i < count; i++) {
      boolean longer = i < all.size() % count;
      int end = start + (int) (all.size() / count) + (longer ? 1 : 0);
      List<Object> slice = new ArrayList<>(all.subList(start, end));
      if (filler != null && !longer) {
        slice.add(filler);
      }
      slices.add(slice);
      start = end;
    }
    return new Generator(slices.iterator());
  }
}
