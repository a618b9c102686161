package dev.galen.tokenizer.pattern;

import dev.galen.tokenizer.stage.IntList;

/** Finds the matches of a pattern. Thread-safe. */
@FunctionalInterface
public interface Finder {

  /**
   * The matches in {@code utf8[start, end)}, none of which overlap: in turn the first byte of each
   * and the byte behind it.
   */
  IntList find(byte[] utf8, int start, int end);
}
