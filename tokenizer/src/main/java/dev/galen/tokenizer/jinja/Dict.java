package dev.galen.tokenizer.jinja;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A dict, in the order of its insertions. As in Python 1, 1.0 and true are one key. */
final class Dict {
  private record Entry(Object key, Object value) {}

  private record TupleKey(List<Object> keys) {}

  private static final int LARGEST_KEY = 16;
  private static final int DEEPEST_KEY = 3;
  private static final Object NONE = new Object();

  private final Map<Object, Entry> entries = new LinkedHashMap<>();

  int size() {
    return entries.size();
  }

  void put(Object key, Object value) {
    Object identity = identity(key, 0);
    Entry old = entries.get(identity);
    entries.put(identity, new Entry(old == null ? key : old.key, value));
  }

  void putAll(Dict other) {
    other.entries.values().forEach(entry -> put(entry.key, entry.value));
  }

  boolean has(Object key) {
    return entries.containsKey(identity(key, 0));
  }

  Object get(Object key, Object fallback) {
    Entry entry = entries.get(identity(key, 0));
    return entry == null ? fallback : entry.value;
  }

  List<Object> keys() {
    List<Object> keys = new ArrayList<>(entries.size());
    entries.values().forEach(entry -> keys.add(entry.key));
    return keys;
  }

  List<Object> values() {
    List<Object> values = new ArrayList<>(entries.size());
    entries.values().forEach(entry -> values.add(entry.value));
    return values;
  }

  /** Tuples of key and value. */
  List<Object> items() {
    List<Object> items = new ArrayList<>(entries.size());
    entries.values().forEach(entry -> items.add(Tuple.of(entry.key, entry.value)));
    return items;
  }

  /** What is equal for equal keys. */
  static Object identity(Object key, int depth) {
    if (key instanceof Tuple tuple && (tuple.items().size() > LARGEST_KEY || depth > DEEPEST_KEY)) {
      throw new JinjaException(
          "a tuple of more than %d items or %d levels cannot be a key"
              .formatted(LARGEST_KEY, DEEPEST_KEY));
    }
    return switch (key) {
      case null -> NONE;
      case Boolean flag -> flag ? 1L : 0L;
      case Double real when real == Math.rint(real) && Math.abs(real) < 1e15 -> real.longValue();
      case Tuple tuple -> {
        List<Object> keys = new ArrayList<>();
        tuple.items().forEach(item -> keys.add(identity(item, depth + 1)));
        yield new TupleKey(keys);
      }
      case Markup markup -> markup.text();
      case Long number -> number;
      case BigInteger number -> number;
      case Double real -> real;
      case String text -> text;
      case List<?> list -> throw unhashable("list");
      case Dict dict -> throw unhashable("dict");
      default -> key;
    };
  }

  private static JinjaException unhashable(String type) {
    return new JinjaException("unhashable type: '" + type + "'");
  }
}
