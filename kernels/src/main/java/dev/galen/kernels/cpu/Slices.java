package dev.galen.kernels.cpu;

import java.lang.foreign.MemorySegment;

/**
 * Where a loop finds its piece of every stream. Each thread has one and sets it anew for each
 * piece; the loop slices the streams itself, because a slice that is passed from method to method
 * becomes an object on the heap.
 */
final class Slices {
  private final MemorySegment[] streams;
  private final long[] starts;

  /** For at most {@code streams} streams. */
  Slices(int streams) {
    this.streams = new MemorySegment[streams];
    this.starts = new long[streams];
  }

  /** Stream {@code index} is {@code stream}, from element {@code start} on. */
  void set(int index, MemorySegment stream, long start) {
    streams[index] = stream;
    starts[index] = start;
  }

  /** The first {@code n} elements of stream {@code index}. */
  MemorySegment slice(int index, int n) {
    return Elementwise.slice(streams[index], starts[index], n);
  }

  /** Copies elements {@code from} to {@code from + n - 1} of a stream to {@code target}'s first. */
  void copyTo(int index, int from, int n, MemorySegment target) {
    MemorySegment.copy(streams[index], 4 * (starts[index] + from), target, 0, 4L * n);
  }

  /** Copies the first {@code n} elements of {@code source} over a stream's, from {@code from}. */
  void copyFrom(MemorySegment source, int index, int from, int n) {
    MemorySegment.copy(source, 0, streams[index], 4 * (starts[index] + from), 4L * n);
  }
}
