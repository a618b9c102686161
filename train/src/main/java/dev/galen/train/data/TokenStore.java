package dev.galen.train.data;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.ref.Cleaner;
import java.lang.ref.Reference;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Ids of many sequences outside of the heap, each sequence in one piece: two bytes an id where the
 * vocabulary allows it, else four. Grows by adding chunks; what is beyond a bound is moved chunk by
 * chunk to a {@link MappedFile}, whose pages the system takes from memory and reads again as it
 * sees fit. Memory and file are given back once the store is unreachable. One thread adds, any may
 * read afterwards.
 */
final class TokenStore {

  /** Ids of up to these bytes stay in memory. */
  static final long HELD_BYTES = 64L << 20;

  private static final Cleaner CLEANER = Cleaner.create();
  private static final int FIRST_CHUNK = 1 << 12;
  private static final int LARGEST_CHUNK = 1 << 22;

  /** Two bytes stand for -100 by the one value that is no id. */
  private static final int NARROW_IGNORED = 0xFFFF;

  private final Arena arena;
  private final List<MemorySegment> chunks = new ArrayList<>();
  private final MappedFile file;
  private final boolean narrow;
  private final long heldBytes;
  private MemorySegment chunk = MemorySegment.NULL;
  private int chunkSize = FIRST_CHUNK;
  private int used;
  private long bytes;

  /** A store of ids below {@code vocabularySize}, of which those that are moved go to a folder. */
  TokenStore(int vocabularySize, long heldBytes, Path folder) {
    this.arena = Arena.ofShared();
    this.narrow = vocabularySize <= NARROW_IGNORED;
    this.heldBytes = heldBytes;
    this.file = new MappedFile(folder, arena);
    CLEANER.register(this, new Release(arena, file));
  }

  /** A store of what is there, to be read only; {@code arena} is closed with it. */
  TokenStore(boolean narrow, List<MemorySegment> chunks, Arena arena) {
    this.arena = arena;
    this.narrow = narrow;
    this.heldBytes = 0;
    this.chunks.addAll(chunks);
    this.file = new MappedFile(null, arena);
    CLEANER.register(this, new Release(arena, file));
  }

  /** All chunks, the last one without the room that it has left. */
  List<MemorySegment> pieces() {
    var pieces = new ArrayList<>(chunks);
    if (chunk.byteSize() > 0) { // one to add to
      pieces.set(pieces.size() - 1, chunk.asSlice(0, width() * used));
    }
    return pieces;
  }

  private record Release(Arena arena, MappedFile file) implements Runnable {
    @Override
    public void run() {
      file.close();
      arena.close();
    }
  }

  /** Ids lie below it. */
  int bound() {
    return narrow ? NARROW_IGNORED : Integer.MAX_VALUE;
  }

  /** Bytes of memory taken so far; those of the file are none. */
  long bytes() {
    return bytes;
  }

  /** Adds ids, or labels; says where they begin. */
  long add(int[] ids) {
    if (width() * ids.length > chunk.byteSize() - width() * used) {
      grow(ids.length);
    }
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

  /** Bytes of an id. */
  long width() {
    return narrow ? Short.BYTES : Integer.BYTES;
  }

  /** Makes room for {@code length} ids: where the chunk lies that was filled, or beside it. */
  private void grow(int length) {
    long size = width() * Math.max(chunkSize, length);
    boolean moved = bytes >= heldBytes && !chunks.isEmpty() && moveLast();
    if (!moved || chunk.byteSize() < size) {
      chunk = allocated(size);
    }
    chunks.add(chunk);
    used = 0;
    chunkSize = Math.min(2 * chunkSize, LARGEST_CHUNK);
  }

  /** Whether the last chunk lies in the file now, so that its memory is free. */
  private boolean moveLast() {
    MemorySegment mapped = file.add(chunk.asSlice(0, width() * used));
    if (mapped == null) {
      return false;
    }
    chunks.set(chunks.size() - 1, mapped);
    return true;
  }

  private MemorySegment allocated(long size) {
    try {
      MemorySegment memory = arena.allocate(size, Integer.BYTES);
      bytes += size;
      return memory;
    } catch (OutOfMemoryError e) {
      throw new OutOfMemoryError(
          ("no host memory for %,d bytes of encoded sequences beside %,d bytes of them;"
                  + " take less data, or a machine with more memory")
              .formatted(size, bytes));
    }
  }

  /** Copies {@code target.length} ids that were added in one piece. */
  void read(long at, int[] target) {
    MemorySegment source = chunks.get((int) (at >>> Integer.SIZE));
    int from = (int) at;
    if (narrow) {
      for (int i = 0; i < target.length; i++) {
        int value = Short.toUnsignedInt(source.getAtIndex(ValueLayout.JAVA_SHORT, from + (long) i));
        target[i] = value == NARROW_IGNORED ? TokenSequence.IGNORE_INDEX : value;
      }
    } else {
      MemorySegment.copy(source, ValueLayout.JAVA_INT, 4L * from, target, 0, target.length);
    }
    Reference.reachabilityFence(this);
  }
}
