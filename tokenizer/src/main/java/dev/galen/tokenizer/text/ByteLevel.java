package dev.galen.tokenizer.text;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * GPT-2's spelling of bytes as visible characters, by which a vocabulary file can hold any byte
 * sequence as text: printable Latin-1 bytes stand for themselves, the other 68 become U+0100
 * onwards in order (a space is {@code Ġ}, a newline {@code Ċ}).
 */
public final class ByteLevel {

  /** The character that spells each byte. */
  private static final char[] CHARACTER = new char[256];

  /** The byte that each of the characters below U+0144 spells, or -1. */
  private static final short[] BYTE = new short[256 + 68];

  static {
    Arrays.fill(BYTE, (short) -1);
    char next = 256;
    for (int b = 0; b < 256; b++) {
      boolean visible = (b > ' ' && b < 0x7F) || (b > 0xA0 && b != 0xAD);
      CHARACTER[b] = visible ? (char) b : next++;
      BYTE[CHARACTER[b]] = (short) b;
    }
  }

  private ByteLevel() {}

  /** The character that spells the low eight bits of {@code b}. */
  public static char character(int b) {
    return CHARACTER[b & 0xFF];
  }

  /** Whether every character of {@code token} spells a byte. */
  public static boolean isSpelling(String token) {
    for (int i = 0; i < token.length(); i++) {
      char c = token.charAt(i);
      if (c >= BYTE.length || BYTE[c] < 0) {
        return false;
      }
    }
    return true;
  }

  /**
   * The bytes a token of the vocabulary stands for. A token with characters outside the alphabet
   * was put there by hand and stands for itself, as in HuggingFace's decoder.
   */
  public static byte[] bytes(String token) {
    if (!isSpelling(token)) {
      return token.getBytes(StandardCharsets.UTF_8);
    }
    var bytes = new byte[token.length()];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) BYTE[token.charAt(i)];
    }
    return bytes;
  }

  /** How a vocabulary spells {@code bytes[start, end)}. */
  public static String spell(byte[] bytes, int start, int end) {
    var token = new StringBuilder(end - start);
    for (int i = start; i < end; i++) {
      token.append(character(bytes[i]));
    }
    return token.toString();
  }

  /** All 256 characters, smallest first: the order in which a trainer numbers them. */
  public static char[] alphabet() {
    var alphabet = CHARACTER.clone();
    Arrays.sort(alphabet);
    return alphabet;
  }
}
