package dev.galen.tensor.backend.host;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Where an allocator's blocks come from. */
@FunctionalInterface
public interface SystemMemory {
  /** What a block begins at a multiple of, in bytes. */
  int ALIGNMENT = 64;

  /** The C library's, by {@link Arena#allocate}. */
  SystemMemory PLAIN = (arena, size) -> arena.allocate(size, ALIGNMENT);

  /**
   * Takes memory that goes back when {@code arena} closes.
   *
   * @return {@code size} bytes at a multiple of {@link #ALIGNMENT}, contents undefined
   * @throws OutOfMemoryError if the system has none
   */
  MemorySegment allocate(Arena arena, long size);
}
