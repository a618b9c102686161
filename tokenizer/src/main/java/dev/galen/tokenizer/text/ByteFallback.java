package dev.galen.tokenizer.text;

import java.util.function.ToIntFunction;

/** The tokens {@code <0x00>} to {@code <0xFF>}, which spell what a vocabulary has no token for. */
public final class ByteFallback {

  private final int[] ids;

  private ByteFallback(int[] ids) {
    this.ids = ids;
  }

  /**
   * Those of a vocabulary, which may lack some.
   *
   * @param idOf the id of a token, or -1
   */
  public static ByteFallback of(ToIntFunction<String> idOf) {
    var ids = new int[256];
    for (int b = 0; b < 256; b++) {
      ids[b] = idOf.applyAsInt("<0x%02X>".formatted(b));
    }
    return new ByteFallback(ids);
  }

  /** The id of a byte, or -1. */
  public int id(byte b) {
    return ids[b & 0xFF];
  }

  /** Whether the vocabulary has each of these bytes. */
  public boolean hasAll(byte[] utf8, int start, int end) {
    for (int i = start; i < end; i++) {
      if (id(utf8[i]) < 0) {
        return false;
      }
    }
    return true;
  }

  /** The byte that a token spells, or -1 if it spells none. */
  public static int byteOf(String token) {
    if (token.length() != 6 || !token.startsWith("<0x") || token.charAt(5) != '>') {
      return -1;
    }
    int high = hexDigit(token.charAt(3));
    int low = hexDigit(token.charAt(4));
    return high < 0 || low < 0 ? -1 : high * 16 + low;
  }

  /** Only ASCII spells a byte. */
  private static int hexDigit(char c) {
    return c < 0x80 ? Character.digit(c, 16) : -1;
  }
}
