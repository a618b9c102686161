package dev.galen.tokenizer.jinja;

import java.util.Iterator;

/**
 * Values that are computed when they are asked for, once.
 *
 * @param typeName Python's name for it
 */
record Generator(String typeName, Iterator<Object> values) {
  Generator(Iterator<Object> values) {
    this("generator", values);
  }
}
