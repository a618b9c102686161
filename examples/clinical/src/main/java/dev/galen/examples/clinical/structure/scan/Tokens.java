package dev.galen.examples.clinical.structure.scan;

import java.util.Arrays;

/**
 * The words, numbers and signs of a text with their places. A word begins with a letter and goes on
 * through letters, digits and apostrophes between letters ({@code SpO2}, {@code A1c}, {@code
 * patient's}); a number is digits alone; every other character but white space is a sign; a line
 * break is a sign of its own.
 */
public final class Tokens {
  /** A word. */
  public static final byte WORD = 1;

  /** Digits. */
  public static final byte NUMBER = 2;

  /** Another character. */
  public static final byte SIGN = 3;

  /** A line break. */
  public static final byte LINE = 4;

  private int[] starts;
  private int[] ends;
  private byte[] types;
  private int count;

  /** Those of {@code text}. */
  public Tokens(String text) {
    int room = text.length() / 4 + 16;
    starts = new int[room];
    ends = new int[room];
    types = new byte[room];
    int length = text.length();
    int i = 0;
    while (i < length) {
      char c = text.charAt(i);
      if (c == '\n') {
        add(i, ++i, LINE);
      } else if (c <= ' ' || c == '\u00A0' || Character.isWhitespace(c)) {
        i++;
      } else if (c >= '0' && c <= '9') {
        int start = i;
        while (i < length && digit(text.charAt(i))) {
          i++;
        }
        add(start, i, NUMBER);
      } else if (Character.isLetter(c)) {
        int start = i++;
        while (i < length && inWord(text, i)) {
          i++;
        }
        add(start, i, WORD);
      } else {
        add(i, ++i, SIGN);
      }
    }
  }

  private static boolean digit(char c) {
    return c >= '0' && c <= '9';
  }

  private static boolean inWord(String text, int i) {
    char c = text.charAt(i);
    return Character.isLetterOrDigit(c)
        || (c == '\'' || c == '\u2019')
            && i + 1 < text.length()
            && Character.isLetter(text.charAt(i + 1))
            && Character.isLetter(text.charAt(i - 1));
  }

  private void add(int start, int end, byte type) {
    if (count == starts.length) {
      starts = Arrays.copyOf(starts, 2 * count);
      ends = Arrays.copyOf(ends, 2 * count);
      types = Arrays.copyOf(types, 2 * count);
    }
    starts[count] = start;
    ends[count] = end;
    types[count++] = type;
  }

  /** How many. */
  public int count() {
    return count;
  }

  /** Where token {@code i} begins. */
  public int start(int i) {
    return starts[i];
  }

  /** Where token {@code i} ends. */
  public int end(int i) {
    return ends[i];
  }

  /** What token {@code i} is: {@link #WORD}, {@link #NUMBER}, {@link #SIGN} or {@link #LINE}. */
  public byte type(int i) {
    return types[i];
  }

  /** The first token that begins at {@code place} or behind it, from token {@code from} on. */
  public int at(int place, int from) {
    int i = from;
    while (i < count && starts[i] < place) {
      i++;
    }
    return i;
  }
}
