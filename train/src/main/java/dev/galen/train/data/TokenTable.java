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

  private final Arena arena = Arena.ofShared();
  private final List<MemorySegment> chunks = new ArrayList<>();
  private final int width;
  private int size;

  TokenTable(int width) {
    this.width = width;
    CLEANER.register(this, arena::close);
  }

  int size() {
    return size;
  }

  long bytes() {
    return (long) chunks.size() * CHUNK_ROWS * width * Integer.BYTES;
  }

  /** Adds a row of as many ints as the table is wide. */
  void add(int... row) {
    if (size % CHUNK_ROWS == 0) {
      chunks.add(arena.allocate((long) CHUNK_ROWS * width * Integer.BYTES, Integer.BYTES));
    }
    long at = (long) (size % CHUNK_ROWS) * width;
    MemorySegment.copy(row, 0, chunks.getLast(), ValueLayout.JAVA_INT, 4 * at, width);
    size = Math.addExact(size, 1);
  }

  int get(int row, int field) {
    long at = (long) (row % CHUNK_ROWS) * width + field;
    int value = chunks.get(row / CHUNK_ROWS).getAtIndex(ValueLayout.JAVA_INT, at);
    Reference.reachabilityFence(this);
    return value;
  }
}
