package dev.galen.tokenizer.jinja;

import java.util.Arrays;
import java.util.List;

/**
 * A tuple: as a list, but not equal to one, and written with parentheses.
 *
 * @param fields names of the items, if it has some
 */
record Tuple(List<Object> items, List<String> fields) {

  Tuple(List<Object> items) {
    this(items, List.of());
  }

  static Tuple of(Object... items) {
    return new Tuple(Arrays.asList(items));
  }
}
