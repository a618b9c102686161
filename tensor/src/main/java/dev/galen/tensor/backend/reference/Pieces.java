package dev.galen.tensor.backend.reference;

/** Long spans in short pieces: a model's parameters as doubles would fill the heap. */
final class Pieces {
  /** A multiple of four, so that a piece starts at a whole Philox counter. */
  private static final int SIZE = 1 << 16;

  private Pieces() {}

  /** What happens to {@code count} elements from {@code from}. */
  interface Body {
    void run(long from, int count);
  }

  /** Runs {@code body} over all of {@code length} elements, in order. */
  static void each(long length, Body body) {
    for (long from = 0; from < length; from += SIZE) {
      body.run(from, (int) Math.min(SIZE, length - from));
    }
  }
}
