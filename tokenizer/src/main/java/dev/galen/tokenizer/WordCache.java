package dev.galen.tokenizer;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Remembers the ids of recent words, because a text's words repeat. A fixed number of slots, one
 * word each; a newcomer replaces whoever sits in its slot. Threads share it without locks: an entry
 * is immutable, and a slot that two threads write at once holds the one or the other.
 */
final class WordCache {

  /** Longer words, in bytes, repeat too rarely to be worth their room. */
  static final int LONGEST = 64;

  private static final int BITS = 15;

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private record Entry(byte[] word, int[] ids) {}

  private final Entry[] entries = new Entry[1 << BITS];

  /** The slot of {@code utf8[start, end)}. */
  static int slot(byte[] utf8, int start, int end) {
    int length = end - start;
    long mix;
    if (length >= 8) {
      long first = (long) LONGS.get(utf8, start);
      long last = (long) LONGS.get(utf8, end - 8);
      mix = first * 0x9E3779B97F4A7C15L ^ Long.rotateLeft(last, 29);
    } else {
      mix = 0;
      for (int i = start; i < end; i++) {
        mix = mix << 8 | utf8[i] & 0xFF;
      }
    }
    return (int) ((mix + length) * 0xD6E8FEB86659FD93L >>> 64 - BITS);
  }

  /** The ids of {@code utf8[start, end)} if its slot holds them, else null. Not to be changed. */
  int[] find(int slot, byte[] utf8, int start, int end) {
    var entry = entries[slot];
    boolean same =
        entry != null && Arrays.equals(entry.word, 0, entry.word.length, utf8, start, end);
    return same ? entry.ids : null;
  }

  void put(int slot, byte[] utf8, int start, int end, int[] ids) {
    entries[slot] = new Entry(Arrays.copyOfRange(utf8, start, end), ids);
  }
}
