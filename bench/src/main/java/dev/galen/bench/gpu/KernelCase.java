package dev.galen.bench.gpu;

import dev.galen.tensor.backend.Backend;
import dev.galen.tensor.backend.Span;
import dev.galen.tensor.testing.Tolerance;

/**
 * A kernel call and what it is called with.
 *
 * @param call the call, which may be of several kernels
 * @param operands of the call, in its order
 */
record KernelCase(Call call, Operand... operands) {
  /** A kernel call. */
  @FunctionalInterface
  interface Call {
    /** Calls {@code backend} with {@code s}, one span per operand. */
    void on(Backend backend, Span[] s);
  }

  /** The operands in memory of {@code backend}. */
  Span[] allocate(Backend backend) {
    var spans = new Span[operands.length];
    for (int i = 0; i < spans.length; i++) {
      spans[i] = operands[i].allocate(backend, i + 1);
    }
    return spans;
  }

  /**
   * Calls both backends on the same values and compares every operand.
   *
   * @throws IllegalStateException naming the first value that is farther off than {@code tolerance}
   */
  void verify(Backend backend, Backend expected, Tolerance tolerance) {
    Span[] ours = allocate(backend);
    Span[] theirs = allocate(expected);
    try {
      call.on(backend, ours);
      call.on(expected, theirs);
      for (int i = 0; i < ours.length; i++) {
        int count = (int) operands[i].length();
        float[] actual = Operand.read(backend, ours[i], 0, 1, count);
        float[] right = Operand.read(expected, theirs[i], 0, 1, count);
        for (int j = 0; j < count; j++) {
          requireNear("operand %d at %d".formatted(i, j), right[j], actual[j], tolerance);
        }
      }
    } finally {
      free(ours);
      free(theirs);
    }
  }

  /** Throws where a value that was computed is not near enough to the right one. */
  static void requireNear(String what, double right, double actual, Tolerance tolerance) {
    if (!tolerance.accepts(right, actual)) {
      throw new IllegalStateException(
          "%s: %s is computed, %s is right".formatted(what, actual, right));
    }
  }

  /** Gives memory back. */
  static void free(Span... spans) {
    for (Span span : spans) {
      span.buffer().free("bench");
    }
  }
}
