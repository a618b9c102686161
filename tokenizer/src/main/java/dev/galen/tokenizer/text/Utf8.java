package dev.galen.tokenizer.text;

import java.nio.charset.StandardCharsets;

/** UTF-8 as the tokenizers need it: strict on the way in, lossy in a defined way on the way out. */
public final class Utf8 {

  /** What stands for bytes that are no character. */
  public static final char REPLACEMENT = '\uFFFD';

  private Utf8() {}

  /**
   * The UTF-8 bytes of a text.
   *
   * @throws IllegalArgumentException if it holds a surrogate without its other half, which is no
   *     character and has no UTF-8 form
   */
  public static byte[] encode(String text) {
    int lone = loneSurrogate(text);
    if (lone >= 0) {
      throw new IllegalArgumentException(
          ("the text has a lone surrogate U+%04X at index %d, which is no character;"
                  + " remove or replace it")
              .formatted((int) text.charAt(lone), lone));
    }
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static int loneSurrogate(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        boolean pair =
            i + 1 < text.length() && Character.isSurrogatePair(text.charAt(i), text.charAt(i + 1));
        if (!pair) {
          return i;
        }
        i++;
      }
    }
    return -1;
  }

  /** The bytes of the character that starts with {@code lead}, in well-formed UTF-8. */
  public static int length(byte lead) {
    return lead >= 0 ? 1 : (lead & 0xE0) == 0xC0 ? 2 : (lead & 0xF0) == 0xE0 ? 3 : 4;
  }

  /** Where the character before {@code i} starts. */
  public static int previous(byte[] utf8, int i) {
    int previous = i - 1;
    while ((utf8[previous] & 0xC0) == 0x80) {
      previous--;
    }
    return previous;
  }

  /** The code point at {@code i} of well-formed UTF-8. */
  public static int codePoint(byte[] utf8, int i) {
    int lead = utf8[i];
    return switch (length(utf8[i])) {
      case 1 -> lead;
      case 2 -> ((lead & 0x1F) << 6) | (utf8[i + 1] & 0x3F);
      case 3 -> ((lead & 0x0F) << 12) | ((utf8[i + 1] & 0x3F) << 6) | (utf8[i + 2] & 0x3F);
      default ->
          ((lead & 0x07) << 18)
              | ((utf8[i + 1] & 0x3F) << 12)
              | ((utf8[i + 2] & 0x3F) << 6)
              | (utf8[i + 3] & 0x3F);
    };
  }

  /**
   * How long the piece at {@code i} of arbitrary bytes is: a character, or the longest part of one
   * that is cut off or spoilt (the maximal subpart of Unicode 16, section 3.9, table 3-7).
   *
   * @return the length in bytes if the piece is a character; its complement {@code ~length} if it
   *     is spoilt; 0 if the bytes end before that is known
   */
  static int scan(byte[] bytes, int i, int end) {
    int lead = bytes[i] & 0xFF;
    if (lead < 0x80) {
      return 1;
    }
    if (lead < 0xC2 || lead > 0xF4) {
      return ~1;
    }
    int length = length(bytes[i]);
    // The second byte's range shuts out overlong forms, surrogates and what lies over U+10FFFF.
    int low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
    int high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
    for (int k = 1; k < length; k++) {
      if (i + k == end) {
        return 0;
      }
      int b = bytes[i + k] & 0xFF;
      if (b < low || b > high) {
        return ~k;
      }
      low = 0x80;
      high = 0xBF;
    }
    return length;
  }

  /** Decodes arbitrary bytes; each spoilt or cut-off piece becomes one U+FFFD. */
  public static String decode(byte[] bytes) {
    var text = new StringBuilder(bytes.length);
    int decoded = decodeComplete(bytes, bytes.length, text);
    if (decoded < bytes.length) {
      text.append(REPLACEMENT);
    }
    return text.toString();
  }

  /** Decodes arbitrary bytes; each that is part of no character becomes one U+FFFD. */
  public static String decodeByByte(byte[] bytes) {
    var text = new StringBuilder(bytes.length);
    for (int i = 0; i < bytes.length; ) {
      int length = scan(bytes, i, bytes.length);
      if (length > 0) {
        text.appendCodePoint(codePoint(bytes, i));
        i += length;
      } else {
        text.append(REPLACEMENT);
        i++;
      }
    }
    return text.toString();
  }

  /**
   * Appends the characters of {@code bytes[0, end)} to {@code text}, up to a last one that may only
   * be cut off.
   *
   * @return how many bytes were used
   */
  public static int decodeComplete(byte[] bytes, int end, StringBuilder text) {
    int i = 0;
    while (i < end) {
      int length = scan(bytes, i, end);
      if (length == 0) {
        break;
      } else if (length < 0) {
        text.append(REPLACEMENT);
        i += ~length;
      } else {
        text.appendCodePoint(codePoint(bytes, i));
        i += length;
      }
    }
    return i;
  }
}
