package dev.galen.tokenizer.stage;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Remembers the ids of recent words, because a text's words repeat. A fixed number of slots in
 * pairs: a new word takes its slot, the word that was there moves to the other slot of the pair,
 * and the word in that one is forgotten. Threads share it without locks: an entry is immutable, and
 * a slot that two threads write at once holds the one or the other.
 *
 * <p>A look-up is most of what encoding costs, so that an entry holds what it needs in itself:
 * words of up to 16 bytes are told by their first and last eight, and a single id needs no array.
 */
public final class WordCache {

  /** Longer words, in bytes, repeat too rarely to be worth their room. */
  private static final int LONGEST = 64;

  private static final int BITS = 16;

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  /** A word and its ids. */
  private static final class Entry {
    final long first;
    final long last;
    final int length;

    /** All bytes of a word longer than 16, else null. */
    final byte[] word;

    final int id;

    /** All ids if there are several, else null. */
    final int[] ids;

    /** First byte and end of each token from the start of the word; null where nobody asked. */
    final int[] places;

    Entry(long first, long last, int length, byte[] word, int[] ids, int[] places) {
      this.first = first;
      this.last = last;
      this.length = length;
      this.word = word;
      this.id = ids[0];
      this.ids = ids.length == 1 ? null : ids;
      this.places = places;
    }
  }

  private final Entry[] entries = new Entry[1 << BITS];

  /**
   * Appends the ids of {@code utf8[start, end)} if they are known, and returns whether they are.
   */
  public boolean append(byte[] utf8, int start, int end, IntList to) {
    var entry = find(utf8, start, end);
    if (entry == null) {
      return false;
    }
    append(entry, to);
    return true;
  }

  /**
   * Appends the tokens of {@code utf8[start, end)} if they are known with what the list asks for,
   * and returns whether they are.
   */
  public boolean append(byte[] utf8, int start, int end, TokenList to) {
    var entry = find(utf8, start, end);
    if (entry == null || (to.hasPlaces() && entry.places == null)) {
      return false;
    }
    append(entry, to.ids());
    if (to.hasPlaces()) {
      for (int i = 0; i < entry.places.length; i += 2) {
        to.addPlace(start + entry.places[i], start + entry.places[i + 1]);
      }
    }
    return true;
  }

  private static void append(Entry entry, IntList to) {
    if (entry.ids == null) {
      to.add(entry.id);
    } else {
      to.addAll(entry.ids);
    }
  }

  private Entry find(byte[] utf8, int start, int end) {
    int length = end - start;
    if (length > LONGEST) {
      return null;
    }
    long first = first(utf8, start, length);
    long last = last(utf8, end, length);
    int slot = slot(first, last, length);
    var entry = entries[slot];
    if (!isWord(entry, first, last, utf8, start, end)) {
      entry = entries[slot ^ 1];
      if (!isWord(entry, first, last, utf8, start, end)) {
        return null;
      }
    }
    return entry;
  }

  private static boolean isWord(
      Entry entry, long first, long last, byte[] utf8, int start, int end) {
    return entry != null
        && entry.first == first
        && entry.last == last
        && entry.length == end - start
        && (entry.word == null || Arrays.equals(entry.word, 0, entry.length, utf8, start, end));
  }

  /** Remembers the ids of {@code utf8[start, end)}, one at least, unless it is too long. */
  public void put(byte[] utf8, int start, int end, int[] ids) {
    put(utf8, start, end, ids, null);
  }

  /** Remembers the tokens of {@code utf8[start, end)} from one on, unless it is too long. */
  public void put(byte[] utf8, int start, int end, TokenList tokens, int first) {
    if (end - start > LONGEST || tokens.ids().size() == first) {
      return;
    }
    int[] places = null;
    if (tokens.hasPlaces()) {
      places = new int[2 * (tokens.ids().size() - first)];
      for (int i = first; i < tokens.ids().size(); i++) {
        places[2 * (i - first)] = tokens.start(i) - start;
        places[2 * (i - first) + 1] = tokens.end(i) - start;
      }
    }
    put(utf8, start, end, tokens.ids().tail(first), places);
  }

  private void put(byte[] utf8, int start, int end, int[] ids, int[] places) {
    int length = end - start;
    if (length <= LONGEST) {
      long first = first(utf8, start, length);
      long last = last(utf8, end, length);
      var word = length > 16 ? Arrays.copyOfRange(utf8, start, end) : null;
      int slot = slot(first, last, length);
      entries[slot ^ 1] = entries[slot];
      entries[slot] = new Entry(first, last, length, word, ids, places);
    }
  }

  /** The first eight bytes, or all of a shorter word followed by zeros. */
  private static long first(byte[] utf8, int start, int length) {
    if (start + 8 <= utf8.length) {
      long bytes = (long) LONGS.get(utf8, start);
      return length < 8 ? bytes & ((1L << (8 * length)) - 1) : bytes;
    }
    long bytes = 0;
    for (int i = length - 1; i >= 0; i--) {
      bytes = (bytes << 8) | (utf8[start + i] & 0xFF);
    }
    return bytes;
  }

  /** The last eight bytes, which may overlap the first; 0 for a shorter word. */
  private static long last(byte[] utf8, int end, int length) {
    return length < 8 ? 0 : (long) LONGS.get(utf8, end - 8);
  }

  private static int slot(long first, long last, int length) {
    long mix = (first ^ (Long.rotateLeft(last, 29) + length)) * 0x9E3779B97F4A7C15L;
    return (int) (((mix ^ (mix >>> 32)) * 0xD6E8FEB86659FD93L) >>> (64 - BITS));
  }
}
