package dev.galen.examples.clinical.structure.scan;

import java.util.Arrays;

/**
 * Finds the longest of many phrases that begins at a place, in one walk over its characters.
 *
 * <p>Case does not count, except that a phrase added with a capital first letter wants one in the
 * text, if it was added so ({@link #addCased}). Runs of white space, with at most one line break,
 * and hyphens equal one space; typographic apostrophes equal the plain one. A phrase ends where no
 * letter or digit goes on.
 *
 * <p>All nodes lie in one open hash table from (node, character) to node, so that a hundred
 * thousand phrases are some megabytes. Reading is safe on several threads once all is added.
 */
public final class PhraseTrie {
  /** What {@link #match} gives if there is no phrase. */
  public static final long NONE = -1;

  private long[] keys = new long[1 << 10];
  private int[] targets = new int[1 << 10];
  private int used;
  private int nodes = 1;
  private int[] values = filled(1 << 9);
  private boolean[] cased = new boolean[1 << 9];

  /** No phrases yet. */
  public PhraseTrie() {}

  private static int[] filled(int length) {
    var array = new int[length];
    Arrays.fill(array, -1);
    return array;
  }

  /**
   * Adds a phrase, in any case of letters.
   *
   * @param value at least 0; a phrase that is there already keeps its first value
   * @return the value that the phrase has now
   */
  public int add(String phrase, int value) {
    return add(phrase, value, false);
  }

  /** Adds a phrase that counts only where the text's first letter is a capital. */
  public int addCased(String phrase, int value) {
    return add(phrase, value, true);
  }

  private int add(String phrase, int value, boolean capital) {
    if (value < 0 || phrase.isBlank()) {
      throw new IllegalArgumentException("a blank phrase or the negative value " + value);
    }
    String plain = phrase.strip();
    int node = 0;
    boolean space = false;
    for (int i = 0; i < plain.length(); i++) {
      char c = fold(plain.charAt(i));
      if (c == ' ' && space) {
        continue;
      }
      space = c == ' ';
      node = grow(node, c);
    }
    if (values[node] < 0) {
      values[node] = value;
      cased[node] = capital;
    }
    return values[node];
  }

  /** The value of a phrase, or -1 if it was not added. */
  public int get(String phrase) {
    long match = match(phrase, 0);
    return match != NONE && end(match) == phrase.length() ? value(match) : -1;
  }

  /** The longest phrase that begins at {@code from}: its end and value, or {@link #NONE}. */
  public long match(CharSequence text, int from) {
    int length = text.length();
    int node = 0;
    long found = NONE;
    int i = from;
    while (i < length) {
      char c = fold(text.charAt(i));
      int next = step(node, c);
      if (next < 0) {
        break;
      }
      i++;
      if (c == ' ') {
        int lines = text.charAt(i - 1) == '\n' ? 1 : 0;
        while (i < length && fold(text.charAt(i)) == ' ') {
          lines += text.charAt(i) == '\n' ? 1 : 0;
          i++;
        }
        if (lines > 1) {
          break;
        }
      }
      node = next;
      if (values[node] >= 0
          && (i == length
              || !Character.isLetterOrDigit(text.charAt(i))
              || !Character.isLetterOrDigit(text.charAt(i - 1)))
          && !(cased[node] && !Character.isUpperCase(text.charAt(from)))) {
        found = (long) i << 32 | values[node];
      }
    }
    return found;
  }

  /** Where a match ends. */
  public static int end(long match) {
    return (int) (match >>> 32);
  }

  /** The value of a match. */
  public static int value(long match) {
    return (int) match;
  }

  private static char fold(char c) {
    if (c < 128) {
      if (c >= 'A' && c <= 'Z') {
        return (char) (c + 32);
      }
      return c == '-' || c == '\t' || c == '\n' || c == '\r' ? ' ' : c;
    }
    return switch (c) {
      case '\u00A0', '\u2007', '\u202F', '\u2010', '\u2011', '\u2012', '\u2013' -> ' ';
      case '\u2018', '\u2019' -> '\'';
      default -> Character.toLowerCase(c);
    };
  }

  private int slot(int node, char c) {
    long key = ((long) node << 16 | c) + 1;
    int mask = keys.length - 1;
    int slot = (int) ((key * 0x9E3779B97F4A7C15L) >>> 40) & mask;
    while (keys[slot] != 0 && keys[slot] != key) {
      slot = slot + 1 & mask;
    }
    return slot;
  }

  private int step(int node, char c) {
    int slot = slot(node, c);
    return keys[slot] == 0 ? -1 : targets[slot];
  }

  private int grow(int node, char c) {
    int slot = slot(node, c);
    if (keys[slot] != 0) {
      return targets[slot];
    }
    if (nodes == values.length) {
      values = Arrays.copyOf(values, 2 * nodes);
      Arrays.fill(values, nodes, 2 * nodes, -1);
      cased = Arrays.copyOf(cased, 2 * nodes);
    }
    keys[slot] = ((long) node << 16 | c) + 1;
    targets[slot] = nodes;
    if (++used * 2 > keys.length) {
      rehash();
    }
    return nodes++;
  }

  private void rehash() {
    long[] oldKeys = keys;
    int[] oldTargets = targets;
    keys = new long[2 * oldKeys.length];
    targets = new int[2 * oldKeys.length];
    for (int i = 0; i < oldKeys.length; i++) {
      if (oldKeys[i] != 0) {
        int slot = slot((int) ((oldKeys[i] - 1) >>> 16), (char) (oldKeys[i] - 1));
        keys[slot] = oldKeys[i];
        targets[slot] = oldTargets[i];
      }
    }
  }
}
