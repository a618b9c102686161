package dev.galen.kernels.cuda;

import dev.galen.tensor.DType;
import dev.galen.tensor.backend.Span;

/** The door of every kernel: types and lengths are checked here, the kernels check nothing. */
final class Operands {
  private Operands() {}

  /** Throws unless {@code span} holds at least {@code needed} elements of {@code dtype}. */
  static void require(String name, Span span, DType dtype, long needed) {
    if (span.dtype() != dtype) {
      throw new IllegalArgumentException(
          "%s must be %s, not %s".formatted(name, dtype, span.dtype()));
    }
    requireLength(name, span, needed);
  }

  /** Throws unless {@code span} holds at least {@code needed} elements. */
  static void requireLength(String name, Span span, long needed) {
    if (needed < 0 || span.length() < needed) {
      throw new IllegalArgumentException(
          "%s holds %d elements, but the kernel needs %d".formatted(name, span.length(), needed));
    }
  }

  /** Throws unless {@code span} has type and length of {@code like}. */
  static void requireSame(String name, Span span, String other, Span like) {
    if (span.dtype() != like.dtype() || span.length() != like.length()) {
      throw new IllegalArgumentException(
          "%s holds %d elements of %s, but %s holds %d of %s"
              .formatted(name, span.length(), span.dtype(), other, like.length(), like.dtype()));
    }
  }

  /** Elements of a matrix; -1 where an extent is negative. */
  static long area(int rows, int cols) {
    return rows < 0 || cols < 0 ? -1 : (long) rows * cols;
  }
}
