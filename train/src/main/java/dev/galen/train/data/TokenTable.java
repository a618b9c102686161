package dev.galen.train.data;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.ref.Cleaner;
import java.lang.ref.Reference;
import java.util.ArrayList;
import java.util.List;

/** Rows of a few ints outside of the heap, for as many sequences as there are. */
final class TokenTable {

  private static final Cleaner CLEANER = Cleaner.create();
  private static final int CHUNK_ROWS = 1 << 12;

  private final Arena arena; // null where the memory is another's
  private final Object owner;
  private final List<MemorySegment> chunks = new ArrayList<>();
  private final int width;
  private int size;

  TokenTable(int width) {
    this.width = width;
    this.arena = Arena.ofShared();
    this.owner = null;
    CLEANER.register(this, arena::close);
  }

  /**
   * A table of what is there, to be read only.
   *
   * @param memory begins with its rows
   * @param owner what keeps the memory
   */
  TokenTable(int width, int size, MemorySegment memory, Object owner) {
    this.width = width;
    this.size = size;
    this.arena = null;
    this.owner = owner;
    for (int from = 0; from < size; from += CHUNK_ROWS) {
      chunks.add(memory.asSlice(bytes(from), bytes(Math.min(CHUNK_ROWS, size - from))));
    }
  }

  private long bytes(long rows) {
    return rows * width * Integer.BYTES;
  }

  /** All rows, in pieces of a multiple of eight bytes each but the last. */
  List<MemorySegment> pieces() {
    var pieces = new ArrayList<>(chunks);
    if (size % CHUNK_ROWS != 0) {
      pieces.set(pieces.size() - 1, pieces.getLast().asSlice(0, bytes(size % CHUNK_ROWS)));
    }
    return pieces;
  }

  int size() {
    return size;
  }

  long bytes() {
    return owner == null ? bytes((long) chunks.size() * CHUNK_ROWS) : 0;
  }

  /** Adds a row of as many ints as the table is wide. */
  void add(int... row) {
    if (size % CHUNK_ROWS == 0) {
      chunks.add(arena.allocate(bytes(CHUNK_ROWS), Integer.BYTES));
    }
    long at = (long) (size % CHUNK_ROWS) * width;
    MemorySegment.copy(row, 0, chunks.getLast(), ValueLayout.JAVA_INT, 4 * at, width);
    size = Math.addExact(size, 1);
  }

  int get(int row, int field) {
    long at = (long) (row % CHUNK_ROWS) * width + field;
    int value = chunks.get(row / CHUNK_ROWS).getAtIndex(ValueLayout.JAVA_INT, at);
    Reference.reachabilityFence(this);
    Reference.reachabilityFence(owner);
    return value;
  }
}
