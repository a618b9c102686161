package dev.galen.tokenizer.text;

import java.util.BitSet;

/** Sets of characters, written as {@code "7fd 897-89f"}. */
public final class Ranges {

  private Ranges() {}

  /** The set that hexadecimal ranges describe, separated by whitespace. */
  public static BitSet of(String ranges) {
    var set = new BitSet();
    for (var range : ranges.strip().split("\\s+")) {
      int dash = range.indexOf('-');
      int first = Integer.parseInt(dash < 0 ? range : range.substring(0, dash), 16);
      int last = dash < 0 ? first : Integer.parseInt(range.substring(dash + 1), 16);
      set.set(first, last + 1);
    }
    return set;
  }
}
