package dev.galen.train.data;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.ref.Cleaner;
import java.lang.ref.Reference;
import java.util.ArrayList;
import java.util.List;

/**
 * Ids of many sequences outside of the heap, each sequence in one piece: two bytes an id where the
 * vocabulary allows it, else four. Grows by adding chunks, so nothing is ever copied; the memory is
 * given back once the store is unreachable. One thread adds, any may read afterwards.
 */
final class TokenStore {

  private static final Cleaner CLEANER = Cleaner.create();
  private static final int FIRST_CHUNK = 1 << 12;
  private static final int LARGEST_CHUNK = 1 << 22;

  /** Two bytes stand for -100 by the one value that is no id. */
  private static final int NARROW_IGNORED = 0xFFFF;

  private final Arena arena = Arena.ofShared();
  private final List<MemorySegment> chunks = new ArrayList<>();
  private final boolean narrow;
  private int chunkSize = FIRST_CHUNK;
  private int used;
  private int room;
  private long bytes;

  /** A store of ids below {@code vocabularySize}. */
  TokenStore(int vocabularySize) {
    this.narrow = vocabularySize <= NARROW_IGNORED;
    CLEANER.register(this, arena::close);
  }

  /** Bytes taken so far. */
  long bytes() {
    return bytes;
  }

  /** Adds ids, or labels; says where they begin. */
  long add(int[] ids) {
    if (ids.length > room - used) {
      grow(ids.length);
    }
    MemorySegment chunk = chunks.getLast();
    if (narrow) {
      for (int i = 0; i < ids.length; i++) {
        int id = ids[i] == TokenSequence.IGNORE_INDEX ? NARROW_IGNORED : ids[i];
        if (id < 0 || id > NARROW_IGNORED || id == NARROW_IGNORED && ids[i] > 0) {
          throw new IllegalArgumentException(
              "token id " + ids[i] + " at position " + i + " lies beyond the vocabulary");
        }
        chunk.setAtIndex(ValueLayout.JAVA_SHORT, used + (long) i, (short) id);
      }
    } else {
      MemorySegment.copy(ids, 0, chunk, ValueLayout.JAVA_INT, 4L * used, ids.length);
    }
    long at = (long) (chunks.size() - 1) << Integer.SIZE | used;
    used += ids.length;
    return at;
  }

  private void grow(int length) {
    room = Math.max(chunkSize, length);
    long size = (long) room * (narrow ? 2 : 4);
    try {
      chunks.add(arena.allocate(size, Integer.BYTES));
    } catch (OutOfMemoryError e) {
      throw new OutOfMemoryError(
          ("no host memory for %,d bytes of encoded sequences beside %,d bytes of them;"
                  + " take less data, or a machine with more memory")
              .formatted(size, bytes));
    }
    bytes += size;
    used = 0;
    chunkSize = Math.min(2 * chunkSize, LARGEST_CHUNK);
  }

  /** Copies {@code target.length} ids that were added in one piece. */
  void read(long at, int[] target) {
    MemorySegment chunk = chunks.get((int) (at >>> Integer.SIZE));
    int from = (int) at;
    if (narrow) {
      for (int i = 0; i < target.length; i++) {
        int value = Short.toUnsignedInt(chunk.getAtIndex(ValueLayout.JAVA_SHORT, from + (long) i));
        target[i] = value == NARROW_IGNORED ? TokenSequence.IGNORE_INDEX : value;
      }
    } else {
      MemorySegment.copy(chunk, ValueLayout.JAVA_INT, 4L * from, target, 0, target.length);
    }
    Reference.reachabilityFence(this);
  }
}
