package dev.galen.kernels.cpu;

/** Arrays that belong to one thread of a {@link WorkerPool}, grown once and used again. */
final class Scratch {
  private static final int SLOTS = 8;

  private final float[][] floats = new float[SLOTS][0];

  /** Array number {@code slot}, at least {@code length} long, contents undefined. */
  float[] floats(int slot, int length) {
    if (floats[slot].length < length) {
      floats[slot] = new float[length];
    }
    return floats[slot];
  }
}
