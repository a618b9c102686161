package dev.galen.tokenizer.pattern;

import dev.galen.tokenizer.stage.IntList;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Finds a text. */
public final class LiteralFinder implements Finder {

  private final byte[] what;

  /**
   * A finder.
   *
   * @param what what to look for; not empty
   */
  public LiteralFinder(String what) {
    this.what = what.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public IntList find(byte[] utf8, int start, int end) {
    var found = new IntList(16);
    int last = end - what.length;
    for (int i = start; i <= last; ) {
      if (utf8[i] == what[0] && Arrays.equals(utf8, i, i + what.length, what, 0, what.length)) {
        found.add(i);
        i += what.length;
        found.add(i);
      } else {
        i++;
      }
    }
    return found;
  }
}
