package dev.galen.kernels.cpu;

import static dev.galen.kernels.cpu.Lanes.L;

import java.lang.foreign.MemorySegment;

/**
 * Runs loops over equally long streams of F32, in pieces of 64 KiB on all threads. The loops see
 * whole vectors only: what is left at the end goes through a padded copy, so that every element is
 * computed by the same instructions wherever it lies.
 *
 * <p>Each loop is a method or lambda of its own, because a vector that leaves a switch or a
 * megamorphic call is boxed on the heap, which costs twenty times the arithmetic. Indices are ints
 * into slices: the compiler hoists their checks, which it does not for long indices (0.05 against
 * 0.15 ns per element in L1).
 */
final class Elementwise {
  private static final int CHUNK = 1 << 14;

  /** One step of a kernel over equally long streams. */
  @FunctionalInterface
  interface Loop {
    /**
     * Computes elements 0 to n-1.
     *
     * @param slices the streams, outputs first
     * @param n a multiple of the vector length
     */
    void run(Slices slices, int n);
  }

  private Elementwise() {}

  /**
   * Runs {@code loop} over {@code length} elements.
   *
   * @param outputs how many of the streams, from the first, are written
   */
  static void run(WorkerPool pool, long length, Loop loop, int outputs, MemorySegment... streams) {
    int tasks = Math.toIntExact((length + CHUNK - 1) / CHUNK);
    pool.run(
        tasks,
        (index, scratch) -> {
          long from = (long) index * CHUNK;
          int count = (int) Math.min(CHUNK, length - from);
          for (int i = 0; i < streams.length; i++) {
            scratch.slices().set(i, streams[i], from);
          }
          piece(loop, count, outputs, streams.length, scratch);
        });
  }

  /** Runs {@code loop} over {@code count} elements of the thread's slices of {@code streams}. */
  static void piece(Loop loop, int count, int outputs, int streams, Scratch scratch) {
    Slices slices = scratch.slices();
    int whole = count / L * L;
    if (whole > 0) {
      loop.run(slices, whole);
    }
    if (whole < count) {
      for (int i = 0; i < streams; i++) {
        slices.copyTo(i, whole, count - whole, scratch.lane(i));
      }
      loop.run(scratch.lanes(), L);
      for (int i = 0; i < outputs; i++) {
        slices.copyFrom(scratch.lane(i), i, whole, count - whole);
      }
    }
  }

  /** {@code count} elements from {@code from}. */
  static MemorySegment slice(MemorySegment x, long from, long count) {
    return x.asSlice(from << 2, count << 2);
  }
}
