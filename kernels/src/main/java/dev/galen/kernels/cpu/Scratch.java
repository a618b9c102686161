package dev.galen.kernels.cpu;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Memory that belongs to one thread of a {@link WorkerPool}, grown once and used again. */
final class Scratch {
  private static final int SLOTS = 16;
  private static final int ROW_SLOTS = 2;
  private static final int STREAMS = 7;

  private final float[][] floats = new float[SLOTS][0];
  private final int[][] ints = new int[ROW_SLOTS][0];
  private final long[][] longs = new long[ROW_SLOTS][0];
  private final MemorySegment[] memory = new MemorySegment[SLOTS];
  private final int[] words = new int[4];
  private final Slices slices = new Slices(STREAMS);
  private final Slices lanes = new Slices(STREAMS);
  private final MemorySegment[] lane = new MemorySegment[STREAMS];

  Scratch() {
    for (int i = 0; i < STREAMS; i++) {
      lane[i] = Arena.ofAuto().allocate(4L * Lanes.L, 64);
      lanes.set(i, lane[i], 0);
    }
  }

  /** Array number {@code slot}, at least {@code length} long, contents undefined. */
  float[] floats(int slot, int length) {
    if (floats[slot].length < length) {
      floats[slot] = new float[length];
    }
    return floats[slot];
  }

  /** Ints number {@code slot}, at least {@code length}, contents undefined. */
  int[] ints(int slot, int length) {
    if (ints[slot].length < length) {
      ints[slot] = new int[length];
    }
    return ints[slot];
  }

  /** Longs number {@code slot}, at least {@code length}, contents undefined. */
  long[] longs(int slot, int length) {
    if (longs[slot].length < length) {
      longs[slot] = new long[length];
    }
    return longs[slot];
  }

  /** Off-heap floats number {@code slot}, at least {@code length}, contents undefined. */
  MemorySegment memory(int slot, int length) {
    if (memory[slot] == null || memory[slot].byteSize() < 4L * length) {
      memory[slot] = Arena.ofAuto().allocate(4L * length, 64);
    }
    return memory[slot];
  }

  /** Four words of random numbers. */
  int[] words() {
    return words;
  }

  /** The piece of every stream that this thread's loop is at. */
  Slices slices() {
    return slices;
  }

  /** One vector of own memory for each stream, {@link #lane} by lane. */
  Slices lanes() {
    return lanes;
  }

  /** The memory of stream {@code index} in {@link #lanes}. */
  MemorySegment lane(int index) {
    return lane[index];
  }
}
