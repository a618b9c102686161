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
final class Streams {
  private static final int CHUNK = 1 << 14;

  /** One step of a kernel over equally long streams. */
  @FunctionalInterface
  interface Loop {
    /**
     * Computes elements 0 to n-1.
     *
     * @param s the streams, outputs first
     * @param n a multiple of the vector length
     */
    void run(MemorySegment[] s, int n);
  }

  private Streams() {}

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
          var pieces = new MemorySegment[streams.length];
          for (int i = 0; i < pieces.length; i++) {
            pieces[i] = slice(streams[i], from, count);
          }
          piece(loop, count, outputs, scratch, pieces);
        });
  }

  /** Runs {@code loop} over {@code count} elements on the calling thread. */
  static void piece(Loop loop, int count, int outputs, Scratch scratch, MemorySegment... streams) {
    int whole = count / L * L;
    if (whole > 0) {
      loop.run(streams, whole);
    }
    if (whole < count) {
      var padded = new MemorySegment[streams.length];
      for (int i = 0; i < padded.length; i++) {
        padded[i] = scratch.lanes(i);
        MemorySegment.copy(streams[i], 4L * whole, padded[i], 0, 4L * (count - whole));
      }
      loop.run(padded, L);
      for (int i = 0; i < outputs; i++) {
        MemorySegment.copy(padded[i], 0, streams[i], 4L * whole, 4L * (count - whole));
      }
    }
  }

  /** {@code count} elements from {@code from}. */
  static MemorySegment slice(MemorySegment x, long from, long count) {
    return x.asSlice(from << 2, count << 2);
  }
}
