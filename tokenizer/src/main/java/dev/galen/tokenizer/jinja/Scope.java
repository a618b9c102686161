package dev.galen.tokenizer.jinja;

import java.util.HashMap;
import java.util.Map;

/**
 * The names that are set within a loop's pass, a macro or the whole template. Those outside can be
 * read, never changed.
 */
final class Scope {
  private static final Object MISSING = new Object();

  private final Scope outer;
  private final Map<String, Object> values = new HashMap<>();

  private Scope(Scope outer) {
    this.outer = outer;
  }

  static Scope outermost() {
    return new Scope(null);
  }

  Scope inner() {
    return new Scope(this);
  }

  void set(String name, Object value) {
    values.put(name, value);
  }

  /** What a name stands for, or {@code fallback} if it is set nowhere. */
  Object get(String name, Object fallback) {
    for (Scope scope = this; scope != null; scope = scope.outer) {
      Object value = scope.values.getOrDefault(name, MISSING);
      if (value != MISSING) {
        return value;
      }
    }
    return fallback;
  }
}
