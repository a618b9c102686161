package dev.galen.tokenizer.text;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * SentencePiece's precompiled map of characters: a double-array trie (Darts) of what is replaced,
 * and what by. Immutable.
 */
public final class CharsMap {

  /** What a search returns where nothing is replaced. */
  public static final long NONE = -1;

  private final byte[] blob;
  private final int[] units;
  private final byte[] replacements;

  private CharsMap(byte[] blob, int[] units, byte[] replacements) {
    this.blob = blob;
    this.units = units;
    this.replacements = replacements;
  }

  /**
   * A map as the files have it: the size of the trie in bytes (little-endian, 32 bits), the trie,
   * and the replacements, each of which ends in a zero.
   *
   * @throws IllegalArgumentException in one line if it is damaged
   */
  public static CharsMap of(byte[] blob) {
    var buffer = ByteBuffer.wrap(blob).order(ByteOrder.LITTLE_ENDIAN);
    try {
      int size = buffer.getInt();
      if (size < 4 || size % 4 != 0 || size > buffer.remaining()) {
        throw new IllegalArgumentException(
            "the precompiled charsmap of %d bytes is damaged: its trie has %d"
                .formatted(blob.length, size));
      }
      var units = new int[size / 4];
      for (int i = 0; i < units.length; i++) {
        units[i] = buffer.getInt();
      }
      var replacements = new byte[buffer.remaining()];
      buffer.get(replacements);
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(replacements));
      return new CharsMap(blob, units, replacements);
    } catch (BufferUnderflowException e) {
      throw new IllegalArgumentException("the precompiled charsmap is cut off", e);
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException(
          "the precompiled charsmap is damaged: it replaces by what is not UTF-8", e);
    }
  }

  /** The map as the files have it. */
  public byte[] blob() {
    return blob;
  }

  /**
   * The shortest start of {@code utf8[start, end)} that is replaced, as {@link #length} reads it.
   */
  public long shortest(byte[] utf8, int start, int end) {
    return search(utf8, start, end, true);
  }

  /**
   * The longest start of {@code utf8[start, end)} that is replaced, as {@link #length} reads it.
   */
  public long longest(byte[] utf8, int start, int end) {
    return search(utf8, start, end, false);
  }

  /** How many bytes a search has found. */
  public static int length(long found) {
    return (int) (found >>> 32);
  }

  /** Where the replacement begins, among {@link #replacements}. */
  public static int replacement(long found) {
    return (int) found;
  }

  /** All replacements. */
  public byte[] replacements() {
    return replacements;
  }

  /** Where a replacement ends. */
  public int replacementEnd(int start) {
    int end = start;
    while (end < replacements.length && replacements[end] != 0) {
      end++;
    }
    return end;
  }

  private long search(byte[] utf8, int start, int end, boolean first) {
    long found = NONE;
    int node = offset(unit(0));
    for (int i = start; i < end && utf8[i] != 0; i++) {
      node ^= utf8[i] & 0xFF;
      int unit = unit(node);
      if ((unit & 0x800000FF) != (utf8[i] & 0xFF)) {
        return found;
      }
      node ^= offset(unit);
      if ((unit >>> 8 & 1) == 1) {
        int value = unit(node) & 0x7FFFFFFF;
        if (value < replacements.length && (replacements[value] & 0xC0) != 0x80) {
          found = (long) (i + 1 - start) << 32 | value;
          if (first) {
            return found;
          }
        }
      }
    }
    return found;
  }

  /** A damaged trie leads out of itself: nothing is there. */
  private int unit(int node) {
    return node >= 0 && node < units.length ? units[node] : 0x80000000;
  }

  private static int offset(int unit) {
    return unit >>> 10 << ((unit & 1 << 9) >>> 6);
  }
}
